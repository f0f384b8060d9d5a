// The API's description is true: valid, complete in both directions, and what every route really answers fits it.
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { type OpenApiDocument, operationsOf } from '../../src/api/openapi.ts'
import type { Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import { openTestServer } from '../open-test-server.ts'
import { callRoute, nameOf, openCopy, rowOf, theTemplate } from './open-cast.ts'
import { type CallerName, callerNames } from './route-rows.ts'

let read: Promise<OpenApiDocument> | undefined

function theDocument(): Promise<OpenApiDocument> {
  read ??= openTestServer().then(
    async ({ call }) => (await call('/openapi.json')).json() as Promise<OpenApiDocument>,
  )
  return read
}

/** A path of the route table as OpenAPI writes it. */
const templated = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}')

test('an independent validator finds nothing in it', async () => {
  const { valid, errors } = await new Validator().validate({ ...(await theDocument()) })
  expect(errors ?? []).toEqual([])
  expect(valid).toBe(true)
})

test('every route is in it, and it has no other', async () => {
  const described = operationsOf(await theDocument()).map(
    ({ method, path }) => `${method.toUpperCase()} ${path}`,
  )
  expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${templated(path)}`).sort())
})

test('names each operation once, and each answer in words', async () => {
  const operations = operationsOf(await theDocument()).map(({ operation }) => operation)
  const ids = operations.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { operationId, summary, responses } of operations) {
    expect(summary, operationId).toMatch(/\w/)
    for (const [status, { description }] of Object.entries(responses))
      expect(description, `${operationId} ${status}`).toMatch(/\w/)
  }
})

test('is answered by its entity tag alone to who has it already', async () => {
  const { call } = await openTestServer()
  const first = await call('/openapi.json')
  const etag = first.headers.get('etag') ?? ''
  const again = await call('/openapi.json', { headers: { 'if-none-match': etag } })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

/** What an answer does not have that its description promises, or has beyond it; nothing when all is well. */
async function faultsOf(answer: Response, { method, path }: Route): Promise<string[]> {
  const document = await theDocument()
  const place = operationsOf(document).find(
    one => one.method === method.toLowerCase() && one.path === templated(path),
  )
  const response = place?.operation.responses[String(answer.status)]
  if (response === undefined) return [`${answer.status} is not described`]
  const media = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
  if (answer.body === null || media === '') return []
  const content = response.content?.[media]
  if (content === undefined) return [`${answer.status} is not described as ${media}`]
  if (!media.endsWith('json') || content.schema === undefined) return []
  const body: unknown = await answer.json()
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({ $id: 'https://api.example/description', components: document.components })
  const schema = JSON.parse(
    JSON.stringify(content.schema).replaceAll(
      '"#/components',
      '"https://api.example/description#/components',
    ),
  )
  const validate = ajv.compile(schema)
  if (validate(body)) return []
  const problem = media === 'application/problem+json' ? ` ${JSON.stringify(body)}` : ''
  return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message ?? ''}${problem}`)
}

describe.each(
  routes.filter(({ path }) => path !== '/revocations').map(route => [nameOf(route), route] as const),
)('%s', (_name, route) => {
  test('answers everybody as it is described', async () => {
    const template = await theTemplate()
    const row = rowOf(route)
    const faults: string[] = []
    const server = await openCopy(template)
    const callers: readonly CallerName[] = [
      'anonymous',
      'API key without it',
      'other user',
      'administrator',
      'user',
    ]
    expect(callers.every(caller => callerNames.includes(caller))).toBe(true)
    for (const caller of callers) {
      const answer = await callRoute(server, { route, row, caller }, template)
      faults.push(...(await faultsOf(answer, route)).map(fault => `${caller}: ${fault}`))
    }
    if (route.method !== 'GET') {
      const answer = await callRoute(
        server,
        { route, row, caller: 'administrator', body: '{"broken' },
        template,
      )
      faults.push(...(await faultsOf(answer, route)).map(fault => `broken body: ${fault}`))
    }
    expect(faults).toEqual([])
  })
})
