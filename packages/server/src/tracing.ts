// Spans of OpenTelemetry, when the application has its API installed: one for a request, and under it one for each
// verb of the store and each hash. No span carries an address, a query, a header, a name or anything that was sent.
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api'
import { LatchkeyError } from 'latchkey'
import { version } from './version.ts'

type Api = typeof import('@opentelemetry/api')

export interface Tracing {
  /** The object with a span for each call that answers with a promise: `store rotateSession`. */
  wrap<T extends object>(room: string, target: T): T
  /**
   * Runs a request in a span of its own, under the trace that its headers name (W3C Trace Context). `outcome` is filled
   * in while it runs.
   */
  request(
    request: Request,
    outcome: { route: string; code: string | undefined },
    run: () => Promise<Response>,
  ): Promise<Response>
}

const silent: Tracing = { wrap: (_room, target) => target, request: (_request, _outcome, run) => run() }

/** Where the API of version 1 keeps what an application has registered. */
const registry = Symbol.for('opentelemetry.js.api.1')

/**
 * Tracing by the API that is installed. Silent without one, and where nobody has registered anything with it by now,
 * as `node --import ./instrumentation.js` does: then nobody would see a span, and the API is not loaded.
 */
export async function openTracing(): Promise<Tracing> {
  if (!Reflect.has(globalThis, registry)) return silent
  const api = await import('@opentelemetry/api').catch(() => undefined)
  return api === undefined ? silent : tracingWith(api)
}

function tracingWith(api: Api): Tracing {
  const tracer = api.trace.getTracer('@latchkey/server', version)
  return {
    wrap: (room, target) =>
      wrapCalls(target, name => (call: () => unknown) => inSpan({ api, tracer }, `${room} ${name}`, call)),
    request(request, outcome, run) {
      const parent = api.propagation.extract(api.context.active(), request.headers, {
        get: (headers, name) => headers.get(name) ?? undefined,
        keys: headers => [...headers.keys()],
      })
      return inRequestSpan({ api, tracer, parent }, { request, outcome, run })
    },
  }
}

async function inRequestSpan(
  { api, tracer, parent }: { api: Api; tracer: Tracer; parent: Context },
  {
    request,
    outcome,
    run,
  }: { request: Request; outcome: { route: string; code: string | undefined }; run(): Promise<Response> },
): Promise<Response> {
  const options = { kind: api.SpanKind.SERVER, attributes: { 'http.request.method': request.method } }
  return tracer.startActiveSpan(request.method, options, parent, async span => {
    try {
      const response = await run()
      span.updateName(`${request.method} ${outcome.route}`)
      span.setAttributes(attributesOf(response, outcome))
      if (response.status >= 500) span.setStatus({ code: api.SpanStatusCode.ERROR })
      return response
    } finally {
      span.end()
    }
  })
}

/** As the semantic conventions of HTTP servers name them, and our own code beside. */
function attributesOf(
  response: Response,
  { route, code }: { route: string; code: string | undefined },
): Attributes {
  return {
    'http.route': route,
    'http.response.status_code': response.status,
    ...(code !== undefined && { 'latchkey.code': code }),
    ...(response.status >= 500 && { 'error.type': code ?? String(response.status) }),
  }
}

/** A call in a span, when it answers with a promise; what answers at once is not worth one. */
function inSpan({ api, tracer }: { api: Api; tracer: Tracer }, name: string, call: () => unknown): unknown {
  // Outside a request there is nothing to belong to: the timers would fill a trace with themselves.
  if (api.trace.getActiveSpan() === undefined) return call()
  return tracer.startActiveSpan(name, span => {
    const result = endAtOnce(span, call)
    if (!(result instanceof Promise)) {
      span.end()
      return result
    }
    return result.catch((error: unknown) => fail(api, span, error)).finally(() => span.end())
  })
}

function endAtOnce(span: Span, call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    span.end()
    throw error
  }
}

/** An error in a span is its code: its message may be of somebody else's making. */
function fail(api: Api, span: Span, error: unknown): never {
  span.setAttribute('error.type', error instanceof LatchkeyError ? error.code : 'internal_error')
  span.setStatus({ code: api.SpanStatusCode.ERROR })
  throw error
}

/** The object with each of its functions called by way of `around`. */
function wrapCalls<T extends object>(
  target: T,
  around: (name: string) => (call: () => unknown) => unknown,
): T {
  const wrapped = new Map<string, unknown>()
  return new Proxy(target, {
    get(object, name, receiver) {
      const value: unknown = Reflect.get(object, name, receiver)
      if (typeof value !== 'function' || typeof name !== 'string') return value
      const known = wrapped.get(name)
      if (known !== undefined) return known
      const within = around(name)
      const made = (...given: unknown[]) => within(() => value.apply(object, given))
      wrapped.set(name, made)
      return made
    },
  })
}
