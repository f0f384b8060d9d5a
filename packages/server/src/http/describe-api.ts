// Describes the API as OpenAPI 3.1, from the route table, the shapes that bodies are checked with, and what
// api/operations.ts says of each route. Nothing here is written twice: who may call, which codes that brings and what
// a body holds come from the rows themselves.
import { LatchkeyError, type ProblemCode } from 'latchkey'
import { z } from 'zod'
import * as answerShapes from '../api/answers.ts'
import { exampleOf } from '../api/example-of.ts'
import type {
  ApiResponse,
  JsonSchema,
  MediaType,
  OpenApiDocument,
  Operation,
  Parameter,
  SecurityRequirement,
  SecurityScheme,
} from '../api/openapi.ts'
import { type AnswerRow, type OperationRow, queryParameters, tags } from '../api/operation.ts'
import { operationRows } from '../api/operations.ts'
import { statusOf } from './reply.ts'
import type { Route } from './route.ts'
import { routes } from './routes.ts'
import * as bodyShapes from './shapes.ts'

export interface ApiFacts {
  readonly issuer: string
  readonly version: string
  readonly denyStatus: 401 | 403
  readonly cookieNames: { readonly session: string; readonly page: string }
}

/** The whole description. Throws for a route that nothing is said of. */
export async function describeApi(facts: ApiFacts): Promise<OpenApiDocument> {
  const { nothing: _nothing, ...bodies } = bodyShapes
  const schemas = { ...named(bodies, 'input'), ...named(answerShapes, 'output') }
  const document = {
    openapi: '3.1.1' as const,
    info: {
      title: 'Latchkey',
      version: facts.version,
      description:
        'Accounts, sessions and tokens. Every refusal is a problem document (RFC 9457): decide by its `code`. The OAuth endpoints refuse as their RFCs say. Every answer carries `X-Request-Id`, to quote.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: facts.issuer }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    components: { securitySchemes: securitySchemes(facts), schemas, headers: responseHeaders },
  }
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: await describeRoute(route, facts.denyStatus, schemas),
    }
  }
  return { ...document, paths }
}

/** Zod schemas of a module as components, each under its export's name. */
function named(
  shapes: Readonly<Record<string, unknown>>,
  io: 'input' | 'output',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>()
  for (const [name, shape] of Object.entries(shapes))
    if (shape instanceof z.ZodType) registry.add(shape, { id: componentName(name) })
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: id => `#/components/schemas/${id}`,
    override({ jsonSchema }) {
      // Readers have to take what is added later; writers are held to what there is.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
      // The bounds of what a number can count to say nothing.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  })
  // What Zod calls a schema is a schema; the address it gives itself is where it stands anyhow.
  const bare = Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema])
  return Object.fromEntries(bare) as Record<string, JsonSchema>
}

const componentName = (name: string): string => (name[0] ?? '').toUpperCase() + name.slice(1)

