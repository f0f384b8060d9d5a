// The API's contents page: every route with what it asks for, in the order its steps run. See steps.ts for the steps.
import type { z } from 'zod'
import type { Call } from './call.ts'
import { accessData } from './endpoints/data.ts'
import { live, ready } from './endpoints/health.ts'
import { homePage, styleSheet } from './endpoints/home.ts'
import { keySet } from './endpoints/jwks.ts'
import { signIn } from './endpoints/login.ts'
import { signOut } from './endpoints/logout.ts'
import { renew } from './endpoints/refresh.ts'
import { signUp } from './endpoints/register.ts'
import { credentials, farewell, nothing, registration, renewal } from './shapes.ts'

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  /** Whether an access token is asked for, and verified before anything else is read. */
  access: 'public' | 'token'
  /** The body's shape; `nothing` where none is read. */
  body: z.ZodType
  /** Whether the request may come in the clear behind a trusted proxy: probes and nothing else. */
  unencrypted?: true
  run(call: Call): Response | Promise<Response>
}

/** Ties a body's shape to the endpoint that takes it. */
function route<T>(
  row: Omit<Route, 'body' | 'run'> & { body: z.ZodType<T>; run(call: Call<T>): Response | Promise<Response> },
): Route {
  // The steps parse the body with this row's own shape before they call this row's endpoint.
  return row as Route
}

export const routes: readonly Route[] = [
  route({ method: 'POST', path: '/user/register', access: 'public', body: registration, run: signUp }),
  route({ method: 'POST', path: '/user/login', access: 'public', body: credentials, run: signIn }),
  route({ method: 'GET', path: '/user/data', access: 'token', body: nothing, run: accessData }),
  route({ method: 'GET', path: '/user/login', access: 'token', body: nothing, run: accessData }),
  route({ method: 'POST', path: '/user/refresh', access: 'public', body: renewal, run: renew }),
  route({ method: 'POST', path: '/user/logout', access: 'public', body: farewell, run: signOut }),

  route({ method: 'GET', path: '/.well-known/jwks.json', access: 'public', body: nothing, run: keySet }),
  route({
    method: 'GET',
    path: '/health/live',
    access: 'public',
    body: nothing,
    unencrypted: true,
    run: live,
  }),
  route({
    method: 'GET',
    path: '/health/ready',
    access: 'public',
    body: nothing,
    unencrypted: true,
    run: ready,
  }),

  route({ method: 'GET', path: '/', access: 'public', body: nothing, run: homePage }),
  route({ method: 'GET', path: '/assets/style.css', access: 'public', body: nothing, run: styleSheet }),
]
