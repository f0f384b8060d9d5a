// Changing the master key: what is wrapped moves to the present one, and a key that others know loses everything.
import { LatchkeyError } from 'latchkey'
import type { RevocationRecord } from '../store/records.ts'
import type { Ending, KeyUsage, Store } from '../store/store.ts'
import { type MasterKey, masterKeyOf, unwrapSecret, wrapSecret } from './master-key.ts'

export interface Rewrapped {
  /** How many signing keys were wrapped anew. */
  replaced: number
  /** What still hangs on each version of the master key. */
  usage: readonly KeyUsage[]
}

/**
 * Wraps every signing key under the present master key; the store keeps nothing else that is wrapped. Refresh tokens,
 * links and API keys move over as they are used. Throws `keys_unavailable` when a key's master key is not configured.
 */
export async function rewrapKeys(
  store: Store,
  master: MasterKey,
  audit: Ending['audit'],
): Promise<Rewrapped> {
  const outdated = (await store.signingKeys()).filter(
    key => key.wrapped.length > 0 && key.keyVersion !== master.version,
  )
  const rewrapped = outdated.map(({ kid, keyVersion, wrapped }) => {
    const from = masterKeyOf(master, keyVersion)
    if (from === undefined)
      throw new LatchkeyError('keys_unavailable', {
        detail: `${kid} is wrapped under a master key that is not configured`,
      })
    const secret = unwrapSecret(from, kid, wrapped)
    return {
      kid,
      fromVersion: keyVersion,
      toVersion: master.version,
      wrapped: wrapSecret(master, kid, secret),
    }
  })
  const { replaced } = await store.rewrapKeys(rewrapped, audit)
  return { replaced, usage: await store.keyUsage(Math.floor(audit.atMs / 1000)) }
}

/**
 * Treats every master key but the present one as known to others: all sessions end, their salts change, links and
 * signing keys are gone. Undefined when there is no other one, and nothing has changed.
 */
export async function abandonOtherMasterKeys(
  store: Store,
  master: MasterKey,
  ending: Ending,
): Promise<readonly RevocationRecord[] | undefined> {
  const others = (await store.masterKeys()).filter(
    key => key.version !== master.version && key.compromisedAt === undefined,
  )
  if (others.length === 0) return undefined
  return store.abandonMasterKeys(
    others.map(key => key.version),
    ending,
  )
}
