// Requests to every route of the route table, nearly right: credentials, addresses, bodies of every kind, headers.
import { claimsText, encode, jsonText, mutateText } from '../../packages/latchkey/test/fuzz/generate.ts'
import type { Random } from '../../packages/latchkey/test/fuzz/random.ts'
import type { Route } from '../../packages/server/src/http/route.ts'
import type { Template } from '../../packages/server/test/http/open-cast.ts'
import { type CallerName, callerNames, type RouteRow } from '../../packages/server/test/http/route-rows.ts'
import { seedsOf } from './corpus.ts'

export interface FuzzRequest {
  path: string
  init: RequestInit
  /** Who is let in by what is sent; undefined for a credential that is nobody's. */
  caller: CallerName | undefined
}

/** Fields that other systems have let through (S117). */
const smuggled: readonly (readonly [string, unknown])[] = [
  ['id', 'chosen'],
  ['role', 'admin'],
  ['roles', ['admin']],
  ['verified', true],
  ['email_verified', true],
  ['disabled', false],
  ['disabled_at', null],
  ['is_admin', true],
  ['scope', '*'],
  ['user_id', 'chosen'],
  ['password_hash', 'chosen'],
  ['constructor', { prototype: { isAdmin: true } }],
]

const originOf = 'http://localhost:4000'

export function requestFor(
  random: Random,
  { route, row, template }: { route: Route; row: RouteRow; template: Template },
): FuzzRequest {
  const headers = new Headers()
  const caller = takeCredential(random, headers, { route, template })
  for (const [name, values] of oddHeaders)
    if (random.chance(8)) trySet(headers, name, random.of(values(random)))
  if (!random.chance(6)) headers.set('origin', originOf)
  const isWrite = route.method !== 'GET'
  const body = isWrite ? bodyFor(random, fieldsOf(random, row, template), headers) : undefined
  const init: RequestInit = { method: route.method, headers, ...(body !== undefined && { body }) }
  if (body instanceof ReadableStream) Object.assign(init, { duplex: 'half' })
  // The address is all that a GET has.
  const hasQuery = random.below(3) < (isWrite ? 1 : 2)
  const path = pathFor(random, row.path?.(template.cast) ?? route.path)
  return { path: hasQuery ? `${path}?${queryFor(random)}` : path, init, caller }
}

/** What a right body holds; a new account has a new name, for a taken one ends before anything is made of the rest. */
function fieldsOf(random: Random, row: RouteRow, { cast }: Template): Fields {
  const fields = row.body?.(cast) ?? {}
  return fields['username'] === 'newcomer' ? { ...fields, username: `n${random.below(1e9)}` } : fields
}

function trySet(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value)
  } catch {
    // HTTP lets no such bytes through.
  }
}

const oddHeaders: readonly (readonly [string, (random: Random) => readonly string[]])[] = [
  ['origin', () => ['null', 'https://evil.example', 'http://localhost:4000/', '', 'x']],
  ['accept', () => seedsOf('small-texts')],
  ['last-event-id', () => seedsOf('event-ids')],
  ['x-forwarded-for', () => seedsOf('forwarded')],
  ['forwarded', () => seedsOf('forwarded')],
  ['accept-language', () => ['de', 'en;q=0', '*', 'x'.repeat(300), ';;,', 'de-DE-x-\u00e9']],
  ['user-agent', random => ['', 'x'.repeat(5_000), jsonText(random)]],
  ['content-length', () => ['0', '-1', '99999999999', 'x']],
  ['dpop', random => [encode(claimsText(random))]],
  ['referer', () => ['https://evil.example/', '//', 'x']],
]

/** Puts a credential into the headers: most often a good one of somebody who may. */
function takeCredential(
  random: Random,
  headers: Headers,
  { route, template }: { route: Route; template: Template },
): CallerName | undefined {
  const rightful: CallerName = ['admin', 'console'].includes(route.access) ? 'administrator' : 'user'
  const name = random.chance(3) ? random.of(callerNames) : rightful
  if (name === 'anonymous') return name
  const isPage = route.access === 'page' || route.access === 'console'
  const page = template.pages[name]
  const credential = isPage && page !== undefined ? page : template.callers[name]
  const isChanged = random.chance(5)
  const changed = isChanged ? mutateText(random, credential) : credential
  const scheme = random.chance(10) ? random.of(['bearer ', 'Bearer', 'DPoP ', 'Basic ', '']) : 'Bearer '
  try {
    if (isPage) headers.set('cookie', changed)
    else headers.set('authorization', scheme + changed)
  } catch {
    return 'anonymous'
  }
  const isSame = changed === credential && (isPage || scheme.toLowerCase() === 'bearer ')
  return isSame ? name : undefined
}

const parameters = [
  'limit',
  'cursor',
  'q',
  'user',
  'event',
  'since',
  'until',
  'token',
  'invitation',
  'return_to',
  '',
]

