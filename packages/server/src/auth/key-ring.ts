// The keys that sign access tokens: made once however many processes start together, wrapped at rest, published.
import { createHmac } from 'node:crypto'
import {
  type Algorithm,
  createKey,
  createSigner,
  generateKey,
  type Key,
  type KeySource,
  keyring,
} from 'latchkey'
import type { KeyId, SigningKeyRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { type MasterKey, unwrapSecret, wrapSecret } from './master-key.ts'

export interface KeyRing {
  /** Signs the claims of an access token (RFC 9068): `typ` at+jwt, the active key's `alg` and `kid`. */
  sign(claims: Readonly<Record<string, unknown>>): string
  /** What a guard verifies with. */
  readonly source: KeySource
  /** The public keys as JWKs (RFC 7517 5); none under HS256, whose one key is a secret. */
  publish(): { keys: readonly object[] }
}

export interface KeyRingOptions {
  store: Store
  master: MasterKey
  alg: Algorithm
  /** The shared secret, under HS256 only. */
  jwtSecret: string | undefined
  now: number
}

/**
 * Opens the ring. A key for the configured algorithm is made when the store has none, and the store decides which
 * one counts when several processes make one at once. Keys of an algorithm that was configured before still verify.
 */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { store, master, alg, jwtSecret } = options
  const records = await store.signingKeys()
  const hasActive = alg === 'HS256' || records.some(record => record.alg === alg)
  const known = hasActive ? records : await store.claimSigningKey(makeRecord(options))
  const kept = known.map(record => openRecord(master, record))
  const active = jwtSecret === undefined ? kept.findLast(key => key.alg === alg) : sharedKey(jwtSecret)
  if (active === undefined) throw new Error('the store kept no signing key')

  const ring = keyring(jwtSecret === undefined ? kept : [...kept, active])
  const signer = createSigner({ key: active, typ: 'at+jwt', noTimestamp: true })
  return { sign: claims => signer(claims), source: ring, publish: () => ring.publish() }
}

function makeRecord({ master, alg, now }: KeyRingOptions): SigningKeyRecord {
  const key = generateKey(alg)
  // A generated key is named by its own thumbprint.
  const kid = key.kid as KeyId
  const wrapped = wrapSecret(master, kid, JSON.stringify(key.toPrivateJwk()))
  return { kid, alg, wrapped, keyVersion: master.version, createdAt: now }
}

function openRecord(master: MasterKey, record: SigningKeyRecord): Key {
  const jwk: object = JSON.parse(unwrapSecret(master, record.kid, record.wrapped))
  return createKey({ jwk }, { alg: record.alg as Algorithm, kid: record.kid })
}

/** The name of a shared secret tells nothing that its tokens do not tell already: it is a MAC under it. */
function sharedKey(secret: string): Key {
  const kid = createHmac('sha256', secret).update('latchkey key id').digest('base64url').slice(0, 22)
  return createKey({ secret }, { alg: 'HS256', kid })
}
