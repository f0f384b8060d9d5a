// The API's description is true: valid, complete in both directions, and what every route really answers fits it.
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { type OpenApiDocument, operationsOf } from '../../src/api/openapi.ts'
import type { Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes.ts'
import { openTestServer } from '../open-test-server.ts'
import { answerFaults } from './answer-faults.ts'
import {
  type CopyServer,
  callRoute,
  nameOf,
  openCopy,
  rowOf,
  theSharedCopy,
  theTemplate,
} from './open-cast.ts'
import type { CallerName } from './route-rows.ts'

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

const faultsOf = async (answer: Response, { method, path }: Route): Promise<string[]> =>
  answerFaults(await theDocument(), { method, path: templated(path) }, answer)

const callers: readonly CallerName[] = [
  'anonymous',
  'API key without it',
  'other user',
  'administrator',
  'user',
]
const described = routes.filter(({ path }) => path !== '/revocations')

async function faultsOfAll(server: CopyServer, route: Route): Promise<string[]> {
  const template = await theTemplate()
  const row = rowOf(route)
  const faults: string[] = []
  for (const caller of callers) {
    const answer = await callRoute(server, { route, row, caller }, template)
    faults.push(...(await faultsOf(answer, route)).map(fault => `${nameOf(route)} to ${caller}: ${fault}`))
  }
  return faults
}

// What changes nothing needs no server of its own.
test('every GET answers everybody as it is described', async () => {
  const server = await theSharedCopy(await theTemplate())
  const faults: string[] = []
  for (const route of described.filter(({ method }) => method === 'GET'))
    faults.push(...(await faultsOfAll(server, route)))
  expect(faults).toEqual([])
})

describe.each(
  described.filter(({ method }) => method !== 'GET').map(route => [nameOf(route), route] as const),
)('%s', (_name, route) => {
  test('answers everybody as it is described', async () => {
    const template = await theTemplate()
    const server = await openCopy(template)
    const faults = await faultsOfAll(server, route)
    const broken = { route, row: rowOf(route), caller: 'administrator', body: '{"broken' } as const
    const answer = await callRoute(server, broken, template)
    faults.push(...(await faultsOf(answer, route)).map(fault => `broken body: ${fault}`))
    expect(faults).toEqual([])
  })
})
