// The judgement of a presented refresh token, once its MAC was found right: the key's version, revoked, expired,
// counter, in that order. Pure: an engine calls it inside the transaction that acts on it.
import type { SessionRecord } from './records.ts'
import type { Rotation } from './store.ts'

export type RotationVerdict =
  | 'revoked'
  | 'expired'
  | 'foreign'
  | 'rotated'
  | 'kept'
  | 'repeated'
  | 'ahead'
  | 'stale'
  | 'reused'

/**
 * Judges a counter against its session's row.
 *
 * A session rotates at most once a grace, so no delayed request of an honest client is ever two behind. A clock
 * that jumped back makes the last rotation's age negative: that counts as no age for one grace; beyond it a
 * current token rotates as usual, and the one before it is refused without ending the session.
 */
export function judgeRotation(session: SessionRecord, presented: Rotation): RotationVerdict {
  const behind = session.counter - presented.counter
  // A session that has moved on to another master key gives no such token: who knows the old key made it.
  const isOfItsTime =
    presented.keyVersion === presented.currentKeyVersion || presented.keyVersion === session.keyVersion
  if (!isOfItsTime && behind <= 0) return 'foreign'
  if (session.revokedAt !== undefined) return 'revoked'
  const now = Math.floor(presented.nowMs / 1000)
  if (now >= session.idleExpiresAt || now >= session.expiresAt) return 'expired'

  const ageMs = presented.nowMs - (session.rotatedAtMs ?? Number.NEGATIVE_INFINITY)
  const withinGrace = ageMs <= presented.graceMs && ageMs >= -presented.graceMs

  if (behind < 0) return 'ahead'
  if (behind === 0) return withinGrace ? 'kept' : 'rotated'
  if (behind > 1) return 'reused'
  if (withinGrace) return 'repeated'
  // A phone that slept in the middle of its refresh: it kept the attempt it sent, a thief does not have it.
  if (presented.attemptHash !== undefined && presented.attemptHash === session.attemptHash) return 'repeated'
  return ageMs < 0 ? 'stale' : 'reused'
}
