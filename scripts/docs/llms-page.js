// docs/llms.txt: the pages for programs that read them, each with a line of what it says (llmstxt.org).
import { contents } from './contents.js'

export function llmsPage() {
  const sections = contents().map(({ title, pages }) => {
    const own = pages.filter(({ path }) => !path.startsWith('../'))
    return own.length === 0
      ? ''
      : `## ${title}\n\n${own.map(one => `- [${one.title}](${one.path}): ${one.summary}`).join('\n')}`
  })
  return `${[head, ...sections.filter(text => text !== '')].join('\n\n')}\n`
}

const head = `# Latchkey

> JWT authorisation in TypeScript for Node: a library that guards the routes of an API, and a login server with users, sessions, refresh tokens that rotate, sign-out, API keys and key rotation, on SQLite or PostgreSQL.

The package \`latchkey\` signs, verifies and guards, and has no dependency. \`@latchkey/server\` keeps users and sessions, as a process or inside an application. Neither is on the npm registry before the first release: \`npm pack\` in a clone makes the tarball. All pages in one text: llms-full.txt beside this file on the site.`