function pathFor(random: Random, right: string): string {
  return random.chance(10) ? mutateText(random, right) : right
}

function queryFor(random: Random): string {
  const values = ['', '0', '-1', '1e400', 'NaN', '2026-01-01', '\u0000', '\ud800', jsonText(random)]
  const pairs = Array.from({ length: 1 + random.below(4) }, () => {
    const value = random.of(random.chance(2) ? values : seedsOf('event-ids')).toWellFormed()
    return `${random.of(parameters)}=${random.chance(8) ? value : encodeURIComponent(value)}`
  })
  return pairs.join('&')
}

type Body = string | Uint8Array<ArrayBuffer> | FormData | ReadableStream<Uint8Array>
type Fields = Record<string, unknown>

/** About half of what nobody may set, beside what is right. */
function smuggle(random: Random, right: Fields): string {
  const more = smuggled.filter(() => random.chance(2))
  return JSON.stringify({ ...Object.fromEntries(more), ...right })
}

/** One thing is wrong with a right body, or nothing. */
const changes: readonly ((random: Random, right: Fields) => string)[] = [
  (_, right) => JSON.stringify(right),
  smuggle,
  smuggle,
  smuggle,
  (random, right) => {
    // A member of that name, and not the prototype.
    const text = JSON.stringify(right)
    return `{"__proto__":${jsonText(random)}${text === '{}' ? '' : ','}${text.slice(1)}`
  },
  (random, right) => {
    const name = random.of([...Object.keys(right), 'x'])
    const marked = JSON.stringify({ ...right, [name]: '\u0001' })
    return marked.replace('"\\u0001"', jsonText(random))
  },
  (random, right) => {
    const name = random.of([...Object.keys(right), 'x'])
    return JSON.stringify({
      ...right,
      [name]: random.of(['', ' ', 'x'.repeat(9_000), '\u0000', 0, -1, 1.5, null, [], {}]),
    })
  },
  (random, right) => {
    const { [random.of([...Object.keys(right), 'x'])]: _dropped, ...rest } = right
    return JSON.stringify(rest)
  },
  (random, right) => {
    const name = random.of([...Object.keys(right), 'x'])
    const depth = random.of([40, 500, 4_000])
    return JSON.stringify({ ...right, [name]: '\u0001' }).replace(
      '"\\u0001"',
      '['.repeat(depth) + ']'.repeat(depth),
    )
  },
  (random, right) => mutateText(random, JSON.stringify(right)),
  random => random.of(seedsOf('json')),
  (_, right) => JSON.stringify(right) + JSON.stringify(right),
  () => `{"username":"${'a'.repeat(20_000)}"}`,
]

const jsonTypes = ['text/plain', 'application/json;charset=utf-16', 'x', 'application/problem+json']
const multipartTypes = [
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'multipart/form-data; boundary=',
]

/** The fields as a form's texts; some with another value, some with one that is not theirs to set. */
function formOf(random: Random, right: Fields): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(right))
    form.append(name, (random.chance(5) ? jsonText(random) : String(value)).toWellFormed())
  if (random.chance(3)) form.append(random.of(['role', 'id', 'verified', '__proto__']), 'admin')
  return form
}

type MakeBody = (random: Random, right: Fields, headers: Headers) => Body

const json: MakeBody = (random, right, headers) => {
  headers.set('content-type', random.chance(8) ? random.of(jsonTypes) : 'application/json')
  return random.of(changes)(random, right)
}

const urlencoded: MakeBody = (random, right, headers) => {
  headers.set('content-type', 'application/x-www-form-urlencoded')
  if (random.chance(8)) return random.of(seedsOf('forms'))
  const text = formOf(random, right).toString()
  return random.chance(4) ? mutateText(random, text) : text
}

const multipart: MakeBody = (random, right) => {
  const form = new FormData()
  for (const [name, value] of formOf(random, right))
    form.append(name, random.chance(10) ? new Blob([value]) : value)
  return form
}

const brokenMultipart: MakeBody = (random, _right, headers) => {
  headers.set('content-type', random.of(multipartTypes))
  return mutateText(random, random.of(seedsOf('forms')))
}

/** Bytes that are no UTF-8, or that end in the middle because their sender went away. */
const bytes: MakeBody = (random, right, headers) => {
  headers.set('content-type', 'application/json')
  const whole = Buffer.from(JSON.stringify(right), random.chance(2) ? 'utf16le' : 'utf8')
  if (random.chance(2)) return new Uint8Array(Buffer.concat([whole, random.bytes(4)]))
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(whole.subarray(0, whole.length >> 1)))
      controller.error(new Error('the caller went away'))
    },
  })
}

const makers: readonly MakeBody[] = [
  json,
  json,
  json,
  json,
  json,
  urlencoded,
  urlencoded,
  multipart,
  brokenMultipart,
  bytes,
]

const bodyFor: MakeBody = (random, right, headers) => random.of(makers)(random, right, headers)
