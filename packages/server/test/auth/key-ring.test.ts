// The ring of signing keys in two processes on one store, its clock set by the test.
import { join } from 'node:path'
import { createKey, createVerifier, type Key, type PublicJwk, type Verifier } from 'latchkey'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type KeyRing, type KeyRingOptions, openKeyRing } from '../../src/auth/key-ring.ts'
import { deriveMasterKey } from '../../src/auth/master-key.ts'
import { loadConfig } from '../../src/config.ts'
import type { KeyId } from '../../src/store/records.ts'
import { openSqlite } from '../../src/store/sqlite/engine.ts'
import type { Store } from '../../src/store/store.ts'
import { temporaryFolder } from '../open-test-server.ts'
import { anAudit, start } from '../store/store-records.ts'

const lifetimeSeconds = 30
const jwksMaxAgeSeconds = 10
const { keyRotation, jwksMaxAge, accessTtl } = loadConfig({ env: {} }).config
/** What a server goes by that sets nothing. */
const defaults = {
  rotationSeconds: keyRotation,
  jwksMaxAgeSeconds: jwksMaxAge,
  accessLifetimeSeconds: accessTtl,
}
const master = deriveMasterKey(Buffer.alloc(32, 7))

interface Place {
  time: { now: number }
  store: Store
  open(over?: Partial<KeyRingOptions>): Promise<KeyRing>
}

async function openPlace(): Promise<Place> {
  const store = await openSqlite(join(temporaryFolder(), 'latchkey.db'))
  onTestFinished(() => store.close())
  const time = { now: start }
  const options: KeyRingOptions = {
    store,
    master,
    alg: 'ES256',
    jwtSecret: undefined,
    rotationSeconds: 90 * 86_400,
    jwksMaxAgeSeconds,
    accessLifetimeSeconds: lifetimeSeconds,
    clock: () => time.now * 1000,
  }
  return { time, store, open: over => openKeyRing({ ...options, ...over }) }
}

