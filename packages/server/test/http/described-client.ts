// A client that knows the API's description and nothing else of the server: what to call, how to write a body, and how
// to prove who asks, it reads there.
import type { Caller } from '../../../../test/account.ts'
import { type OpenApiDocument, operationsOf, type PlacedOperation } from '../../src/api/openapi.ts'
import { answerFaults } from './answer-faults.ts'

export interface Asking {
  path?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string>>
  body?: Readonly<Record<string, unknown>>
  /** The first media type that the operation takes, unless given. */
  media?: string
  accept?: string
}

export interface Told {
  status: number
  headers: Headers
  /** What JSON says; the text of anything else. */
  body: unknown
}

export interface DescribedClient {
  /** Credentials by the name of their security scheme: a token, `id:secret`, a cookie's value. */
  readonly held: Map<string, string>
  /** Throws for what the description does not allow, and for an answer that it does not have. */
  ask(operationId: string, asking?: Asking): Promise<Told>
}

const writers: Readonly<Record<string, (fields: object) => BodyInit>> = {
  'application/json': fields => JSON.stringify(fields),
  'application/x-www-form-urlencoded': fields => new URLSearchParams(textsOf(fields)),
  'multipart/form-data': fields => {
    const form = new FormData()
    for (const [name, value] of textsOf(fields)) form.append(name, value)
    return form
  },
}

const textsOf = (fields: object): [string, string][] =>
  Object.entries(fields).map(([name, value]) => [name, String(value)])

export function describedClient(document: OpenApiDocument, call: Caller): DescribedClient {
  const operations = new Map(operationsOf(document).map(one => [one.operation.operationId, one]))
  const held = new Map<string, string>()
  return {
    held,
    async ask(operationId, asking = {}) {
      const placed = operations.get(operationId)
      if (placed === undefined) throw new Error(`nothing is called ${operationId}`)
      const { method, path } = placed
      const headers = new Headers({ accept: asking.accept ?? 'application/json' })
      for (const [name, value] of credentials(document, placed, held)) headers.set(name, value)
      const body = bodyOf(placed, asking, headers)
      const answer = await call(addressOf(placed, asking), {
        method: method.toUpperCase(),
        headers,
        ...(body !== undefined && { body }),
      })
      const faults = await answerFaults(document, { method, path }, answer.clone())
      if (faults.length > 0) throw new Error(`${operationId} answers otherwise: ${faults.join('; ')}`)
      const text = await answer.text()
      const isJson = answer.headers.get('content-type')?.split(';')[0]?.endsWith('json')
      return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
    },
  }
}

/** The first way to prove who asks that the credentials at hand are enough for; without one nobody asks. */
function credentials(
  { components, servers }: OpenApiDocument,
  { operation }: PlacedOperation,
  held: ReadonlyMap<string, string>,
): [string, string][] {
  const ways = operation.security.map(one => Object.keys(one)).filter(names => names.length > 0)
  const way = ways.find(names => names.every(name => held.has(name))) ?? []
  return way.flatMap((name): [string, string][] => {
    const scheme = components.securitySchemes[name]
    const credential = held.get(name) ?? ''
    if (scheme?.scheme === 'bearer') return [['authorization', `Bearer ${credential}`]]
    if (scheme?.scheme === 'basic')
      return [['authorization', `Basic ${Buffer.from(credential).toString('base64')}`]]
    if (scheme?.in !== 'cookie') throw new Error(`nothing is said of the scheme ${name}`)
    // A cookie is sent by a browser, which says whose page asks.
    const origin = new URL(servers[0]?.url ?? '').origin
    return [
      ['cookie', `${scheme.name}=${credential}`],
      ['origin', origin],
    ]
  })
}

function bodyOf(
  { operation: { operationId, requestBody } }: PlacedOperation,
  { body, media }: Asking,
  headers: Headers,
): BodyInit | undefined {
  if (body === undefined) return undefined
  const types = Object.keys(requestBody?.content ?? {})
  const type = media ?? types[0] ?? ''
  const write = writers[type]
  if (write === undefined || !types.includes(type)) throw new Error(`${operationId} takes no ${type}`)
  // The boundary of a form is its writer's own.
  if (type !== 'multipart/form-data') headers.set('content-type', type)
  return write(body)
}

function addressOf({ path, operation }: PlacedOperation, { path: inPath = {}, query = {} }: Asking): string {
  const known = (operation.parameters ?? []).map(one => `${one.in} ${one.name}`)
  const given = [
    ...Object.keys(inPath).map(name => `path ${name}`),
    ...Object.keys(query).map(name => `query ${name}`),
  ]
  const strange = given.find(one => !known.includes(one))
  if (strange !== undefined) throw new Error(`${operation.operationId} has no parameter ${strange}`)
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = inPath[name]
    if (value === undefined) throw new Error(`${operation.operationId} needs ${name}`)
    return encodeURIComponent(value)
  })
  const search = new URLSearchParams(query)
  return search.size === 0 ? filled : `${filled}?${search}`
}
