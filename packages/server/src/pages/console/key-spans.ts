// A signing key's life as spans of time: published, signing, retiring; what is past, and what is planned.
import { rotationDue } from '../../store/key-plan.ts'
import type { SigningKeyRecord } from '../../store/records.ts'

export interface KeySpan {
  kind: 'next' | 'active' | 'retiring'
  fromMs: number
  toMs: number
  /** Whether it lies ahead. */
  isPlanned: boolean
}

export interface KeyTimes {
  nowMs: number
  /** How long a key signs. */
  rotationSeconds: number
  /** How long a key is published after it signed. */
  retainSeconds: number
  /** When the key that signs now hands over, as planned. */
  handOverMs: number | undefined
}

/** When the key that signs now hands over: after its time, or as soon as may be when somebody asked for it. */
export function plannedHandOver(
  keys: readonly SigningKeyRecord[],
  { rotationSeconds }: Pick<KeyTimes, 'rotationSeconds'>,
): number | undefined {
  const active = keys.find(key => key.state === 'active')
  if (active?.activeAt === undefined) return undefined
  return rotationDue(active, rotationSeconds) * 1000
}

export function keySpans(key: SigningKeyRecord, times: KeyTimes): KeySpan[] {
  const { nowMs, retainSeconds, handOverMs = nowMs } = times
  const { state } = key
  const publishedMs = key.publishedAt * 1000
  const activeMs = key.activeAt === undefined ? undefined : key.activeAt * 1000
  const revokedMs = key.revokedAt === undefined ? Infinity : key.revokedAt * 1000
  const goneMs = key.retiredUntil === undefined ? undefined : key.retiredUntil * 1000
  const retiredMs =
    goneMs === undefined ? undefined : Math.max(activeMs ?? publishedMs, goneMs - retainSeconds * 1000)
  const ahead = Math.max(nowMs, handOverMs)

  const nextEnds = activeMs ?? (state === 'next' ? ahead : revokedMs)
  const activeEnds = retiredMs ?? (state === 'active' ? ahead : revokedMs)
  const spans: (Omit<KeySpan, 'isPlanned'> | undefined)[] = [
    { kind: 'next', fromMs: publishedMs, toMs: nextEnds },
    activeMs === undefined ? undefined : { kind: 'active', fromMs: activeMs, toMs: activeEnds },
    retiredMs === undefined || goneMs === undefined
      ? undefined
      : { kind: 'retiring', fromMs: retiredMs, toMs: goneMs },
  ]
  return spans
    .filter(span => span !== undefined)
    .map(span => ({ ...span, toMs: Math.min(span.toMs, revokedMs) }))
    .filter(span => Number.isFinite(span.toMs) && span.toMs > span.fromMs)
    .flatMap(span => cutAt(nowMs, span))
}

/** A span that reaches into the future in its two parts. */
function cutAt(nowMs: number, span: Omit<KeySpan, 'isPlanned'>): KeySpan[] {
  if (span.toMs <= nowMs) return [{ ...span, isPlanned: false }]
  if (span.fromMs >= nowMs) return [{ ...span, isPlanned: true }]
  return [
    { ...span, toMs: nowMs, isPlanned: false },
    { ...span, fromMs: nowMs, isPlanned: true },
  ]
}