const signAt = (ring: KeyRing, now: number): string => ring.sign({ iat: now, exp: now + lifetimeSeconds })
const kidOf = (token: string): string =>
  String(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')).kid)
const kidsOf = (ring: KeyRing): string[] =>
  ring.publish().keys.map(key => String((key as { kid: string }).kid))

interface Living {
  token: string
  until: number
}

/** The tokens that are alive and that a verifier does not take. */
function refusedBy(verifiers: readonly Verifier[], tokens: readonly Living[], now: number): Living[] {
  return tokens.filter(
    ({ token, until }) => until > now && !verifiers.every(verifier => verifier.safe(token).ok),
  )
}

/** Seconds to the next look: closely around the turn of the keys, by the day while nothing happens. */
function scheduledStep(now: number): number {
  const { rotationSeconds, accessLifetimeSeconds: lives } = defaults
  const since = (now - start + 2 * lives) % rotationSeconds
  return since < 4 * lives ? 60 : Math.min(86_400, rotationSeconds - since)
}

const askedStep = (): number => 20

interface PublishedSet {
  keys: Key[]
  kids: ReadonlySet<string | undefined>
  atSeconds: number
}

/** What a ring has published: gives the newest set, and the oldest that somebody may still hold. */
function publicationOf(
  ring: KeyRing,
  now: number,
  maxAgeSeconds: number,
): { permittedAt(now: number): PublishedSet[] } {
  const setAt = (atSeconds: number): PublishedSet => {
    // A ring publishes the public keys as JWKs.
    const keys = ring.publish().keys.map(jwk => createKey({ jwk: jwk as PublicJwk }))
    return { keys, kids: new Set(keys.map(key => key.kid)), atSeconds }
  }
  const sets = [setAt(now)]
  return {
    permittedAt(at) {
      sets.push(setAt(at))
      const oldest = sets.findLastIndex(({ atSeconds }) => atSeconds <= at - maxAgeSeconds)
      if (oldest > 0) sets.splice(0, oldest)
      return [sets[0], sets.at(-1)].filter(set => set !== undefined)
    },
  }
}

describe('a key ring', () => {
  test('that rotates as fast as it may refuses no living token in either process, and signs only what was published long enough', async () => {
    const { time, open } = await openPlace()
    const rings = [await open({ rotationSeconds: 2 }), await open({ rotationSeconds: 2 })]
    const verifiers = rings.map(ring =>
      createVerifier({ keys: ring.source, typ: 'at+jwt', clock: () => time.now * 1000 }),
    )
    const publishedAt = new Map<string, number>(
      rings.flatMap(kidsOf).map(kid => [kid, Number.NEGATIVE_INFINITY]),
    )
    const signers = new Set<string>()
    const living: Living[] = []
    for (let second = 0; second < 300; second++) {
      time.now += 1
      // One process is always a second behind the other.
      await rings[second % 2]?.tend()
      for (const ring of rings) {
        for (const kid of kidsOf(ring)) if (!publishedAt.has(kid)) publishedAt.set(kid, time.now)
        const token = signAt(ring, time.now)
        const kid = kidOf(token)
        signers.add(kid)
        expect(time.now - (publishedAt.get(kid) ?? time.now), 'seconds published').toBeGreaterThan(
          jwksMaxAgeSeconds,
        )
        living.push({ token, until: time.now + lifetimeSeconds })
      }
      expect(refusedBy(verifiers, living, time.now)).toEqual([])
    }
    expect(signers.size).toBeGreaterThan(10)
    // What no living token needs is published no more.
    for (const ring of rings) expect(kidsOf(ring).length).toBeLessThanOrEqual(8)
  })

  test.each([
    ['as scheduled', scheduledStep],
    ['as fast as an operator may ask for it', askedStep],
  ] as const)(
    'that rotates three times at the defaults, %s, refuses no living token, not even by the oldest set that may be kept',
    async (_, takeStep) => {
      const { time, store, open } = await openPlace()
      const rings = [await open(defaults), await open(defaults)]
      const { accessLifetimeSeconds: lives, jwksMaxAgeSeconds } = defaults
      const publications = rings.map(ring => publicationOf(ring, start, jwksMaxAgeSeconds))
      const signers = new Set<string>()
      let living: Living[] = []
      let judged = 0
      let endsAt = Number.POSITIVE_INFINITY
      for (let turn = 0; time.now < endsAt; turn++) {
        time.now += takeStep(time.now)
        if (takeStep === askedStep && signers.size < 4)
          await store.requestKeyRotation(time.now, anAudit('key_rotated'))
        // One process is always a step behind the other.
        await rings[turn % 2]?.tend()
        for (const ring of rings) {
          const token = ring.sign({ iat: time.now, exp: time.now + lives })
          signers.add(kidOf(token))
          living.push({ token, until: time.now + lives })
        }
        if (signers.size === 4) endsAt = Math.min(endsAt, time.now + 2 * lives)
        living = living.filter(({ until }) => until > time.now)
        const sets = publications.flatMap(publication => publication.permittedAt(time.now))
        for (const { kids } of sets) expect(living.filter(({ token }) => !kids.has(kidOf(token)))).toEqual([])
        judged += sets.length * living.length
        if (turn % 50 !== 0) continue
        const verifiers = sets.map(({ keys }) =>
          createVerifier({ keys, typ: 'at+jwt', clock: () => time.now * 1000 }),
        )
        expect(refusedBy(verifiers, living, time.now)).toEqual([])
      }
      expect(signers.size).toBe(4)
      expect(judged).toBeGreaterThan(100_000)
    },
    60_000,
  )

  test('changes its algorithm at once, and verifies what the other one signed until that is dead', async () => {
    const { time, open } = await openPlace()
    const before = await open()
    const old = signAt(before, time.now)
    const after = await open({ alg: 'Ed25519' })
    const verifier = createVerifier({ keys: after.source, typ: 'at+jwt', clock: () => time.now * 1000 })
    expect(verifier.safe(old).ok).toBe(true)
    expect(verifier.safe(signAt(after, time.now)).ok).toBe(true)
    time.now += lifetimeSeconds + 61
    await after.tend()
    expect(kidsOf(after)).not.toContain(kidOf(old))
  })

  test('opens with a shared secret on a store that had key pairs, and publishes nothing', async () => {
    const { open } = await openPlace()
    await open()
    const shared = await open({
      jwtSecret: 'a secret that is shared with services, long enough',
      alg: 'HS256',
    })
    expect(shared.publish()).toEqual({ keys: [] })
    expect(kidOf(signAt(shared, start))).toMatch(/^[\w-]{22}$/)
  })

  test('lets go of a key that is revoked elsewhere, and signs with the next', async () => {
    const { time, store, open } = await openPlace()
    const [here, there] = [await open(), await open()]
    const token = signAt(here, time.now)
    const kid = kidOf(token)
    await store.revokeKey(
      kid as KeyId,
      { now: time.now, revocationExpiresAt: time.now + 100 },
      anAudit('key_revoked'),
    )
    await there.tend()
    expect(kidsOf(there)).not.toContain(kid)
    expect(kidOf(signAt(there, time.now))).not.toBe(kid)
    const verifier = createVerifier({ keys: there.source, typ: 'at+jwt', clock: () => time.now * 1000 })
    expect(verifier.safe(token).ok).toBe(false)
  })

  test('keeps no private key in plain, and opens none that was wrapped under another name', async () => {
    const { store, open } = await openPlace()
    await open()
    const [one, two] = await store.signingKeys()
    if (one === undefined || two === undefined) throw new Error('there are two')
    for (const key of [one, two]) expect(Buffer.from(key.wrapped).toString('latin1')).not.toContain('"d"')
    await store.rewrapKeys(
      [{ kid: one.kid, fromVersion: 1, toVersion: 1, wrapped: two.wrapped }],
      anAudit('keys_rewrapped'),
    )
    await expect(open()).rejects.toMatchObject({ code: 'internal_error' })
  })
})
