// Spans, by the real SDK: what a request did, and nothing that was sent.
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ada, bearer, post, signIn } from '../../../test/account.ts'
import { openTestServer } from './open-test-server.ts'

const exporter = new InMemorySpanExporter()

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  )
})
beforeEach(() => exporter.reset())
afterAll(() => {
  trace.disable()
  context.disable()
  propagation.disable()
})

const spans = (): ReadableSpan[] => exporter.getFinishedSpans()
const named = (name: string): ReadableSpan | undefined => spans().find(span => span.name === name)

test('a sign-in is one span with the hash and the verbs of the store under it', async () => {
  const { call } = await openTestServer()
  await signIn(call)
  const login = named('POST /user/login')
  expect(login?.attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/user/login',
    'http.response.status_code': 200,
  })
  const under = spans().filter(span => span.parentSpanContext?.spanId === login?.spanContext().spanId)
  expect(under.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['hasher check', 'store startSession']),
  )
})

test('a refusal says its code, and nothing that was sent is in any span', async () => {
  const { call } = await openTestServer()
  const tokens = await signIn(call)
  await post(call, '/user/login?hint=a-secret-place', { ...ada, password: 'a wrong lantern here' })
  await call('/user/data?token=a-secret-place', bearer(`${tokens.access_token}x`))
  const refused = spans().filter(span => span.attributes['latchkey.code'] === 'invalid_credentials')
  expect(refused.map(span => span.attributes['http.response.status_code'])).toEqual([403])
  const everything = JSON.stringify(
    spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
  )
  for (const secret of [
    ada.password,
    'wrong lantern',
    'secret-place',
    tokens.access_token,
    tokens.refresh_token,
    ada.username,
  ])
    expect(everything).not.toContain(secret)
})

test('a request goes on with the trace of whoever calls', async () => {
  const { call } = await openTestServer()
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  await call('/health/ready', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } })
  expect(named('GET /health/ready')?.spanContext().traceId).toBe(traceId)
})
