// Calls of the old library made from a number: the same number makes the same call, with values of its own, so that
// two libraries can be given equal arguments and neither sees what the other did to them.
import {
  createHmac,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'

export interface GeneratedCall {
  readonly verb: 'sign' | 'verify' | 'decode'
  readonly arguments: readonly unknown[]
  /** Whether the signature is, or could be, another one each time. */
  readonly isRandomised: boolean
  readonly withCallback: boolean
}

type Dice = () => number
type Make<T = unknown> = (dice: Dice) => T

/** Mulberry32: small, fast and the same everywhere. */
function diceOf(seed: number): Dice {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const pick = <T>(dice: Dice, list: readonly T[]): T => list[Math.floor(dice() * list.length)] as T
const chance = (dice: Dice, of: number): boolean => dice() < of

const pemOf = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }) as string

function pssPair(saltLength: number) {
  const bound = { modulusLength: 2048, hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength }
  // The cast: the types ask for a text where the runtime takes a number.
  return generateKeyPairSync('rsa-pss', bound as unknown as { modulusLength: number })
}

function pairs() {
  const made = [
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('rsa', { modulusLength: 1024 }),
    generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
    generateKeyPairSync('ec', { namedCurve: 'secp384r1' }),
    generateKeyPairSync('ec', { namedCurve: 'secp521r1' }),
    generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
    generateKeyPairSync('ed25519'),
    generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
    pssPair(32),
    pssPair(64),
  ]
  return made.map(({ privateKey, publicKey }) => ({
    privateKey,
    publicKey,
    privatePem: pemOf(privateKey),
    publicPem: pemOf(publicKey),
    lockedPem: privateKey.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'open',
    }) as string,
  }))
}

const keyPairs = pairs()
const secrets = [
  'shhh',
  'a secret of thirty-two bytes or so',
  'ümläut',
  Buffer.from('bytes'),
  createSecretKey(Buffer.from('key object')),
]

class Instance {
  own = 1
}

const oddValues: readonly Make[] = [
  () => undefined,
  () => null,
  () => '',
  () => 0,
  () => 1,
  () => -1.5,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => true,
  () => false,
  () => 'text',
  () => [],
  () => ['a', 1],
  () => ({}),
  () => ({ a: 1 }),
  () => new Instance(),
  () => Object.create(null),
  () => new Date(0),
  () => /a/g,
  () => Buffer.from('bytes'),
  () => Buffer.alloc(0),
  () => 10n,
  () => () => 1,
  () => (a: unknown) => a,
  () => Object('boxed text'),
  () => Object(5),
  () => Object(true),
]
const odd: Make = dice => pick(dice, oddValues)(dice)

export const now = 1_700_000_000
const instants = [
  0,
  now - 100,
  now - 1,
  now,
  now + 1,
  now + 100,
  now + 0.5,
  -5,
  Number.MAX_VALUE,
  '5',
  null,
  undefined,
  true,
]
const spans = [
  0,
  1,
  60,
  -60,
  1.5,
  '1h',
  '2 days',
  '10',
  '-1h',
  '1.5 hrs',
  '.5m',
  '1y',
  '3w',
  '',
  'x',
  '1 fortnight',
  ' 1h',
  '1H',
  '1d ',
  null,
  undefined,
  '1'.repeat(101),
  '5 MSECS',
]
const names = ['urn:a', 'urn:b', '', 'ünï', 5, null, undefined, ['urn:a'], ['urn:a', 'urn:b'], []]
const algorithms = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'none',
]
const oddAlgorithms = ['hs256', 'NONE', 'EdDSA', 'HS2560', 'ES256K', '', undefined, null, 5]

const payloadOf: Make = dice => {
  if (chance(dice, 0.15)) return odd(dice)
  if (chance(dice, 0.1))
    return pick(dice, ['plain text', '{"json":"text"}', '"quoted"', '12', 'ünï ☃', Buffer.from('bytes')])
  const payload: Record<string, unknown> = chance(dice, 0.8)
    ? { foo: 'bär ☃', n: Math.floor(dice() * 100) }
    : {}
  if (chance(dice, 0.2)) payload['iat'] = pick(dice, instants)
  if (chance(dice, 0.2)) payload['exp'] = pick(dice, instants)
  if (chance(dice, 0.2)) payload['nbf'] = pick(dice, instants)
  for (const claim of ['aud', 'iss', 'sub', 'jti', 'nonce'])
    if (chance(dice, 0.15)) payload[claim] = pick(dice, names)
  if (chance(dice, 0.03)) payload[pick(dice, ['constructor', 'toString', 'valueOf', 'hasOwnProperty'])] = 1
  if (chance(dice, 0.05)) payload['deep'] = { list: [1, { a: odd(dice) }], at: new Date(5) }
  return chance(dice, 0.03) ? Object.freeze(payload) : payload
}

