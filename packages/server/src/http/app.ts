// Turns the route table into one function from Request to Response: finds the row, runs its steps, and makes every
// error a problem document. Headers that belong on all answers are put here.
import { Hono } from 'hono'
import { LatchkeyError } from 'latchkey'
import { acceptsHtml } from './accept.ts'
import type { Services } from './call.ts'
import { type Connection, callerAddress } from './connection.ts'
import { html } from './html.ts'
import { frameOf } from './page-frame.ts'
import { asProblem, problem, retryAfter, statusOfPage } from './reply.ts'
import { type RequestCount, requestCount, strayCount } from './request-count.ts'
import { requestIdOf } from './request-id.ts'
import type { Route } from './route.ts'
import { routes } from './routes.ts'
import { isKnownOrigin, takeSteps } from './steps.ts'

/** The server as a function. `connection` is the socket's side, where there is one. */
export type Handler = (request: Request, connection?: Connection) => Promise<Response>

interface Bindings {
  Bindings: { connection: Connection; outcome: Outcome }
}

/** What the log line of a request needs and only the inside knows. */
interface Outcome {
  requestId: string
  route: string
  code: string | undefined
  /** Counts it among those of its route. */
  count: RequestCount
  /** Whether a refusal is a page, for a browser. */
  isPage: boolean
}

export function createHandler(services: Services): Handler {
  const app = new Hono<Bindings>()
  const { metrics } = services.auth
  const countOfStray = strayCount(metrics)
  for (const route of routes) {
    const count = requestCount(metrics, route.method, route.path)
    app.on(route.method, route.path, async context => {
      const { connection, outcome } = context.env
      outcome.route = route.path
      outcome.count = count
      outcome.isPage = route.isPage === true || route.access === 'page' || route.access === 'console'
      const { requestId } = outcome
      const arrival = {
        request: context.req.raw,
        connection,
        requestId,
        params: context.req.param(),
        onRefused(error: LatchkeyError) {
          outcome.code = error.problem
        },
      }
      try {
        return await takeSteps(route, arrival, services)
      } catch (error) {
        const told = error instanceof LatchkeyError ? route.refusal?.(error) : undefined
        if (told === undefined) throw error
        outcome.code = asProblem(error).code
        return told
      }
    })
  }
  app.notFound(context => answerUnknown(context.req.raw, context.env.outcome, services))
  app.onError((error, context) => {
    const refusal = asProblem(error)
    const { outcome } = context.env
    // A storm must not fill the log: that it is one, each request's own line says.
    if (refusal.status >= 500 && refusal.code !== 'overloaded') services.log.failure(outcome.requestId, error)
    return refused(refusal, { request: context.req.raw, outcome, services })
  })

  const https = services.issuer.startsWith('https:')
  return async (request, connection = {}) => {
    const startedMs = performance.now()
    const outcome: Outcome = {
      requestId: requestIdOf(request.headers),
      route: 'none',
      code: undefined,
      count: countOfStray(request.method),
      isPage: false,
    }
    const answer =
      preflight(request, services) ??
      (await services.tracing.request(request, outcome, async () =>
        app.fetch(request, { connection, outcome }),
      ))
    const ms = performance.now() - startedMs
    services.auth.figures.observe('request_ms', ms)
    outcome.count(answer.status, ms / 1000)
    if (outcome.code !== undefined) metrics.refusals.at(outcome.code).add()
    const response = withCommonHeaders(answer, request, services, { requestId: outcome.requestId, https })
    services.log.request({
      requestId: outcome.requestId,
      route: outcome.route,
      code: outcome.code,
      method: request.method,
      status: response.status,
      ms: Math.round(ms * 10) / 10,
      address: callerAddress(request.headers, connection, services.trustProxy),
    })
    return response
  }
}

/** Whether some route has this path, whatever the method; a mount passes other paths on to its application. */
export function ownsPath(path: string): boolean {
  return methodsOf(path).length > 0
}

const pathPatterns = routes.map(route => ({
  method: route.method,
  pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`),
}))

function methodsOf(path: string): Route['method'][] {
  return pathPatterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
}

/** A refusal as whoever called can read it: a page for a browser that came for one, else a problem document. */
async function refused(
  error: LatchkeyError,
  { request, outcome, services }: { request: Request; outcome: Outcome; services: Services },
  headers: Record<string, string> = {},
): Promise<Response> {
  outcome.code = error.problem
  if (!outcome.isPage || !acceptsHtml(request.headers.get('accept')))
    return problem(error, services.denyStatus, headers)
  const { errorPage } = await import('../pages/error-page.tsx')
  const page = errorPage({ frame: frameOf({ request, services }), error, requestId: outcome.requestId })
  return html(page, {
    status: statusOfPage(error),
    cacheControl: 'no-store',
    headers: { ...retryAfter(error), ...headers },
  })
}

/** Where there is no route, whoever names text/html gets a page. */
async function answerUnknown(request: Request, outcome: Outcome, services: Services): Promise<Response> {
  const methods = methodsOf(new URL(request.url).pathname)
  const allow = [...new Set(methods.flatMap(one => (one === 'GET' ? [one, 'HEAD'] : [one]))), 'OPTIONS'].join(
    ', ',
  )
  outcome.isPage = true
  const asked = { request, outcome, services }
  if (methods.length === 0) return refused(new LatchkeyError('not_found'), asked)
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } })
  return refused(new LatchkeyError('method_not_allowed'), asked, { allow })
}

/** A browser's question before a call across origins (Fetch, "CORS protocol"): yes for listed origins, silence else. */
function preflight(request: Request, services: Services): Response | undefined {
  if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return undefined
  const methods = methodsOf(new URL(request.url).pathname)
  if (methods.length === 0) return undefined
  return new Response(null, {
    status: 204,
    headers: isKnownOrigin(request.headers.get('origin') ?? '', services)
      ? {
          'access-control-allow-methods': [...new Set(methods)].join(', '),
          'access-control-allow-headers': 'authorization, content-type',
          'access-control-max-age': '600',
        }
      : {},
  })
}

function withCommonHeaders(
  answer: Response,
  request: Request,
  services: Services,
  { requestId, https }: { requestId: string; https: boolean },
): Response {
  const { headers } = answer
  headers.set('x-request-id', requestId)
  headers.set('x-content-type-options', 'nosniff')
  if (!headers.has('referrer-policy')) headers.set('referrer-policy', 'no-referrer')
  if (https) headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains')
  const origin = request.headers.get('origin')
  if (origin !== null) {
    headers.append('vary', 'Origin')
    if (isKnownOrigin(origin, services)) {
      headers.set('access-control-allow-origin', origin)
      headers.set('access-control-allow-credentials', 'true')
      headers.set('access-control-expose-headers', 'www-authenticate, retry-after, x-request-id')
    }
  }
  return answer
}
