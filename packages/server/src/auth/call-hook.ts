// Calls what an application has put into accounts: awaited, with a time limit, its failures told apart from ours.
import { LatchkeyError } from 'latchkey'

const limitMs = 3_000

/**
 * The value of a hook. A LatchkeyError that it throws stays what it is; anything else, and taking longer than three
 * seconds, becomes `internal_error`, with the hook named for the log.
 */
export async function callHook<T>(name: string, hook: () => T | Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`it took longer than ${limitMs} ms`)), limitMs)
  try {
    return await Promise.race([(async () => hook())(), late])
  } catch (cause) {
    if (cause instanceof LatchkeyError) throw cause
    throw new LatchkeyError('internal_error', { detail: `the hook ${name} failed`, cause })
  } finally {
    clearTimeout(timer)
  }
}