const signingKeyFor = (dice: Dice, algorithm: string): unknown => {
  if (chance(dice, 0.1)) return odd(dice)
  if (chance(dice, 0.1))
    return pick(dice, [
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
      ' -----BEGIN',
      { key: 'x' },
    ])
  const pair = pick(dice, pairsFor(dice, algorithm))
  if (pair === undefined) return pick(dice, secrets)
  return pick(dice, [
    pair.privateKey,
    pair.privatePem,
    Buffer.from(pair.privatePem),
    { key: pair.lockedPem, passphrase: 'open' },
    pair.privateKey,
    ...(chance(dice, 0.1)
      ? [pair.publicPem, pair.publicKey, { key: pair.lockedPem, passphrase: 'wrong' }, pair.lockedPem]
      : []),
  ])
}

const checkingKeyFor = (dice: Dice, algorithm: string): unknown => {
  if (chance(dice, 0.08)) return odd(dice)
  const pair = pick(dice, pairsFor(dice, algorithm))
  if (pair === undefined) return pick(dice, secrets)
  return pick(dice, [
    pair.publicKey,
    pair.publicPem,
    Buffer.from(pair.publicPem),
    pair.privatePem,
    { key: pair.publicPem, format: 'pem' },
    ...(chance(dice, 0.1) ? [pair.privateKey, pair.publicPem.replace('A', 'B'), ` \n${pair.publicPem}`] : []),
  ])
}

function pairsFor(dice: Dice, algorithm: string): readonly ((typeof keyPairs)[number] | undefined)[] {
  if (chance(dice, 0.08)) return [...keyPairs, undefined]
  const bits = Number(algorithm.slice(2))
  if (algorithm.startsWith('RS')) return keyPairs.slice(0, chance(dice, 0.2) ? 2 : 1)
  if (algorithm.startsWith('PS')) return pick(dice, [keyPairs.slice(0, 1), keyPairs.slice(7, 10)])
  if (algorithm.startsWith('ES')) return keyPairs.slice(bits === 256 ? 2 : bits === 384 ? 3 : 4).slice(0, 1)
  return [undefined]
}

const signOptionsOf = (dice: Dice, algorithm: string): unknown => {
  if (chance(dice, 0.03)) return odd(dice)
  const options: Record<string, unknown> = {}
  if (algorithm !== 'HS256' || chance(dice, 0.3))
    options['algorithm'] = chance(dice, 0.02) ? pick(dice, oddAlgorithms) : algorithm
  if (chance(dice, 0.25)) options['expiresIn'] = pick(dice, spans)
  if (chance(dice, 0.2)) options['notBefore'] = pick(dice, spans)
  for (const name of ['audience', 'issuer', 'subject', 'jwtid', 'keyid'])
    if (chance(dice, 0.1)) options[name] = pick(dice, names)
  for (const name of [
    'noTimestamp',
    'mutatePayload',
    'allowInsecureKeySizes',
    'allowInvalidAsymmetricKeyTypes',
  ]) {
    if (chance(dice, 0.1)) options[name] = chance(dice, 0.1) ? odd(dice) : chance(dice, 0.8)
  }
  if (chance(dice, 0.1))
    options['encoding'] = pick(dice, ['utf8', 'latin1', 'base64', 'hex', 'nonsense', '', 5])
  if (chance(dice, 0.12))
    options['header'] = pick(dice, [
      { typ: 'at+jwt' },
      { alg: 'HS512' },
      { alg: 'none' },
      { alg: 5 },
      { alg: 'ES256' },
      { alg: undefined },
      { kid: 'ü☃' },
      { typ: undefined },
      'text',
      null,
      new Instance(),
      [],
    ])
  if (chance(dice, 0.02)) options[pick(dice, ['expiresin', 'foo', 'constructor', 'toString'])] = 1
  return options
}

