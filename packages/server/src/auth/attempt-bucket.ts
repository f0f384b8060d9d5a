// Where attempts at a name are counted in the store: a place in a table that nobody can look up without the master key.
import { createHmac } from 'node:crypto'
import type { AttemptBucket } from '../store/records.ts'
import type { MasterKey } from './master-key.ts'

/** The table has at most this many rows, whatever is guessed; two names share one with a chance of one in a million. */
const placeBits = 20

/** The bucket of a name among its `kind`. */
export function attemptBucket(
  master: MasterKey,
  policy: AttemptBucket['policy'],
  kind: string,
  name: string,
): AttemptBucket {
  const digest = createHmac('sha256', master.throttle).update(`${kind}\0${name}`).digest()
  return { place: digest.readUInt32BE(0) >>> (32 - placeBits), policy }
}
