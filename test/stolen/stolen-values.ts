// What a thief gets out of a database: every value of every column, in each spelling that could be presented.
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** Every value of every column of every table, by the file that it was found in. */
export function valuesIn(file: string): Set<string> {
  const database = new DatabaseSync(file)
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    const rows = tables.flatMap(({ name }) => database.prepare(`SELECT * FROM "${String(name)}"`).all())
    return new Set(rows.flatMap(row => Object.values(row)).flatMap(spellings))
  } finally {
    database.close()
  }
}

/** Text as it is and taken apart; bytes as they are and as they are usually written. */
function spellings(value: unknown): string[] {
  if (value === null) return []
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value)
    return (['base64url', 'base64', 'hex', 'latin1'] as const).map(form => bytes.toString(form))
  }
  const text = String(value)
  const parts = text.split(/[\s$,:"[\]{}]+/).filter(part => part.length > 3)
  return [text, ...parts, Buffer.from(text).toString('base64url')]
}

/** The same value as each kind of credential of ours would be written; an API key needs an id before its secret. */
export function asCredentials(value: string, apiKeyIds: readonly string[]): string[] {
  return [value, `lkr_${value}`, `lko_${value}`, `lk_${value}`, ...apiKeyIds.map(id => `lk_${id}_${value}`)]
}

/** Whether a file's bytes hold a secret, as text or as the bytes that the text stands for. */
export function holdsSecret(file: string, secret: string): boolean {
  const bytes = readFileSync(file)
  const core = secret.replace(/^lk[ro]?_/, '')
  const forms = [Buffer.from(secret), Buffer.from(core), Buffer.from(core, 'base64url')]
  return forms.some(form => form.length >= 12 && bytes.includes(form))
}
