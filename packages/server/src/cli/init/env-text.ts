// The text of .env: the secrets, drawn here or kept from the file that was there.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { settings } from '../../config.ts'
import { sqliteFile } from '../../store/open.ts'
import type { InitAnswers } from './ask-settings.ts'

export interface EnvText {
  text: string
  /** The settings in it. */
  values: Readonly<Record<string, string>>
  /** What became of the master key. */
  words: string
}

/** What stood in the file and is no answer of now goes on standing in it, secrets above all. */
export function envText(folder: string, answers: InitAnswers, before: string): EnvText {
  const kept = parseEnv(before) as Record<string, string>
  const { words, masterKey } = masterKeyFor(folder, answers, kept)
  const values: Record<string, string> = {
    ...kept,
    ...masterKey,
    ...answers.secrets,
    ...(answers.settings['signingAlg'] === 'HS256' && {
      LATCHKEY_JWT_SECRET: kept['LATCHKEY_JWT_SECRET'] ?? newSecret(),
    }),
  }
  if (answers.settings['signingAlg'] !== 'HS256') delete values['LATCHKEY_JWT_SECRET']
  const lines = Object.entries(values).map(([name, value]) => `${comment(name)}${name}=${quoted(value)}\n`)
  const head =
    '# The secrets of Latchkey, made by latchkey init. Nobody but the server needs to read this file.\n'
  return { text: head + lines.join(''), values: onlyOurs(values), words }
}

function masterKeyFor(
  folder: string,
  answers: InitAnswers,
  kept: Readonly<Record<string, string>>,
): { words: string; masterKey: Record<string, string> } {
  const given = kept['LATCHKEY_MASTER_KEY'] ?? kept['LATCHKEY_MASTER_KEY_FILE']
  if (given !== undefined && given !== '')
    return { words: 'The master key is the one that was there.', masterKey: {} }
  const database = answers.secrets['LATCHKEY_DATABASE_URL'] ?? String(answers.settings['databaseUrl'])
  if (database.startsWith('sqlite:')) {
    const file = join(dirname(resolve(folder, sqliteFile(database))), 'master.key')
    // A database that was made with it would not open under another.
    if (existsSync(file)) return { words: `The master key stays in ${file}.`, masterKey: {} }
  }
  return { words: 'The master key is new.', masterKey: { LATCHKEY_MASTER_KEY: newSecret() } }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

function comment(name: string): string {
  const row = Object.values(settings).find(one => one.env === name)
  return row === undefined ? '' : `# ${row.meaning}\n`
}

/** Node reads what stands between quotes as it is. */
function quoted(value: string): string {
  if (/^[\w.:/@+~-]*$/.test(value)) return value
  const mark = ["'", '"', '`'].find(one => !value.includes(one)) ?? "'"
  return `${mark}${value}${mark}`
}

function onlyOurs(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name.startsWith('LATCHKEY_')))
}
