// The refusal of an attempt that came too early.
import { LatchkeyError } from 'latchkey'

/** `rate_limited`, with the wait in whole seconds: whoever waits as told comes late enough. */
export function rateLimited(waitMs: number): LatchkeyError {
  return new LatchkeyError('rate_limited', { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) })
}
