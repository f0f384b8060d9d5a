// What the commands that work on a database open, and close again: the store, and the keys where they are needed.
import { existsSync } from 'node:fs'
import { type KeyRing, openKeyRing } from '../auth/key-ring.ts'
import type { MasterKey } from '../auth/master-key.ts'
import { openMasterKey } from '../auth/open-master-key.ts'
import { type Config, ConfigError, isPostgres } from '../config.ts'
import { masterKeySource } from '../store/master-key-file.ts'
import { openStore, sqliteFile } from '../store/open.ts'
import type { AuditEvent, AuditRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** Opens a database that is there; only the server, `migrate` and `restore` make one. Throws ConfigError. */
export async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  requireDatabase(config)
  return withNewStore(config, work)
}

/** Throws ConfigError where there is no database. A PostgreSQL says so itself when it is asked. */
export function requireDatabase(config: Config): void {
  if (isPostgres(config.databaseUrl)) return
  const file = sqliteFile(config.databaseUrl)
  if (!existsSync(file))
    throw new ConfigError(
      `There is no database at ${file} yet. Start the server once, or run latchkey migrate.`,
    )
}

/** Opens a database, made where there is none. */
export async function withNewStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(config.databaseUrl)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

export interface KeyDesk {
  store: Store
  master: MasterKey
  ring: KeyRing
}

/** Opens a database with its keys, as a server would. */
export function withKeys<T>(config: Config, work: (desk: KeyDesk) => Promise<T>): Promise<T> {
  return withStore(config, async store => {
    const master = await openMasterKey(store, masterKeySource(config))
    const ring = await openKeyRing({
      store,
      master,
      alg: config.signingAlg,
      jwtSecret: config.jwtSecret,
      rotationSeconds: config.keyRotation,
      jwksMaxAgeSeconds: config.jwksMaxAge,
      accessLifetimeSeconds: config.accessTtl,
      clock: Date.now,
    })
    return work({ store, master, ring })
  })
}

/** The audit row of what was done on the command line. */
export function commandAudit(event: AuditEvent, detail?: string): AuditRecord {
  return {
    atMs: Date.now(),
    event,
    userId: undefined,
    actor: 'command line',
    sessionHash: undefined,
    address: undefined,
    detail,
  }
}
