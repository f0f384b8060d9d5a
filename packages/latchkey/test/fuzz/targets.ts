// What is fuzzed. A target runs one case and says how it ended, in a word; what must never happen is thrown.
import { createHmac } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import * as jose from 'jose'
import { decodeBase64url, decodeProvenSegment } from '../../src/base/base64url.ts'
import { LatchkeyError } from '../../src/base/errors.ts'
import { parseStrictText } from '../../src/base/json.ts'
import { secondsOfTimespan } from '../../src/base/timespan.ts'
import { createKey, type KeyInput } from '../../src/keys/create-key.ts'
import type { Key } from '../../src/keys/key.ts'
import { readKeySet } from '../../src/keys/key-set-document.ts'
import { decode } from '../../src/token/decode.ts'
import { createSigner } from '../../src/token/signer.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { claimsText, encode, headerText, jsonText, membersText, mutateShape, mutateText } from './generate.ts'
import type { Judge, Pair } from './material.ts'
import type { Random } from './random.ts'

/** What must not be: the sentence, and the input that shows it. */
export class Finding extends Error {
  readonly input: unknown

  constructor(message: string, input: unknown, cause?: unknown) {
    super(message, { cause })
    this.input = input
  }
}

export type Target = (random: Random, pairs: readonly Pair[]) => string | Promise<string>

/** A verdict that both give, or ours alone when it is a refusal. */
async function judged({ verifier, ask }: Judge, token: string): Promise<string> {
  const verdict = verifier.safe(token)
  if (!verdict.ok) {
    if (verdict.code === 'internal_error') throw new Finding('judging failed inside', token, verdict.error)
    return verdict.code
  }
  // Once more, from the cache.
  if (verifier.safe(token).ok !== true) throw new Finding('accepted once and not twice', token)
  const theirs = await ask(token)
  if (theirs === undefined) throw new Finding('accepted, and jose refuses it', token)
  if (!isDeepStrictEqual(theirs, { claims: verdict.claims, header: verdict.header }))
    throw new Finding('accepted, and jose reads something else', token)
  if (!isDeepStrictEqual(decode(token), verdict.claims))
    throw new Finding('decode reads something else', token)
  return 'accepted'
}

/** A good token with something changed afterwards: nothing but the very token may be accepted. */
const changedToken: Target = async (random, pairs) => {
  const { alg, signRaw, judges } = random.of(pairs)
  const input = `${encode(`{"alg":"${alg}"}`)}.${encode(claimsText(random))}`
  const token = `${input}.${signRaw(input)}`
  let changed = token
  for (let times = 1 + random.below(3); times > 0; times--) {
    changed = random.chance(5) ? mutateShape(random, changed) : mutateText(random, changed)
  }
  if (changed === token) return 'unchanged'
  const outcome = await judged(random.of(judges), changed)
  // An ECDSA signature has a twin, which a change of a few characters does not find.
  if (outcome === 'accepted') throw new Finding('accepted though it was changed', { token, changed })
  return outcome
}

/** Any header over any claims, truly signed. */
const signedToken: Target = (random, pairs) => {
  const { alg, signRaw, judges } = random.of(pairs)
  const input = `${encode(headerText(random, alg))}.${encode(claimsText(random))}`
  return judged(random.of(judges), `${input}.${signRaw(input)}`)
}

/** Truly signed over segments that are not quite base64url. */
const signedSegments: Target = (random, pairs) => {
  const { alg, signRaw, judges } = random.of(pairs)
  const parts = [encode(headerText(random, alg)), encode(claimsText(random))]
  const at = random.below(2)
  const input = parts.with(at, mutateText(random, parts[at] ?? '')).join('.')
  return judged(random.of(judges), `${input}.${signRaw(input)}`)
}

