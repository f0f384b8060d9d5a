// The keys that sign access tokens: one ring in every process, moved on by the store's clockwork, wrapped at rest.
import { createHmac } from 'node:crypto'
import {
  type Algorithm,
  createKey,
  createSigner,
  type Key,
  type KeySource,
  keyring,
  LatchkeyError,
  type PrivateJwk,
} from 'latchkey'
import type { KeyId, SigningKeyRecord } from '../store/records.ts'
import type { KeyRules, Store } from '../store/store.ts'
import { type MasterKey, masterKeyOf, unwrapSecret, wrapSecret } from './master-key.ts'
import { newSigningKey } from './new-signing-key.ts'

export interface KeyRing {
  /** Signs the claims of an access token (RFC 9068): `typ` at+jwt, the active key's `alg` and `kid`. */
  sign(claims: Readonly<Record<string, unknown>>): string
  /** What a guard verifies with. */
  readonly source: KeySource
  /** The public keys as JWKs (RFC 7517 5); none under HS256, whose one key is a secret. */
  publish(): { keys: readonly object[] }
  /** The published keys as they were when they were last looked at; none under HS256. */
  published(): readonly SigningKeyRecord[]
  /** Moves keys on that are due, and takes in what other processes did. */
  tend(): Promise<void>
}

export interface KeyRingOptions {
  store: Store
  master: MasterKey
  alg: Algorithm
  /** The shared secret, under HS256 only. */
  jwtSecret: string | undefined
  rotationSeconds: number
  /** How long others may keep the published keys. */
  jwksMaxAgeSeconds: number
  accessLifetimeSeconds: number
  clock: () => number
}

/** Beyond what the published set may be kept and a token may live: clocks that differ, requests on their way. */
const slackSeconds = 60

/** How long a key that signs no more is published: until every token it signed is dead. */
export const retainSeconds = (accessLifetimeSeconds: number): number => accessLifetimeSeconds + slackSeconds

/** Opens the ring, with a key that signs and one that waits, made once however many processes open it together. */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { jwtSecret } = options
  const ring = keyring()
  if (jwtSecret === undefined) return openRotatingRing(ring, options)
  // Keys of before are left out: a secret never stands beside public keys (RFC 8725 3.1), and who holds one of their
  // tokens renews it.
  const key = sharedKey(jwtSecret)
  ring.rotate(key)
  const sign = signerOf(key)
  return {
    sign,
    source: ring,
    publish: () => ring.publish(),
    published: () => [],
    tend: async () => undefined,
  }
}

async function openRotatingRing(ring: ReturnType<typeof keyring>, options: KeyRingOptions): Promise<KeyRing> {
  const { store, master } = options
  const held = new Map<KeyId, Key>()
  let known: readonly SigningKeyRecord[] = []
  let activeKid: KeyId | undefined
  let sign: KeyRing['sign'] | undefined

  const takeIn = (records: readonly SigningKeyRecord[]): void => {
    const published = records.filter(isPublished)
    known = published
    for (const record of published) {
      if (held.has(record.kid)) continue
      const key = openRecord(master, record)
      held.set(record.kid, key)
      ring.add(key)
    }
    // Gone, revoked, or not there any more because an older backup was restored.
    for (const kid of held.keys()) {
      if (published.some(record => record.kid === kid)) continue
      held.delete(kid)
      ring.remove(kid)
    }
    const active = records.find(record => record.state === 'active' && record.alg === options.alg)
    const key = active && held.get(active.kid)
    if (active === undefined || key === undefined || active.kid === activeKid) return
    activeKid = active.kid
    ring.rotate(key)
    sign = signerOf(key)
  }
  const tend = async (): Promise<void> => {
    const rules: KeyRules = {
      alg: options.alg,
      now: Math.floor(options.clock() / 1000),
      rotationSeconds: options.rotationSeconds,
      publishSeconds: options.jwksMaxAgeSeconds + Math.min(slackSeconds, options.jwksMaxAgeSeconds),
      retainSeconds: retainSeconds(options.accessLifetimeSeconds),
    }
    takeIn(await moveOn(store, rules, () => makeRecord(options)))
  }

  await tend()
  return {
    sign(claims) {
      if (sign === undefined) throw new Error('the store kept no signing key')
      return sign(claims)
    },
    source: ring,
    publish: () => ring.publish(),
    published: () => known,
    tend,
  }
}

/** Keys are made outside the store's transaction, which takes in those that are missing. */
async function moveOn(
  store: Store,
  rules: KeyRules,
  make: () => SigningKeyRecord,
): Promise<readonly SigningKeyRecord[]> {
  let candidates: SigningKeyRecord[] = []
  for (;;) {
    const { keys, missing } = await store.tendKeys(rules, candidates)
    if (missing === 0) return keys
    candidates = Array.from({ length: missing }, make)
  }
}

function isPublished({ state }: SigningKeyRecord): boolean {
  return state === 'next' || state === 'active' || state === 'retiring'
}

function signerOf(key: Key): KeyRing['sign'] {
  return createSigner({ key, typ: 'at+jwt', noTimestamp: true })
}

function makeRecord({ alg, master }: KeyRingOptions): SigningKeyRecord {
  const key = newSigningKey(alg)
  // Its name becomes the record's.
  const kid = key.kid as KeyId
  return {
    kid,
    alg,
    state: 'next',
    wrapped: wrapSecret(master, kid, JSON.stringify(key.toPrivateJwk())),
    keyVersion: master.version,
    publishedAt: 0,
    activeAt: undefined,
    rotateAt: undefined,
    retiredUntil: undefined,
    revokedAt: undefined,
  }
}

function openRecord(master: MasterKey, record: SigningKeyRecord): Key {
  const masterKey = masterKeyOf(master, record.keyVersion)
  if (masterKey === undefined)
    throw new LatchkeyError('keys_unavailable', {
      detail: `${record.kid} is wrapped under a master key that is not configured`,
    })
  // What makeRecord wrapped; the wrapping proves that nobody changed it.
  const jwk: PrivateJwk = JSON.parse(unwrapSecret(masterKey, record.kid, record.wrapped))
  return createKey({ jwk }, { alg: record.alg as Algorithm, kid: record.kid })
}

/** The name of a shared secret tells nothing that its tokens do not tell already: it is a MAC under it. */
function sharedKey(secret: string): Key {
  const kid = createHmac('sha256', secret).update('latchkey key id').digest('base64url').slice(0, 22)
  return createKey({ secret }, { alg: 'HS256', kid })
}