const reference = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${componentName(name)}` })

function referenceTo(shapes: Readonly<Record<string, unknown>>, shape: z.ZodType): JsonSchema {
  const [name] = Object.entries(shapes).find(([, one]) => one === shape) ?? []
  if (name === undefined) throw new Error('a shape has no name: export it')
  return reference(name)
}

async function describeRoute(
  route: Route,
  denyStatus: 401 | 403,
  schemas: Readonly<Record<string, JsonSchema>>,
): Promise<Operation> {
  const row = operationRows[`${route.method} ${route.path}`]
  if (row === undefined) throw new Error(`api/operations.ts says nothing of ${route.method} ${route.path}`)
  const parameters = parametersOf(route, row)
  const shape = await route.body()
  const hasBody = shape !== bodyShapes.nothing
  return {
    operationId: row.id,
    tags: [row.tag],
    summary: row.summary,
    ...(row.description !== undefined && { description: row.description }),
    security: securityOf(route, row),
    ...(parameters.length > 0 && { parameters }),
    ...(hasBody && { requestBody: requestBodyOf(referenceTo(bodyShapes, shape), row, schemas) }),
    responses: responsesOf(route, row, { denyStatus, hasBody, schemas }),
    ...(row.isStream && { 'x-stream': row.isStream }),
  }
}

function parametersOf(route: Route, row: OperationRow): Parameter[] {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']): Parameter => {
    if (row.param === undefined) throw new Error(`nothing is said of {${name}} in ${route.path}`)
    return { name, in: 'path', required: true, description: row.param, schema: { type: 'string' } }
  })
  const inQuery = (row.query ?? []).map((name): Parameter => {
    const { description, type } = queryParameters[name]
    return { name, in: 'query', description, schema: { type } }
  })
  return [...inPath, ...inQuery]
}

const formTypes = ['application/x-www-form-urlencoded', 'multipart/form-data']

/** JSON, and the two forms where every field can be written as text. Pages and OAuth endpoints are called by form. */
function requestBodyOf(
  schema: JsonSchema,
  row: OperationRow,
  schemas: Readonly<Record<string, JsonSchema>>,
): NonNullable<Operation['requestBody']> {
  if (row.example === undefined) throw new Error(`the operation ${row.id} has no example of its body`)
  const content: MediaType = { schema, example: row.example }
  const shape = schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema
  const fields = Object.values(shape.properties ?? {})
  const forms = fields.every(isWritableAsText) ? formTypes : []
  const isFormFirst = row.tag === 'Pages' || row.security?.includes('clientSecret') === true
  const types = isFormFirst ? [...forms, 'application/json'] : ['application/json', ...forms]
  return {
    required: (shape.required ?? []).length > 0,
    content: Object.fromEntries(types.map(type => [type, content])),
  }
}

function isWritableAsText({ type, anyOf }: JsonSchema): boolean {
  if (anyOf !== undefined) return anyOf.some(isWritableAsText)
  return type !== 'array' && type !== 'object' && type !== 'null'
}

const schemeOf: Readonly<Record<NonNullable<OperationRow['security']>[number], SecurityRequirement>> = {
  accessToken: { accessToken: [] },
  sessionCookie: { sessionCookie: [] },
  clientSecret: { clientSecret: [] },
  nothing: {},
}

function securityOf(route: Route, row: OperationRow): readonly SecurityRequirement[] {
  if (row.security !== undefined) return row.security.map(one => schemeOf[one])
  if (route.access === 'page' || route.access === 'console') return [{ pageCookie: [] }]
  if (route.access === 'public' || route.access === 'loopback') return []
  const token = { accessToken: route.scope === undefined ? [] : [route.scope] }
  return route.apiKeyScope === undefined ? [token] : [token, { apiKey: [route.apiKeyScope] }]
}

function securitySchemes({ cookieNames }: ApiFacts): Readonly<Record<string, SecurityScheme>> {
  return {
    accessToken: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'The access token of a sign-in, or of a client where a scope is named.',
    },
    apiKey: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'lk_<id>_<secret>',
      description: 'An API key in the place of the token, with the scope that is named.',
    },
    clientSecret: {
      type: 'http',
      scheme: 'basic',
      description: 'A client’s id and secret (RFC 6749 2.3.1).',
    },
    sessionCookie: {
      type: 'apiKey',
      in: 'cookie',
      name: cookieNames.session,
      description:
        'The refresh token of a session in a browser. The page that asks has to be of a listed origin.',
    },
    pageCookie: {
      type: 'apiKey',
      in: 'cookie',
      name: cookieNames.page,
      description: 'The pages’ handle of a session. Forms are taken from our own pages only.',
    },
  }
}

const responseHeaders = {
  WwwAuthenticate: {
    description: 'The challenge (RFC 6750 3).',
    schema: { type: 'string', examples: ['Bearer error="invalid_token"'] },
  },
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'string', examples: ['1'] } },
}

const credentialCodes: readonly ProblemCode[] = [
  'missing_token',
  'invalid_token',
  'token_expired',
  'token_revoked',
  'invalid_request',
  'revocations_stale',
  'keys_unavailable',
]

/** What each access brings beside its route's own codes. */
const accessCodes: Readonly<Record<Route['access'], readonly ProblemCode[]>> = {
  public: [],
  loopback: ['not_found'],
  token: [...credentialCodes, 'forbidden'],
  user: [...credentialCodes, 'forbidden'],
  admin: [...credentialCodes, 'forbidden'],
  operator: [...credentialCodes, 'forbidden'],
  page: ['invalid_request'],
  console: ['invalid_request', 'forbidden'],
}

function codesOf(route: Route, row: OperationRow, hasBody: boolean): ProblemCode[] {
  const isWrite = route.method !== 'GET'
  const isOfPages = route.access === 'page' || route.access === 'console'
  return [
    ...accessCodes[route.access],
    ...(route.scope !== undefined || route.apiKeyScope !== undefined ? ['insufficient_scope' as const] : []),
    ...(route.access === 'admin' && isWrite ? ['insufficient_user_authentication' as const] : []),
    ...(isOfPages && isWrite ? ['origin_refused' as const] : []),
    ...(isWrite ? (['malformed_body', 'body_too_large', 'unsupported_media_type'] as const) : []),
    ...(hasBody ? ['validation_failed' as const] : []),
    ...(row.codes ?? []),
    ...(route.unencrypted === true ? [] : ['https_required' as const]),
    ...(row.isStoreless === true ? [] : ['store_unavailable' as const]),
    'internal_error',
  ]
}

interface Surroundings {
  denyStatus: 401 | 403
  hasBody: boolean
  schemas: Readonly<Record<string, JsonSchema>>
}

function responsesOf(
  route: Route,
  row: OperationRow,
  { denyStatus, hasBody, schemas }: Surroundings,
): Operation['responses'] {
  const responses = new Map<number, ApiResponse>()
  const isHtmlForm = row.tag === 'Pages' && route.method !== 'GET'
  for (const answer of [...row.answers, ...signInFirst(route)])
    responses.set(answer.status, joined(responses.get(answer.status), goodResponse(answer, schemas)))
  for (const [status, errors] of refusalsByStatus(codesOf(route, row, hasBody), denyStatus))
    responses.set(status, joined(responses.get(status), refusalResponse(errors, { status, isHtmlForm })))
  return Object.fromEntries([...responses].sort(([a], [b]) => a - b))
}

/** Pages of somebody send everybody else to sign in. */
function signInFirst({ access }: Route): AnswerRow[] {
  if (access !== 'page' && access !== 'console') return []
  return [{ status: 303, words: 'To the sign-in page, for whoever is not signed in.' }]
}

function joined(one: ApiResponse | undefined, other: ApiResponse): ApiResponse {
  if (one === undefined) return other
  const description =
    one.description === other.description ? one.description : `${one.description}\n\n${other.description}`
  return { ...one, ...other, description, content: { ...one.content, ...other.content } }
}

function goodResponse({ words, shape, media }: AnswerRow, schemas: Surroundings['schemas']): ApiResponse {
  if (shape === undefined && media === undefined) return { description: words }
  if (shape === undefined && media !== undefined) {
    const schema = { type: media === 'application/json' ? 'object' : 'string' }
    return { description: words, content: { [media]: { schema } } }
  }
  const schema = shape === undefined ? {} : referenceTo(answerShapes, shape)
  const example = exampleOf(schema, schemas)
  return { description: words, content: { [media ?? 'application/json']: { schema, example } } }
}

function refusalsByStatus(
  codes: readonly ProblemCode[],
  denyStatus: 401 | 403,
): Map<number, LatchkeyError[]> {
  const found = new Map<number, LatchkeyError[]>()
  for (const code of new Set(codes)) {
    const error = new LatchkeyError(code)
    const status = statusOf(error, denyStatus)
    found.set(status, [...(found.get(status) ?? []), error])
  }
  return found
}

function refusalResponse(
  errors: readonly LatchkeyError[],
  { status, isHtmlForm }: { status: number; isHtmlForm: boolean },
): ApiResponse {
  const codes = errors.map(({ code }) => code)
  const headers = {
    ...([401, 403].includes(status) && {
      'WWW-Authenticate': { $ref: '#/components/headers/WwwAuthenticate' },
    }),
    ...([429, 503].includes(status) && { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }),
  }
  const schema = { allOf: [reference('problem'), { properties: { code: { enum: codes } } }] }
  return {
    description: errors.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n'),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      'application/problem+json': { schema },
      ...(isHtmlForm && { 'text/html': { schema: { type: 'string' } } }),
    },
  }
}