const verifyOptionsOf = (dice: Dice, algorithm: string): unknown => {
  if (chance(dice, 0.03)) return odd(dice)
  const options: Record<string, unknown> = {}
  if (chance(dice, 0.4))
    options['algorithms'] = pick<unknown>(dice, [
      algorithms,
      [algorithm],
      algorithm,
      ['HS256'],
      [],
      [undefined],
      '',
      5,
      ['XS256', ...algorithms],
    ])
  if (chance(dice, 0.15)) options['audience'] = pick<unknown>(dice, [...names, /urn:/, [/^urn:b$/, 'urn:a']])
  if (chance(dice, 0.15)) options['issuer'] = pick<unknown>(dice, [...names, ['urn:b', 'x']])
  for (const name of ['subject', 'jwtid', 'nonce'])
    if (chance(dice, 0.1)) options[name] = pick<unknown>(dice, [...names, '  '])
  if (chance(dice, 0.15))
    options['clockTimestamp'] = pick<unknown>(dice, [
      now,
      now + 100,
      now - 100,
      0,
      Number.NaN,
      '5',
      new Date(0),
    ])
  if (chance(dice, 0.15))
    options['clockTolerance'] = pick<unknown>(dice, [0, 5, 100, 1000, '5', 'x', Number.NaN, -5])
  if (chance(dice, 0.15)) options['maxAge'] = pick<unknown>(dice, spans)
  for (const name of ['complete', 'ignoreExpiration', 'ignoreNotBefore', 'allowInvalidAsymmetricKeyTypes']) {
    if (chance(dice, 0.12)) options[name] = chance(dice, 0.1) ? odd(dice) : chance(dice, 0.8)
  }
  return options
}

const headerTexts = (algorithm: string): readonly string[] => [
  JSON.stringify({ alg: algorithm, typ: 'JWT' }),
  JSON.stringify({ alg: algorithm, typ: 'JWT', kid: 'one' }),
  JSON.stringify({ alg: algorithm }),
  JSON.stringify({ alg: algorithm, crit: ['x'], typ: 'jwt' }),
  JSON.stringify({ typ: 'JWT' }),
  JSON.stringify({ alg: 5, typ: 'JWT' }),
  JSON.stringify({ alg: '', typ: 'JWT' }),
  '1',
  '0',
  '"text"',
  '[]',
  'null',
  '{',
  '{"alg":"HS256","typ":"JWT","k":"\u00fc"}',
]
const payloadTexts = [
  '{}',
  'null',
  '1',
  '"text"',
  '"{\\"a\\":1}"',
  '[1]',
  '{',
  'plain',
  '{"exp":1e400}',
  '{"exp":"5"}',
  '{"nbf":null}',
  '{"exp":0}',
  '{"__proto__":{"a":1},"aud":["urn:a",5]}',
]

function handMadeToken(dice: Dice, algorithm: string, key: unknown): string {
  const header = Buffer.from(pick(dice, headerTexts(algorithm)), 'latin1').toString('base64url')
  const claims = {
    iat: now - 50,
    ...Object.fromEntries(
      ['exp', 'nbf', 'iat'].filter(() => chance(dice, 0.4)).map(name => [name, pick(dice, instants)]),
    ),
    ...Object.fromEntries(
      ['aud', 'iss', 'sub', 'jti', 'nonce']
        .filter(() => chance(dice, 0.4))
        .map(name => [name, pick(dice, names)]),
    ),
  }
  const text = chance(dice, 0.2) ? pick(dice, payloadTexts) : JSON.stringify(claims)
  const input = `${header}.${Buffer.from(text).toString('base64url')}`
  if (algorithm === 'none' || !/^HS\d\d\d$/.test(algorithm))
    return `${input}.${chance(dice, 0.7) ? '' : 'AAAA'}`
  const secret = typeof key === 'string' || Buffer.isBuffer(key) ? key : 'shhh'
  return `${input}.${createHmac(`sha${algorithm.slice(2)}`, secret)
    .update(input)
    .digest('base64url')}`
}

function spoilt(dice: Dice, token: string): unknown {
  const at = Math.floor(dice() * token.length)
  return pick<unknown>(dice, [
    `${token.slice(0, at)}${pick(dice, ['A', '_', '=', ' ', '.', 'ü', ''])}${token.slice(at + 1)}`,
    token.slice(0, at),
    `${token}.x`,
    `${token}=`,
    token.replace(/\.[^.]*$/, '.'),
    token.replace(/\.[^.]*$/, '. '),
    `${token}AA`,
    '..',
    '.'.repeat(50),
    Buffer.from(token),
    odd(dice),
  ])
}

