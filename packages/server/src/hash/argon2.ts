// One face for the programs that compute argon2 (RFC 9106): the addon, which takes a third of the time, or Node's own.
import * as nodeCrypto from 'node:crypto'

export interface Argon2Job {
  password: string
  salt: Uint8Array
  memoryKiB: number
  passes: number
  lanes: number
  tagBytes: number
}

/** Computes an argon2id tag, version 19, in the calling thread. */
export type Argon2 = (job: Argon2Job) => Uint8Array

/** The addon's; throws where there is none for this platform. */
export async function addonArgon2(): Promise<Argon2> {
  const { hashRawSync } = await import('@node-rs/argon2')
  return ({ password, salt, memoryKiB, passes, lanes, tagBytes }) =>
    hashRawSync(password, {
      // 2 names argon2id and 1 names version 19 in the addon's tables.
      algorithm: 2,
      version: 1,
      salt,
      memoryCost: memoryKiB,
      timeCost: passes,
      parallelism: lanes,
      outputLen: tagBytes,
    })
}

/** Node's own, which Node 24.7 and newer have; throws where there is none. */
export function nodeArgon2(): Argon2 {
  if (typeof nodeCrypto.argon2Sync !== 'function')
    throw new Error(
      'this Node has no argon2 and the package @node-rs/argon2 is not there: use Node 24.7 or newer',
    )
  return ({ password, salt, memoryKiB, passes, lanes, tagBytes }) =>
    nodeCrypto.argon2Sync('argon2id', {
      message: password,
      nonce: salt,
      parallelism: lanes,
      tagLength: tagBytes,
      memory: memoryKiB,
      passes,
    })
}

/** The addon's where there is one, else Node's own. */
export async function chooseArgon2(): Promise<Argon2> {
  return addonArgon2().catch(nodeArgon2)
}
