// How many mails somebody may have sent to an address: five an hour, by all nodes together, whoever asks.
import { attemptBucket } from './attempt-bucket.ts'
import type { AuthContext } from './context.ts'

/** Counts a mail that was asked for. False when it must not be sent; whoever asked is told nothing of it. */
export async function mayMail(
  { master, rules, store, clock, metrics }: AuthContext,
  address: string,
): Promise<boolean> {
  if (rules.limits === 'off') return true
  const wait = await store.countAttempts([attemptBucket(master, 'mail', 'mail', address)], clock())
  if (wait !== undefined) metrics.rateLimited.at('mail_address').add()
  return wait === undefined
}