/** `makeToken` is the oracle's own `sign`, so that most tokens are good ones. */
export function callOf(seed: number, makeToken: (...call: unknown[]) => string): GeneratedCall {
  const dice = diceOf(seed)
  const kind = dice()
  const withCallback = chance(dice, 0.3)
  const algorithm = pick(dice, chance(dice, 0.5) ? algorithms.slice(0, 3) : algorithms)
  if (kind < 0.4) {
    const list = [payloadOf(dice), signingKeyFor(dice, algorithm), signOptionsOf(dice, algorithm)]
    if (chance(dice, 0.05)) list.length = 2
    return {
      verb: 'sign',
      arguments: list,
      isRandomised: /^[PE]S/.test(algorithm) || isForced(list[2]),
      withCallback,
    }
  }
  const key = checkingKeyFor(dice, algorithm)
  const token = tokenFor(dice, { algorithm, key, makeToken, seed })
  const given = chance(dice, 0.15) ? spoilt(dice, token) : token
  if (kind < 0.9) {
    const material = withCallback && chance(dice, 0.2) ? keySourceOf(dice, key) : key
    const list = [given, material, verifyOptionsOf(dice, algorithm)]
    if (chance(dice, 0.05)) list.length = 2
    return { verb: 'verify', arguments: list, isRandomised: false, withCallback }
  }
  const options = pick<Make>(dice, [
    odd,
    () => ({ complete: true }),
    () => ({ json: true }),
    () => ({ json: true, complete: true }),
    () => ({ complete: 1 }),
    () => undefined,
  ])(dice)
  return { verb: 'decode', arguments: [given, options], isRandomised: false, withCallback: false }
}

/** A key forced into another algorithm may sign with chance, whatever the algorithm. */
function isForced(options: unknown): boolean {
  return (
    typeof options === 'object' &&
    options !== null &&
    Reflect.get(options, 'allowInvalidAsymmetricKeyTypes') === true
  )
}

type Told = (error: unknown, key?: unknown) => unknown

function keySourceOf(dice: Dice, key: unknown): (header: unknown, tell: Told) => unknown {
  const problem = chance(dice, 0.2)
    ? pick(dice, [new Error('no such key'), 'a text', { message: 'an object' }])
    : null
  return function keySource(_header, tell) {
    return tell(problem, key)
  }
}

const tokens = new Map<number, string>()

interface TokenOrder {
  readonly algorithm: string
  readonly key: unknown
  readonly makeToken: (...call: unknown[]) => string
  readonly seed: number
}

// Kept by seed: an ECDSA signature is another one each time, and both libraries must be given the same token.
function tokenFor(dice: Dice, { algorithm, key, makeToken, seed }: TokenOrder): string {
  const handMade = handMadeToken(dice, algorithm, key)
  const useHandMade = chance(dice, 0.3)
  const pair = keyPairs.find(
    ({ publicKey, publicPem, privatePem }) =>
      [publicKey, publicPem, privatePem].includes(key as string) ||
      (Buffer.isBuffer(key) && publicPem === key.toString()) ||
      (key as { key?: unknown } | undefined)?.key === publicPem,
  )
  const options = signOptionsOf(dice, algorithm)
  const payload = payloadOf(dice)
  const kept = tokens.get(seed)
  if (kept !== undefined) return kept
  const token = useHandMade
    ? handMade
    : (attempt(() => makeToken(payload, pair?.privateKey ?? key, options)) ??
      attempt(() => makeToken({ foo: 1 }, pair?.privateKey ?? key, { algorithm })) ??
      handMade)
  tokens.set(seed, token)
  return token
}

function attempt(make: () => string): string | undefined {
  try {
    // Given a function as options, the old library returns what that returns.
    const made: unknown = make()
    return typeof made === 'string' ? made : undefined
  } catch {
    return undefined
  }
}

/** The public half of a signing key, whatever form it has; undefined for a secret. */
export function publicHalf(key: unknown): KeyObject | undefined {
  const pair = keyPairs.find(
    ({ privateKey, privatePem, lockedPem }) =>
      key === privateKey ||
      key === privatePem ||
      (Buffer.isBuffer(key) && key.toString() === privatePem) ||
      (key as { key?: unknown } | undefined)?.key === lockedPem,
  )
  return pair && createPublicKey(pair.publicPem)
}
