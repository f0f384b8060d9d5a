// One-time tokens: `lko_` and base64url of key version ‖ id ‖ MAC. Derived from the row and the master key, bound to
// purpose, user and address; a queue, a log or a backup holds nothing that could be presented.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { LatchkeyError } from 'latchkey'
import type { OneTimeId, OneTimePurpose, OneTimeRecord, UserId } from '../store/records.ts'
import type { OneTimeUse } from '../store/store.ts'
import type { AuthContext, Caller } from './context.ts'
import { newOneTimeId } from './identifiers.ts'
import { type MasterKey, masterKeyOf } from './master-key.ts'

const prefix = 'lko_'
const idBytes = 16
const macBytes = 32
const totalBytes = 1 + idBytes + macBytes

/** How long each kind of link works, in seconds. */
const lifetimeSeconds: Record<OneTimePurpose, number> = {
  reset: 3_600,
  welcome: 7 * 86_400,
  verify: 3_600,
  invite: 7 * 86_400,
  first_admin: 3_600,
}

/** A new one-time thing, not kept yet. */
export function newOneTime(
  context: AuthContext,
  wanted: {
    purpose: OneTimePurpose
    userId?: UserId | undefined
    address?: string | undefined
    roles?: readonly string[]
  },
): OneTimeRecord {
  const nowMs = context.clock()
  const createdAt = Math.floor(nowMs / 1000)
  return {
    id: newOneTimeId(nowMs),
    purpose: wanted.purpose,
    userId: wanted.userId,
    address: wanted.address,
    roles: wanted.roles ?? [],
    salt: randomBytes(16),
    keyVersion: context.master.version,
    createdAt,
    expiresAt: createdAt + lifetimeSeconds[wanted.purpose],
    consumedAt: undefined,
  }
}

/**
 * A thing that is over before anybody has it, and swept away within a minute. It is kept where a link would be if the
 * address were another: the same work for both, so that time does not tell who has an account.
 */
export function deadOneTime(
  context: AuthContext,
  wanted: { purpose: OneTimePurpose; userId?: UserId | undefined },
): OneTimeRecord {
  return { ...newOneTime(context, wanted), expiresAt: 0 }
}

/** The token of a one-time thing. Throws `keys_unavailable` when its master key is not configured. */
export function oneTimeToken(master: MasterKey, thing: OneTimeRecord): string {
  const key = masterKeyOf(master, thing.keyVersion)
  if (key === undefined)
    throw new LatchkeyError('keys_unavailable', {
      detail: `master key ${thing.keyVersion} is not configured`,
    })
  const head = Buffer.alloc(1 + idBytes)
  head.writeUInt8(key.version, 0)
  head.write(thing.id, 1, idBytes, 'base64url')
  return prefix + Buffer.concat([head, macOf(key, head, thing)]).toString('base64url')
}

/** What a presented token may be used for, its MAC compared; undefined when it is none of ours for these purposes. */
export async function readOneTimeToken(
  context: AuthContext,
  text: string,
  ...purposes: readonly OneTimePurpose[]
): Promise<{ use: OneTimeUse; thing: OneTimeRecord } | undefined> {
  const bytes = Buffer.from(text.slice(prefix.length), 'base64url')
  if (bytes.length !== totalBytes || prefix + bytes.toString('base64url') !== text) return undefined
  const head = bytes.subarray(0, 1 + idBytes)
  const key = masterKeyOf(context.master, head.readUInt8(0))
  if (key === undefined) return undefined
  const id = head.toString('base64url', 1) as OneTimeId
  const thing = await context.store.findOneTime(id)
  // Compared for a thing that is not there too, so that time does not tell which are.
  const isRight = timingSafeEqual(bytes.subarray(1 + idBytes), macOf(key, head, thing ?? nothing))
  if (thing === undefined || !isRight || !purposes.includes(thing.purpose)) return undefined
  if (thing.keyVersion !== key.version) return undefined
  const now = Math.floor(context.clock() / 1000)
  if (thing.consumedAt !== undefined || thing.expiresAt <= now) return undefined
  return { use: { id, purpose: thing.purpose, now }, thing }
}

type Bound = Pick<OneTimeRecord, 'purpose' | 'userId' | 'address' | 'salt'>

const nothing: Bound = { purpose: 'reset', userId: undefined, address: undefined, salt: Buffer.alloc(16) }

function macOf(master: MasterKey, head: Buffer, { purpose, userId, address, salt }: Bound): Buffer {
  const bound = JSON.stringify([purpose, userId ?? null, address ?? null])
  return createHmac('sha256', master.oneTime).update(head).update(salt).update(bound).digest()
}

/** The refusal of a link, counted by where it came from: throws `rate_limited` instead when there were too many. */
export function invalidLink({ addressLimiter }: AuthContext, { address }: Caller): LatchkeyError {
  addressLimiter.failure('link', address)
  return new LatchkeyError('invalid_link')
}
