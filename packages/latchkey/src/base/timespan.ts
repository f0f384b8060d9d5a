// Lengths of time as people write them: a number of seconds, or text with its unit ('1h', '30 days').

const secondsOfUnit: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_557_600,
}

const spelledUnits: Readonly<Record<string, string>> = {
  msec: 'ms',
  msecs: 'ms',
  millisecond: 'ms',
  milliseconds: 'ms',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  day: 'd',
  days: 'd',
  week: 'w',
  weeks: 'w',
  yr: 'y',
  yrs: 'y',
  year: 'y',
  years: 'y',
}

/** Seconds, or text with a unit. */
export type Timespan = number | string

/** The seconds of a span. Throws a TypeError that names the option when it is none: a bare '120' is not guessed at. */
export function secondsOfTimespan(span: unknown, option: string): number {
  if (typeof span === 'number' && Number.isFinite(span)) return span
  if (typeof span === 'string' && span.length <= 100) {
    const [, amount, unit = ''] = /^(-?\d+(?:\.\d+)?) ?([a-z]+)$/i.exec(span.trim()) ?? []
    const name = unit.toLowerCase()
    const seconds = secondsOfUnit[spelledUnits[name] ?? name]
    if (amount !== undefined && seconds !== undefined) return Number(amount) * seconds
  }
  throw new TypeError(
    `${option} must be a number of seconds, or text with a unit such as '15m', '1h' or '30d'`,
  )
}
