// The Postman collection of docs/ has Postman's format and is what the API's description says, and a run from top to bottom works: each request
// is sent to a real server and answered as the description has it.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { OpenApiDocument } from '../../packages/server/src/api/openapi.ts'
import { operationsOf } from '../../packages/server/src/api/openapi.ts'
import { postmanCollection } from '../../scripts/postman-collection.js'
import { bearer, callerAt, post, refusal, signIn } from '../account.ts'
import { inviteAdministrator } from '../invite-administrator.ts'
import { type ServerProcess, startServer } from '../server-process.ts'
import { collectionFormat } from './collection-format.ts'
import { type Replayed, replayCollection } from './replay-collection.ts'

const text = readFileSync(new URL('../../docs/latchkey.postman_collection.json', import.meta.url), 'utf8')
const collection = collectionFormat.parse(JSON.parse(text))
const variableOf = (name: string): string => collection.variable.find(one => one.key === name)?.value ?? ''

let server: ServerProcess
let document: OpenApiDocument
let retiringKey: string

beforeAll(async () => {
  server = await startServer({ env: { LATCHKEY_JWKS_MAX_AGE: '1s' } })
  const call = callerAt(server.url)
  const invitation = await inviteAdministrator(server)
  const root = { username: variableOf('adminUsername'), password: variableOf('adminPassword') }
  await post(call, '/user/register', { ...root, invitation })
  document = (await (await call('/openapi.json')).json()) as OpenApiDocument
  // So that there is a key to retire, which has signed nothing that is used below.
  const { access_token: token } = await signIn(call, root)
  await call('/admin/api/keys/rotate', { method: 'POST', ...bearer(token) })
  retiringKey = await vi.waitFor(
    async () => {
      const { items } = (await (await call('/admin/api/keys', bearer(token))).json()) as {
        items: { kid: string; state: string }[]
      }
      const found = items.find(({ state }) => state === 'retiring')
      if (found === undefined) throw new Error('none retires yet')
      return found.kid
    },
    { timeout: 15_000 },
  )
})
afterAll(() => server?.end())

const variables = new Map<string, string>()

/** What a reader does by hand: takes the link out of the mail, and says which key is to retire. */
async function byHand(name: string): Promise<void> {
  if (name === 'Retire a key early') variables.set('retiringKey', retiringKey)
  if (name !== 'Verify an e-mail address by a link') return
  const outbox = async () => {
    const page = await (await callerAt(server.url)('/outbox')).text()
    return /\/verify\?token=(lko_[\w-]+)/.exec(page)?.[1] ?? ''
  }
  await expect.poll(outbox).not.toBe('')
  variables.set('verification', await outbox())
}

test('is the one that npm run docs makes of the description', () => {
  const made = postmanCollection({ ...document, servers: [{ url: variableOf('baseUrl') }] })
  expect(JSON.parse(JSON.stringify(made))).toEqual(collection)
})

let replayed: Replayed[] = []

test('run from top to bottom, every request is answered well', async () => {
  variables.set('baseUrl', server.url)
  replayed = await replayCollection(collection, variables, byHand)
  const answers = replayed.map(({ name, status, faults }) => [name, status < 300, faults])
  expect(answers).toEqual(replayed.map(({ name }) => [name, true, []]))
})

test('asks every operation that is for programs, as it is described', () => {
  const operations = operationsOf(document).filter(
    ({ operation }) => operation.tags[0] !== 'Pages' && operation['x-stream'] === undefined,
  )
  const nameOf = (one: { method: string; path: string }) => `${one.method.toUpperCase()} ${one.path}`
  const asked = new Set(replayed.map(({ method, template }) => nameOf({ method, path: template })))
  expect([...asked].sort()).toEqual(operations.map(nameOf).sort())
  for (const { method, template, status, sent } of replayed) {
    const { operation } = operations.find(one => nameOf(one) === nameOf({ method, path: template })) ?? {}
    expect(Object.keys(operation?.responses ?? {}), template).toContain(String(status))
    const media = sent.headers.get('content-type')?.split(';')[0]
    if (media !== undefined) expect(Object.keys(operation?.requestBody?.content ?? {})).toContain(media)
  }
})

test('the sign-in goes by form data and keeps the token, which data, refresh and logout use', async () => {
  const of = (path: string) => replayed.filter(one => one.template === path)
  expect(of('/user/login')[0]?.sent.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
  const [data] = of('/user/data')
  expect(data?.sent.headers.get('authorization')).toMatch(/^Bearer eyJ/)
  const [renewal] = of('/user/refresh')
  expect(await renewal?.sent.formData()).toBeInstanceOf(FormData)
  // The token of the renewal, which is another one, is the one that is dead at the end.
  const [farewell] = of('/user/logout')
  const token = variables.get('token') ?? ''
  expect(farewell?.sent.headers.get('authorization')).toBe(`Bearer ${token}`)
  expect(data?.sent.headers.get('authorization')).not.toBe(`Bearer ${token}`)
  expect(await refusal(await callerAt(server.url)('/user/data', bearer(token)))).toBe('403 token_revoked')
})

test('works a second time, with the account that is there', async () => {
  const again = await replayCollection(collection, variables, async () => undefined)
  expect(again.flatMap(({ name, faults }) => faults.map(fault => `${name}: ${fault}`))).toEqual([])
  expect(again[0]?.status).toBe(409)
})
