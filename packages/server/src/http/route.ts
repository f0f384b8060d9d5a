// A row of the route table: what a route asks for, and the endpoint that answers.
import type { LatchkeyError } from 'latchkey'
import type { z } from 'zod'
import type { Call } from './call.ts'

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  /**
   * Who may call: everybody, this machine alone (for others there is nothing here), whoever brings an access token,
   * a user who is in the store now, an administrator, this machine or whoever watches it (an administrator, or a client
   * with the route's scope); and for pages, whoever signed in by cookie, an administrator who did. Checked before
   * anything else is read.
   */
  access: 'public' | 'loopback' | 'token' | 'user' | 'admin' | 'operator' | 'page' | 'console'
  /** The scope that the credential needs. A client's token is good on such routes only. */
  scope?: string
  /** The scope that lets an API key in, too; without it no API key is taken. */
  apiKeyScope?: string
  /** Loads the body's shape; `nothing` where none is read. */
  body: () => Promise<z.ZodType>
  /** Whether a password is hashed here: refused before anything is read when too many wait for that. */
  hashes?: true
  /** Whether browsers are who calls: what is refused is a page, too. So it is with access `page` and `console`. */
  isPage?: true
  /** Whether the request may come in the clear behind a trusted proxy: probes and nothing else. */
  unencrypted?: true
  /** Tells an error in the words of the route's own RFC; undefined for those that are told as everywhere. */
  refusal?(error: LatchkeyError): Response | undefined
  run(call: Call): Response | Promise<Response>
}

/** Ties a body's shape to the endpoint that takes it. */
export function route<T>(
  row: Omit<Route, 'body' | 'run'> & {
    body: () => Promise<z.ZodType<T>>
    run(call: Call<T>): Response | Promise<Response>
  },
): Route {
  // The steps parse the body with this row's own shape before they call this row's endpoint.
  return row as Route
}
