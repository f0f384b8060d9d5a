// How long ago something was, by a clock that people and services may set.
import type { Clock } from './clock.ts'

/**
 * A clock that stands still where the given one is set back, and goes on from there: what was to happen in a minute
 * then happens in a minute, not a day later. Not for what a token says, which is by the clock as it is.
 */
export function steadyClock(clock: Clock): Clock {
  let setBackMs = 0
  let latestMs = Number.NEGATIVE_INFINITY
  return () => {
    const nowMs = clock() + setBackMs
    if (nowMs < latestMs) setBackMs += latestMs - nowMs
    else latestMs = nowMs
    return latestMs
  }
}
