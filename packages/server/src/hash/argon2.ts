// One face for the programs that compute argon2 (RFC 9106): the addon, which takes a third of the time, or Node's own.
import * as nodeCrypto from 'node:crypto'

/** The three kinds of RFC 9106, with the numbers that the addon's table gives them. Ours is argon2id. */
const kinds = { argon2d: 0, argon2i: 1, argon2id: 2 } as const
export type Argon2Kind = keyof typeof kinds

export interface Argon2Job {
  /** argon2id where nothing is said. */
  kind?: Argon2Kind
  password: string
  salt: Uint8Array
  memoryKiB: number
  passes: number
  lanes: number
  tagBytes: number
}

/** Computes an argon2 tag, version 19, in the calling thread. */
export type Argon2 = (job: Argon2Job) => Uint8Array

/** The addon's; throws where there is none for this platform. */
export async function addonArgon2(): Promise<Argon2> {
  const { hashRawSync } = await import('@node-rs/argon2')
  return ({ kind = 'argon2id', password, salt, memoryKiB, passes, lanes, tagBytes }) =>
    hashRawSync(password, {
      algorithm: kinds[kind],
      // 1 names version 19 in the addon's table.
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
  return ({ kind = 'argon2id', password, salt, memoryKiB, passes, lanes, tagBytes }) =>
    nodeCrypto.argon2Sync(kind, {
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