/** A public key, in each of its forms, used as an HMAC secret; and no signature at all. */
const confusedToken: Target = async (random, pairs) => {
  const { forms, judges } = random.of(pairs)
  const alg = random.of(['HS256', 'HS384', 'HS512', 'none'])
  const input = `${encode(headerText(random, alg))}.${encode(claimsText(random))}`
  const hash = alg === 'none' ? 'sha256' : `sha${alg.slice(2)}`
  const signature = random.chance(4)
    ? ''
    : createHmac(hash, random.of(forms)).update(input).digest('base64url')
  const outcome = await judged(random.of(judges), `${input}.${signature}`)
  if (outcome === 'accepted') throw new Finding('accepted though nobody signed it', input)
  return outcome
}

const looseText = (random: Random): string => {
  if (random.chance(2))
    return `${encode(headerText(random, 'HS256'))}.${encode(claimsText(random))}.${encode('x')}`
  const parts = Array.from({ length: random.below(6) }, () =>
    random.chance(2)
      ? encode(jsonText(random))
      : random.bytes(random.below(40)).toString(random.chance(2) ? 'latin1' : 'base64url'),
  )
  return random.chance(3) ? mutateText(random, parts.join('.')) : parts.join('.')
}

/** decode never throws, and reads what is there. */
const decoded: Target = random => {
  const text = looseText(random)
  const parts = decode(text, { complete: true })
  if (parts === null) return 'null'
  const [head = '', body = '', tail] = text.split('.')
  const read = (segment: string): unknown => JSON.parse(Buffer.from(segment, 'base64url').toString())
  if (!isDeepStrictEqual(parts, { header: read(head), payload: read(body), signature: tail }))
    throw new Finding('decode reads something else', text)
  return 'decoded'
}

/** The parsers on their own, each against the plain one. */
const parsed: Target = random => {
  const text = random.chance(3) ? mutateText(random, jsonText(random)) : jsonText(random)
  const value = parseStrictText(text)
  if (value !== undefined && !isDeepStrictEqual(value, JSON.parse(text)))
    throw new Finding('JSON is read otherwise', text)
  const segment = mutateText(random, encode(text))
  const bytes = decodeBase64url(segment)
  if (bytes !== undefined && bytes.toString('base64url') !== segment)
    throw new Finding('two spellings', segment)
  const isAscii = Buffer.byteLength(segment) === segment.length && !/[+/]/.test(segment)
  const proven = isAscii ? decodeProvenSegment(segment, Buffer.alloc(4096)) : -1
  if (isAscii && segment.length < 4000 && proven !== (bytes?.length ?? -1))
    throw new Finding('the two decoders differ', segment)
  expectOnly(() => secondsOfTimespan(text.slice(0, 12), 'x'), text)
  return value === undefined ? 'refused' : 'read'
}

/** A name twice is seen at any depth, however short the text: in JSON, in a header and in claims. */
const repeatedNames: Target = (random, pairs) => {
  const { text, repeats } = membersText(random)
  if ((parseStrictText(text) === undefined) !== repeats)
    throw new Finding('a name twice is not told from once', text)
  const { alg, signRaw, judges } = random.of(pairs)
  const header = `{"alg":"${alg}"${random.chance(2) ? ',' : `,"x":${text},`}"y":0}`
  const input = `${encode(header)}.${encode(text)}`
  const [judge] = judges
  const verdict = judge?.verifier.safe(`${input}.${signRaw(input)}`)
  if (repeats && verdict?.ok === true) throw new Finding('accepted with a name twice', input)
  return repeats ? 'repeated' : 'once'
}

/** Only errors that are told: a TypeError with a sentence of ours, or a LatchkeyError. */
export function expectOnly<Value>(work: () => Value, input: unknown): Value | undefined {
  try {
    return work()
  } catch (error) {
    const isOurs =
      error instanceof LatchkeyError ||
      (error instanceof TypeError && !/undefined|null|is not a function/.test(error.message))
    if (!isOurs) throw new Finding('an error that is none of ours', input, error)
    return undefined
  }
}

const jwkValues = [
  '',
  'AQAB',
  'AQ',
  'AA',
  'P-256',
  'P-384',
  'Ed25519',
  'EC',
  'RSA',
  'OKP',
  'oct',
  'sig',
  'enc',
  'ES256',
  'RS256',
  'none',
  1,
  null,
  true,
  [],
  ['verify'],
  ['sign'],
  {},
]

