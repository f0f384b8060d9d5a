// The guard, by every way in: what it admits is one credential, read the only way it can be, that jose accepts too.
// What it refuses is refused as RFC 6750 has it, with nothing of what was sent.
import { createHmac } from 'node:crypto'
import * as jose from 'jose'
import { createGuard, type Guard, type GuardVerdict } from '../../src/guard/guard.ts'
import type { GuardOptions } from '../../src/guard/options.ts'
import { FetchRequest, type GuardRequest, NodeRequest } from '../../src/guard/request.ts'
import type { Key } from '../../src/keys/key.ts'
import { verifyingHalf } from '../keys/keys-of-tests.ts'
import { claimsText, encode, headerText, jsonText, mutateShape, mutateText } from './generate.ts'
import { nowSeconds, type Pair } from './material.ts'
import type { Random } from './random.ts'
import { Finding, type Target } from './targets.ts'

const cookieName = 'auth'
const queryName = 'access_token'
const apiKey = `lk_${'a'.repeat(22)}_${'B'.repeat(43)}`

/** Where guards look for the credential, and a request that carries a text there. */
const ways = {
  header: { from: 'header', carry: (text: string) => ({ authorization: text }) },
  cookie: { from: { cookie: cookieName }, carry: (text: string) => ({ cookie: text }) },
  query: { from: { query: queryName }, carry: (text: string) => ({ url: text }) },
  all: {
    from: ['header', { cookie: cookieName }, { query: queryName }],
    carry: (text: string) => ({ authorization: text }),
  },
} satisfies Record<string, { from: GuardOptions['from']; carry: (text: string) => Partial<Sent> }>
type Way = keyof typeof ways
const wayNames = Object.keys(ways) as Way[]

interface Sent {
  authorization?: string | readonly string[]
  cookie?: string
  url?: string
  method?: string
  headers?: Record<string, string>
}

interface Guarded {
  guards: Record<Way, Guard>
  ask(token: string): Promise<boolean>
}

const made = new WeakMap<Pair, Guarded>()

/** The guards of a pair's key, made with its first case. */
async function guardedBy(pair: Pair): Promise<Guarded> {
  const { alg, key } = pair
  const known = made.get(pair)
  if (known !== undefined) return known
  const open = verifyingHalf(key)
  const options = {
    keys: open,
    clock: () => nowSeconds * 1000,
    apiKeys: (text: string) => (text === apiKey ? { sub: 'ada' } : undefined),
  }
  const guards = Object.fromEntries(
    wayNames.map(way => [way, createGuard({ ...options, from: ways[way].from })]),
  ) as Record<Way, Guard>
  const imported = await jose.importJWK(jwkOf(open) as jose.JWK, alg)
  const ask = async (token: string): Promise<boolean> => {
    const demands = { algorithms: [alg], currentDate: new Date(nowSeconds * 1000), requiredClaims: ['exp'] }
    return jose.jwtVerify(token, imported, demands).then(
      () => true,
      () => false,
    )
  }
  const guarded = { guards, ask }
  made.set(pair, guarded)
  return guarded
}

const jwkOf = (key: Key): object => (key.type === 'secret' ? key.toPrivateJwk() : key.toJwk())

/** A credential: a token that may well be good, one that is not, an API key, or anything. */
function credentialOf(random: Random, { alg, signRaw }: Pair): string {
  const kind = random.below(10)
  if (kind === 0) return random.chance(2) ? apiKey : mutateText(random, apiKey)
  if (kind === 1) return jsonText(random)
  const header = random.chance(2) ? `{"alg":"${alg}"}` : headerText(random, alg)
  const input = `${encode(header)}.${encode(claimsText(random))}`
  if (kind === 2) return `${input}.${createHmac('sha256', 'guessed').update(input).digest('base64url')}`
  const token = `${input}.${signRaw(input)}`
  if (kind < 7) return token
  return random.chance(3) ? mutateShape(random, token) : mutateText(random, token)
}

const schemes = [
  'Bearer ',
  'Bearer ',
  'Bearer ',
  'bearer ',
  'BEARER  ',
  'Bearer',
  'Basic ',
  'DPoP ',
  'Token ',
  '',
]
const joins = [', ', ',', '; ', ' ', ', Bearer ', ', Basic x']

const texts: Record<Way, (random: Random, credential: string) => string> = {
  header: (random, credential) => {
    const text = random.of(schemes) + credential
    return random.chance(6) ? text + random.of(joins) + credential : text
  },
  cookie: (random, credential) => {
    const pair = `${random.chance(8) ? `${cookieName} ` : cookieName}=${random.chance(8) ? `"${credential}"` : credential}`
    const others = ['theme=dark', `x${cookieName}=1`, `${cookieName}x=${credential}`, '=', ';', pair]
    const list = random.chance(2) ? [pair] : [random.of(others), pair]
    return [...list, ...(random.chance(3) ? [random.of(others)] : [])].join(random.of(['; ', ';', ' ;\t']))
  },
  query: (random, credential) => {
    const pair = `${queryName}=${random.chance(3) ? encodeURIComponent(credential.toWellFormed()) : credential}`
    const more = random.of(['', '', `&${pair}`, `#${pair}`, '&a=%', `&${queryName}[]=x`, '&&=&'])
    return `/data?${random.of(['', 'a=1&', '?'])}${pair}${more}`
  },
  all: (random, credential) => texts.header(random, credential),
}

