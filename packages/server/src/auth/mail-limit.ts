// How many mails somebody may have sent to an address: five an hour, by all nodes together, whoever asks.
import { attemptBucket } from './attempt-bucket.ts'
import type { AuthContext } from './context.ts'
import { countAttempts } from './count-attempts.ts'

/** Counts a mail that was asked for. False when it must not be sent; whoever asked is told nothing of it. */
export async function mayMail(context: AuthContext, address: string): Promise<boolean> {
  const bucket = attemptBucket(context.master, 'mail', 'mail', address)
  return (await countAttempts(context, 'mail_address', [bucket])) === undefined
}
