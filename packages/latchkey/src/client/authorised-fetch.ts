// fetch with the access token: to the origins that may have it, renewed when it is due, and sent once more when it was
// refused for being old.
import { LatchkeyError } from '../base/errors.ts'

type FetchInput = string | URL | Request

export interface AuthorisedFetch {
  /** Origins that may see the token. */
  readonly origins: ReadonlySet<string>
  /** What relative addresses are read from. */
  readonly base: string
  /** The token to use; `refused` is one that was not taken. */
  tokenToUse(refused?: string): Promise<string | undefined>
  /** Sees each answer that came for the token. */
  onAnswer(request: { url: string; method: string }, response: Response): void
}

/** Refusals that a new token may help against. */
const oldTokenCodes: ReadonlySet<unknown> = new Set(['token_expired', 'token_revoked', 'invalid_token'])

/**
 * Fetches as the global function does. On a redirect to another origin the platform takes the Authorization header
 * off (Fetch, "HTTP-redirect fetch"), in browsers and in Node. Throws `network_error` where fetch has a TypeError.
 */
export async function authorisedFetch(
  input: FetchInput,
  init: RequestInit | undefined,
  { origins, base, tokenToUse, onAnswer }: AuthorisedFetch,
): Promise<Response> {
  const given = input instanceof Request ? input : undefined
  const url = new URL(given?.url ?? String(input), base)
  const headers = new Headers(init?.headers ?? given?.headers)
  // A fresh copy for each try: a body can be read once.
  const send = (): Promise<Response> => reach(given?.clone() ?? url, { ...init, headers })

  // Whoever brings a credential of their own means it.
  if (!origins.has(url.origin) || headers.has('authorization')) return send()
  const token = await tokenToUse()
  if (token === undefined) return send()
  headers.set('authorization', `Bearer ${token}`)
  let response = await send()
  if (!isStream(init?.body) && (await isRefusedAsOld(response))) {
    const next = await tokenToUse(token)
    if (next === undefined || next === token) return response
    headers.set('authorization', `Bearer ${next}`)
    response = await send()
  }
  onAnswer({ url: url.href, method: (init?.method ?? given?.method ?? 'GET').toUpperCase() }, response)
  return response
}

async function reach(input: URL | Request, init: RequestInit): Promise<Response> {
  try {
    return await fetch(input, init)
  } catch (error) {
    // An abort is its caller's own.
    throw error instanceof TypeError ? new LatchkeyError('network_error', { cause: error }) : error
  }
}

function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('getReader' in body || Symbol.asyncIterator in body)
}

/** By the challenge (RFC 6750 3.1), or by the code of the problem document where a page may not see the challenge. */
async function isRefusedAsOld(response: Response): Promise<boolean> {
  if (response.status !== 401 && response.status !== 403) return false
  if (/\berror="?invalid_token\b/.test(response.headers.get('www-authenticate') ?? '')) return true
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return false
  const problem: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return oldTokenCodes.has((problem as { code?: unknown } | undefined)?.code)
}
