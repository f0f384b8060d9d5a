// Which master keys are in force: the configured one or the file's, the previous one, or a new one for a database that
// has never had any.
import { ConfigError } from '../config.ts'
import type { Store } from '../store/store.ts'
import { deriveMasterKey, type MasterKey, masterKeyOf } from './master-key.ts'

export interface MasterKeySource {
  configured: Uint8Array | undefined
  /** A key that is accepted and derives nothing new. */
  previous: Uint8Array | undefined
  /** The file's place, as messages name it. */
  file: string
  read(): Uint8Array | undefined
  make(): Uint8Array
}

/**
 * Opens the master key. A database that remembers a key refuses another one and refuses to go on without: a new key
 * would log everybody out and open no secret. A new key is taken beside one that is known. Throws ConfigError.
 */
export async function openMasterKey(store: Store, source: MasterKeySource): Promise<MasterKey> {
  const isNew = (await store.masterKeys()).length === 0
  const bytes = source.configured ?? source.read() ?? (isNew ? source.make() : undefined)
  const name = source.configured === undefined ? source.file : 'LATCHKEY_MASTER_KEY'
  if (bytes === undefined) {
    throw new ConfigError(
      `LATCHKEY_MASTER_KEY is not set and ${source.file} is not there, but this database was made with a master key. Restore the file from your backup or set the variable.`,
    )
  }
  const current = deriveMasterKey(bytes)
  const previous = source.previous && deriveMasterKey(source.previous)
  if (previous !== undefined && Buffer.from(previous.check).equals(current.check))
    throw new ConfigError(
      `LATCHKEY_MASTER_KEY_PREVIOUS and ${name} hold the same key. Remove the previous one.`,
    )

  const checks = previous === undefined ? [current.check] : [current.check, previous.check]
  const [mine, before] = (await store.claimMasterKeys(checks)) ?? []
  if (mine === undefined) {
    throw new ConfigError(
      `${name} holds another master key than this database was made with. Restore the right one from your backup; to change it, set LATCHKEY_MASTER_KEY_PREVIOUS to the old one.`,
    )
  }
  if (mine.compromisedAt !== undefined)
    throw new ConfigError(`${name} holds a master key that was declared compromised. Set a new one.`)
  const master: MasterKey = { ...current, version: mine.version }
  if (previous !== undefined && before !== undefined) {
    const isCompromised = before.compromisedAt !== undefined
    master.previous = { ...previous, version: before.version, isCompromised }
  }
  await requireOpenable(store, master)
  return master
}

async function requireOpenable(store: Store, master: MasterKey): Promise<void> {
  const shut = (await store.signingKeys()).find(
    key => key.wrapped.length > 0 && masterKeyOf(master, key.keyVersion) === undefined,
  )
  if (shut === undefined) return
  throw new ConfigError(
    `The signing key ${shut.kid} is still wrapped under another master key. Set LATCHKEY_MASTER_KEY_PREVIOUS to that one and run latchkey keys rewrap.`,
  )
}