function changedJwk(random: Random, key: Key): Record<string, unknown> {
  const isPrivate = key.type === 'secret' || random.chance(2)
  const jwk: Record<string, unknown> = { ...(isPrivate ? key.toPrivateJwk() : key.toJwk()) }
  for (let times = 1 + random.below(2); times > 0; times--) {
    const name = random.of([...Object.keys(jwk), 'use', 'key_ops', 'kid', 'oth', 'crv', 'alg'])
    const value = jwk[name]
    if (random.chance(6)) delete jwk[name]
    else
      jwk[name] =
        random.chance(2) || typeof value !== 'string' ? random.of(jwkValues) : mutateText(random, value)
  }
  return jwk
}

/** JWKs with one or two members changed. What is taken must be taken by jose, go out as it came in, and work. */
const importedKey: Target = async (random, pairs) => {
  const jwk = changedJwk(random, random.of(pairs).key)
  const made = expectOnly(() => createKey({ jwk } as KeyInput), jwk)
  if (made === undefined) return 'refused'
  // Members that have no meaning for the key type are ignored here and not there.
  const { use: _, key_ops: __, oth: ___, ...plain } = jwk
  try {
    await jose.importJWK(plain as jose.JWK, made.alg)
  } catch (error) {
    throw new Finding('taken, and jose refuses it', jwk, error)
  }
  const again = made.type === 'public' ? made.toJwk() : made.toPrivateJwk()
  const names = ['n', 'e', 'x', 'y', 'd', 'k', 'crv'].filter(name => again[name] !== undefined)
  if (names.some(name => again[name] !== jwk[name])) throw new Finding('goes out otherwise', jwk)
  if (!made.canSign) return made.type
  const verdict = createVerifier({ key: made }).safe(createSigner({ key: made })({}))
  // A key that may sign and not verify says so in its key_ops.
  if (!verdict.ok && jwk['key_ops'] === undefined) throw new Finding('does not verify what it signs', jwk)
  return made.type
}

/** PEMs, secrets and whole key sets. */
const readMaterial: Target = (random, pairs) => {
  const { key } = random.of(pairs)
  if (random.chance(3)) {
    const jwks = `{"keys":[${JSON.stringify(key.type === 'secret' ? key.toPrivateJwk() : key.toJwk())},${jsonText(random)}]}`
    const text = random.chance(2) ? jwks : mutateText(random, jwks)
    const set = expectOnly(
      () => readKeySet(Buffer.from(text), { algorithms: undefined, maxKeys: 5 }, new Map()),
      text,
    )
    if (set?.keys.some(one => one.type !== 'public') === true) throw new Finding('a set with a secret', text)
    return set === undefined ? 'set refused' : `set of ${set.keys.length}`
  }
  if (key.type === 'secret' || random.chance(2)) {
    const secret = random.chance(2) ? random.bytes(random.below(80)) : looseText(random)
    return expectOnly(() => createKey({ secret }), secret) === undefined ? 'secret refused' : 'secret'
  }
  const pem = mutateText(random, random.chance(2) ? key.toPem() : key.toPrivatePem())
  if (expectOnly(() => createKey({ secret: pem }), pem) !== undefined && pem.includes('-----BEGIN'))
    throw new Finding('a PEM taken for a secret', pem)
  return expectOnly(() => createKey({ pem }, { alg: key.alg }), pem) === undefined ? 'PEM refused' : 'PEM'
}

/** Name, share of the cases, target. */
export type TargetTable = readonly (readonly [string, number, Target])[]

export const targets: TargetTable = [
  ['changed token', 30, changedToken],
  ['signed token', 20, signedToken],
  ['signed segments', 10, signedSegments],
  ['confused token', 10, confusedToken],
  ['decode', 15, decoded],
  ['parsers', 8, parsed],
  ['repeated names', 3, repeatedNames],
  ['imported key', 2, importedKey],
  ['key material', 2, readMaterial],
]
