// Three processes: an issuer, and two services that know its published keys and nothing else.
import { expect, test } from 'vitest'
import { bearer, callerAt, refusal, signIn } from '../../test/account.ts'
import { exampleFile, freePort, startExample } from './start-example.ts'

test('two services trust one issuer, each for itself, also while it is down', async () => {
  const [issuerPort, billingPort] = [await freePort(), await freePort()]
  const env = { ISSUER: `http://localhost:${issuerPort}`, BILLING: `http://127.0.0.1:${billingPort}` }
  const issuer = await startExample(exampleFile('microservices/issuer.ts'), { port: issuerPort })
  const notes = await startExample(exampleFile('microservices/notes.ts'), { env })
  const billing = await startExample(exampleFile('microservices/billing.ts'), { env, port: billingPort })
  const { access_token: token } = await signIn(callerAt(issuer.url))
  const [atNotes, atBilling] = [callerAt(notes.url), callerAt(billing.url)]

  expect(await refusal(await atNotes('/notes'))).toBe('401 missing_token')
  expect(await (await atNotes('/notes', bearer(token))).json()).toEqual({ notes: [], of: 'ada' })
  expect(await refusal(await atBilling('/invoices', bearer(token)))).toBe('403 insufficient_scope')
  const costs = await atNotes('/notes/costs', bearer(token))
  expect([costs.status, await costs.json()]).toMatchObject([403, { billing: { code: 'insufficient_scope' } }])

  await issuer.stop()
  expect((await atNotes('/notes', bearer(token))).status).toBe(200)
})

test('a service whose issuer was never there answers 503', async () => {
  const issuer = await startExample(exampleFile('microservices/issuer.ts'))
  const { access_token: token } = await signIn(callerAt(issuer.url))
  await issuer.stop()
  const env = { ISSUER: issuer.url.replace('127.0.0.1', 'localhost') }
  const notes = await startExample(exampleFile('microservices/notes.ts'), { env })
  const answer = await callerAt(notes.url)('/notes', bearer(token))
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await refusal(answer)).toBe('503 keys_unavailable')
})