function sentOf(random: Random, way: Way, credential: string): Sent {
  const text = texts[way](random, credential)
  const carried = random.chance(6) ? mutateText(random, text) : text
  const sent: Sent = {
    ...ways[way].carry(carried),
    method: random.of(['GET', 'GET', 'POST', 'OPTIONS', 'x']),
  }
  if (way === 'all' && random.chance(3)) sent.cookie = texts.cookie(random, credential)
  if (way === 'header' && random.chance(8)) sent.authorization = [carried, texts.header(random, credential)]
  const names = ['origin', 'host', 'sec-fetch-site', 'dpop', 'upgrade', 'access-control-request-method']
  const values = ['https://a.example', 'a.example', 'same-origin', 'cross-site', 'null', '', credential]
  if (random.chance(2)) sent.headers = { [random.of(names)]: random.of(values) }
  return sent
}

/** The request as one of the three carriers hands it over; undefined where it lets no such bytes through. */
function requestOf(random: Random, sent: Sent): GuardRequest | undefined {
  const { authorization, cookie, url = '/data', method = 'GET', headers = {} } = sent
  const carrier = random.below(3)
  const one = Object.entries({ ...headers, ...(cookie !== undefined && { cookie }) })
  const values = authorization === undefined ? [] : [authorization].flat()
  if (carrier === 0)
    return {
      authorization,
      method,
      url,
      ...(cookie !== undefined && { cookie }),
      header: name => headers[name],
    }
  if (carrier === 1) {
    const [first] = values
    const message = {
      headers: { ...Object.fromEntries(one), ...(first !== undefined && { authorization: first }) },
      rawHeaders: [...one.flat(), ...values.flatMap(value => ['Authorization', value])],
      method,
      url,
    }
    return new NodeRequest(message, undefined)
  }
  try {
    const list = new Headers(one)
    for (const value of values) list.append('authorization', value)
    return new FetchRequest(new Request(new URL(url, 'https://a.example'), { headers: list }), undefined)
  } catch {
    return undefined
  }
}

const challengeShape =
  /^Bearer(?: \w+="[\x20\x21\x23-\x5b\x5d-\x7e]*"(?:, \w+="[\x20\x21\x23-\x5b\x5d-\x7e]*")*)?$/

function expectPlainRefusal(verdict: Extract<GuardVerdict, { kind: 'refused' }>, sent: Sent): string {
  const { status, headers, body, error } = verdict
  if (![400, 401, 403].includes(status)) throw new Finding(`refused with ${status}`, sent, error)
  const challenge = headers['www-authenticate']
  if (challenge !== undefined && !challengeShape.test(challenge))
    throw new Finding('a challenge that RFC 6750 3 does not allow', { sent, challenge })
  if (/eyJ|lk_/.test(`${challenge} ${body}`)) throw new Finding('a refusal tells the credential', sent)
  return error.code
}

/** What an Authorization header must look like to let anybody in: one value, one scheme, one token (RFC 6750 2.1). */
function expectOneBearer({ authorization }: Sent, token: string): void {
  const values = authorization === undefined ? [] : [authorization].flat()
  const isOne = values.length === 1 && /^bearer +[^\s,]+$/i.test((values[0] ?? '').trim())
  if (!isOne || values[0]?.trim().endsWith(token) !== true)
    throw new Finding('admitted by a header that is not one credential', authorization)
}

/** A request with one credential in it, or nearly. */
export const guarded: Target = async (random, pairs) => {
  const pair = random.of(pairs)
  const { guards, ask } = await guardedBy(pair)
  const way = random.of(wayNames)
  const sent = sentOf(random, way, credentialOf(random, pair))
  const request = requestOf(random, sent)
  if (request === undefined) return 'not sendable'
  let verdict: GuardVerdict
  try {
    verdict = await guards[way].check(request)
  } catch (error) {
    throw new Finding('the guard threw', sent, error)
  }
  if (verdict.kind === 'refused') return expectPlainRefusal(verdict, sent)
  if (verdict.kind === 'preflight') {
    if (request.method !== 'OPTIONS') throw new Finding('a preflight that is none', sent)
    return 'preflight'
  }
  if (verdict.kind !== 'admitted')
    throw new Finding('nobody was let in by a guard that is not optional', sent)
  const { token, header } = verdict.auth
  if (way === 'header') expectOneBearer(sent, token)
  if (header.typ === 'api-key') {
    if (token !== apiKey) throw new Finding('admitted with another API key', sent)
    return 'admitted by API key'
  }
  if (!(await ask(token))) throw new Finding('admitted, and jose refuses it', sent)
  const isAccessToken = ['at+jwt', 'application/at+jwt', 'jwt', 'application/jwt', undefined].includes(
    header.typ?.toLowerCase(),
  )
  if (!isAccessToken) throw new Finding('admitted with a typ of something else', header)
  return 'admitted'
}
