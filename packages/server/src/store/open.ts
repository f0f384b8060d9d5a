// Chooses the engine by the database's URL.
import { openSqlite } from './sqlite/engine.ts'
import type { Store } from './store.ts'

/** The path of the file that a `sqlite:` URL names. */
export function sqliteFile(databaseUrl: string): string {
  return databaseUrl.slice('sqlite:'.length)
}

/** Opens the store. Throws LatchkeyError `store_unavailable` with the engine's reason as its detail. */
export function openStore(databaseUrl: string): Promise<Store> {
  return openSqlite(sqliteFile(databaseUrl))
}
