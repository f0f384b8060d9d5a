// Which master key is in force: the configured one, the file's, or a new one for a database that has never had any.
import { ConfigError } from '../config.ts'
import type { Store } from '../store/store.ts'
import { deriveMasterKey, isSameMasterKey, type MasterKey } from './master-key.ts'

export interface MasterKeySource {
  configured: Uint8Array | undefined
  /** The file's place, as messages name it. */
  file: string
  read(): Uint8Array | undefined
  make(): Uint8Array
}

/**
 * Opens the master key. A database that remembers a key refuses another one and refuses to go on without: a new key
 * would log everybody out and open no secret. Throws ConfigError.
 */
export async function openMasterKey(store: Store, source: MasterKeySource): Promise<MasterKey> {
  const remembered = await store.masterKeyCheck()
  const bytes = source.configured ?? source.read() ?? (remembered === undefined ? source.make() : undefined)
  if (bytes === undefined) {
    throw new ConfigError(
      `LATCHKEY_MASTER_KEY is not set and ${source.file} is not there, but this database was made with a master key. Restore the file from your backup or set the variable.`,
    )
  }
  const master = deriveMasterKey(bytes, 1)
  if (isSameMasterKey(master, await store.claimMasterKeyCheck(master.check))) return master
  throw new ConfigError(
    `${source.configured === undefined ? source.file : 'LATCHKEY_MASTER_KEY'} holds another master key than this database was made with. Restore the right one from your backup.`,
  )
}
