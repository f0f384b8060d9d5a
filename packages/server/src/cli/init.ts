// `latchkey init`: asks what an installation needs to know and writes latchkey.config.ts and .env. Secrets are drawn
// here, go into .env (0600), and are never shown.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, loadConfig } from '../config.ts'
import { askSettings, type InitAnswers, usualAnswers } from './init/ask-settings.ts'
import { configText } from './init/config-text.ts'
import { envText } from './init/env-text.ts'
import { writeWhole } from './init/write-whole.ts'
import { type Printed, said } from './table.ts'

export interface InitOptions {
  yes?: true
  force?: true
}

const configNames = ['latchkey.config.ts', 'latchkey.config.js']

/**
 * Throws ConfigError when files are there and nothing says that they may be written over, where nobody can be asked,
 * and for answers that do not go together.
 */
export async function init(folder: string, { yes, force }: InitOptions): Promise<Printed> {
  const there = [...configNames, '.env'].filter(name => existsSync(join(folder, name)))
  if (there.length > 0 && !force) {
    throw new ConfigError(
      `${there.join(' and ')} ${there.length === 1 ? 'is' : 'are'} here already. --force writes over them; the secrets in .env are kept.`,
    )
  }
  // The server would read the older file's settings, or this one's, and nobody would know which.
  if (there.includes('latchkey.config.js'))
    throw new ConfigError(
      'latchkey.config.js is here, and init writes latchkey.config.ts. Move it away first.',
    )
  if (!yes && !process.stdin.isTTY)
    throw new ConfigError('init asks questions at a terminal; elsewhere say --yes and take the defaults.')
  const answers = yes ? usualAnswers : await askSettings()
  const before = existsSync(join(folder, '.env')) ? readFileSync(join(folder, '.env'), 'utf8') : ''
  const env = envText(folder, answers, before)
  requireSound(answers, env.values)
  writeWhole(join(folder, 'latchkey.config.ts'), configText(answers), 0o644)
  writeWhole(join(folder, '.env'), env.text, 0o600)
  return said(
    [
      `Written: latchkey.config.ts with the settings, and .env with the secrets (mode 0600). ${env.words}`,
      'Keep .env out of version control, and a copy of it apart from your backups: without its master key they do not open.',
      'Next: latchkey serve starts the server, latchkey doctor looks whether all is well.',
    ].join('\n'),
  )
}

/** The files are written only when the server would start with them. */
function requireSound(answers: InitAnswers, values: Readonly<Record<string, string>>): void {
  loadConfig({ env: values, input: answers.settings })
}
