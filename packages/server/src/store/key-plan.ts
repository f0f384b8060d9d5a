// What has to become of the signing keys at an instant. Pure: an engine calls it inside the transaction that acts
// on it, so that any number of processes may ask at once.
import type { KeyId, SigningKeyRecord } from './records.ts'
import type { KeyRules } from './store.ts'

export interface KeyPlan {
  /** Keys whose tokens are all dead: published no more, their secrets wiped. */
  drop: readonly KeyId[]
  /** Signing keys that stop signing and stay published. */
  retire: readonly KeyId[]
  /** The waiting key that takes over. */
  activate: KeyId | undefined
  /** Whether there is nothing that could sign, so that a new key has to sign unannounced. */
  needsActive: boolean
  needsNext: boolean
}

/**
 * Plans the keys: `next` (published, not signing) → `active` → `retiring` (published until its tokens are dead) →
 * gone. The very first key signs at once, and so does the first of another algorithm. A `next` is always there, so
 * that an emergency revoke has something to switch to.
 */
export function planKeys(keys: readonly SigningKeyRecord[], rules: KeyRules): KeyPlan {
  const { now } = rules
  const active = keys.find(key => key.state === 'active' && key.alg === rules.alg)
  const next = keys.find(key => key.state === 'next' && key.alg === rules.alg)
  const strangers = keys.filter(key => key.alg !== rules.alg)

  const isAnnounced = next !== undefined && now >= next.publishedAt + rules.publishSeconds
  const isDue = active !== undefined && now >= rotationDue(active, rules.rotationSeconds)
  const takesOver = next !== undefined && (active === undefined || (isDue && isAnnounced))
  return {
    drop: [
      ...keys.filter(key => key.state === 'retiring' && now >= (key.retiredUntil ?? 0)),
      ...strangers.filter(key => key.state === 'next'),
    ].map(key => key.kid),
    retire: [
      ...strangers.filter(key => key.state === 'active'),
      ...(takesOver && active ? [active] : []),
    ].map(key => key.kid),
    activate: takesOver ? next.kid : undefined,
    needsActive: active === undefined && next === undefined,
    needsNext: next === undefined || takesOver,
  }
}

/** When a key that signs is due to be replaced, in seconds since 1970. */
export function rotationDue(
  { activeAt = 0, rotateAt = Infinity }: Pick<SigningKeyRecord, 'activeAt' | 'rotateAt'>,
  rotationSeconds: number,
): number {
  return Math.min(rotateAt, activeAt + rotationSeconds)
}

export function isAnythingDue(plan: KeyPlan): boolean {
  return (
    plan.drop.length > 0 ||
    plan.retire.length > 0 ||
    plan.activate !== undefined ||
    plan.needsActive ||
    plan.needsNext
  )
}
