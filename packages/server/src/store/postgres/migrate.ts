// Brings the schema up to date, once, however many nodes start together.
import { ConfigError } from '../../config.ts'
import { migrations } from './migrations.ts'
import type { Database, Query } from './pool.ts'
import { takeTurn } from './statements.ts'

/**
 * Applies what is missing, all of it in one transaction. Throws ConfigError for a database that a newer version has
 * written, or a PostgreSQL that is too old.
 */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async query => {
    await takeTurn(query, 'schema')
    await requireVersion13(query)
    await query('CREATE TABLE IF NOT EXISTS latchkey_schema (version integer NOT NULL)')
    const { rows } = await query('SELECT version FROM latchkey_schema')
    const version = Number(rows[0]?.['version'] ?? 0)
    if (version > migrations.length) {
      throw new ConfigError(
        `LATCHKEY_DATABASE_URL names a database that a newer version of Latchkey has written (schema ${version}, this one knows ${migrations.length}). Start that version.`,
      )
    }
    if (version === migrations.length) return
    for (const step of migrations.slice(version)) {
      for (const statement of step.split(';')) if (statement.trim() !== '') await query(statement)
    }
    await query('DELETE FROM latchkey_schema')
    await query('INSERT INTO latchkey_schema (version) VALUES ($1)', [migrations.length])
  })
}

async function requireVersion13(query: Query): Promise<void> {
  const { rows } = await query("SELECT current_setting('server_version_num')::integer AS version")
  if (Number(rows[0]?.['version']) >= 130_000) return
  throw new ConfigError(
    'LATCHKEY_DATABASE_URL names a PostgreSQL older than 13, which knows no 64-bit transaction ids. Use 13 or newer.',
  )
}
