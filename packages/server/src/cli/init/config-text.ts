// The text of latchkey.config.ts. Only a type is imported, so that it loads wherever the command runs.
import type { InitAnswers } from './ask-settings.ts'

export function configText({ settings }: InitAnswers): string {
  const lines = Object.entries(settings).map(([name, value]) => `  ${name}: ${literal(value)},`)
  return `// The settings of Latchkey, made by latchkey init. Secrets are in .env. Every setting: docs/reference/settings.md
import type { ConfigInput } from '@latchkey/server'

export default {
${lines.join('\n')}
  // Roles and the scopes that each gives; * is every scope, and makes an administrator.
  roles: { admin: ['*'] },
} satisfies ConfigInput
`
}

function literal(value: string | number): string {
  if (typeof value === 'number') return String(value)
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
