// Time enters here. Everything that asks for the time takes a Clock, so that a test can stop it.

/** Milliseconds since 1970, as `Date.now` gives them. */
export type Clock = () => number

export const systemClock: Clock = Date.now

/** The whole seconds of a NumericDate (RFC 7519 2). */
export function secondsOf(clock: Clock): number {
  return Math.floor(clock() / 1000)
}
