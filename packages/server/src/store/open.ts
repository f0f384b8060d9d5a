// Chooses the engine by the database's URL. Each is loaded when it is used.
import { isPostgres } from '../config.ts'
import type { PgPool } from './postgres/pool.ts'
import type { Store } from './store.ts'

export type { PgPool } from './postgres/pool.ts'

/** The path of the file that a `sqlite:` URL names. */
export function sqliteFile(databaseUrl: string): string {
  return databaseUrl.slice('sqlite:'.length)
}

export interface StoreOptions {
  /** An open pool of `pg` to work with instead of one of our own. */
  pool?: PgPool | undefined
  /** Whose instants decide where nodes share a database: its own, or those that verbs are given. */
  clock?: 'database' | 'given' | undefined
}

/** Opens the store. Throws LatchkeyError `store_unavailable` with the engine's reason as its detail. */
export async function openStore(databaseUrl: string, options: StoreOptions = {}): Promise<Store> {
  if (options.pool !== undefined || isPostgres(databaseUrl)) {
    const { openPostgres } = await import('./postgres/engine.ts')
    return openPostgres({ url: databaseUrl, ...options })
  }
  const { openSqlite } = await import('./sqlite/engine.ts')
  return openSqlite(sqliteFile(databaseUrl))
}
