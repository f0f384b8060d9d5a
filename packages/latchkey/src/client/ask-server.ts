// One question to the login server and its answer, or a LatchkeyError that says what came instead.
import { type ErrorCode, errorTable, LatchkeyError } from '../base/errors.ts'

/** Nobody waits longer for an answer: other tabs may be waiting for this one. */
const answerLimitMs = 15_000

/** Whoever has its turn for longer than any answer takes is not at work on it. */
export const turnLimitMs = 20_000

export interface Question {
  readonly url: string
  readonly body: object
  readonly credentials: RequestCredentials
}

/**
 * Posts JSON and gives the JSON of the answer, `undefined` for an empty one. Throws the server's codes, and
 * `network_error` when no answer came, or one that is not from Latchkey.
 */
export async function askServer({ url, body, credentials }: Question): Promise<unknown> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), answerLimitMs)
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      credentials,
      cache: 'no-store',
      // A password and a refresh token are for this server alone; a redirect could carry them elsewhere.
      redirect: 'error',
      signal: limit.signal,
    })
    text = await response.text()
  } catch (cause) {
    throw new LatchkeyError('network_error', { cause })
  } finally {
    clearTimeout(timer)
  }
  const answer = parse(text)
  if (!response.ok) throw asError(response, answer)
  return answer
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

interface Problem {
  code?: unknown
  detail?: unknown
  errors?: LatchkeyError['errors']
}

function asError(response: Response, answer: unknown): LatchkeyError {
  // A problem document (RFC 9457); anything else has no code.
  const { code, detail, errors } = (answer ?? {}) as Problem
  const isKnown = typeof code === 'string' && Object.hasOwn(errorTable, code)
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new LatchkeyError(isKnown ? (code as ErrorCode) : 'network_error', {
    detail: isKnown
      ? (detail as string | undefined)
      : `The answer was ${response.status}, not from Latchkey.`,
    errors,
    retryAfterSeconds: retryAfter >= 0 ? retryAfter : undefined,
  })
}
