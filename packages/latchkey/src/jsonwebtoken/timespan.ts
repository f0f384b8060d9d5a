// The old library's timespans: a number counts seconds, a text without a unit counts milliseconds.
// (The engine's own timespans refuse such a text; here it has to keep its old meaning.)

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

const units: readonly (readonly [names: string, milliseconds: number])[] = [
  ['ms msec msecs millisecond milliseconds', 1],
  ['s sec secs second seconds', 1_000],
  ['m min mins minute minutes', minuteMs],
  ['h hr hrs hour hours', 60 * minuteMs],
  ['d day days', dayMs],
  ['w week weeks', 7 * dayMs],
  ['y yr yrs year years', 365.25 * dayMs],
]
const millisecondsOf = new Map(
  units.flatMap(([names, ms]) => names.split(' ').map(name => [name, ms] as const)),
)
const form = /^(-?\d*\.?\d+) *([a-z]*)$/i
const longestText = 100

/** `from` (seconds; now when it is 0 or absent) plus the span, in whole seconds for a text; undefined when unreadable. */
export function timespan(span: unknown, from: number | undefined): number | undefined {
  const start = from || Math.floor(Date.now() / 1000)
  if (typeof span === 'number') return start + span
  if (typeof span !== 'string' || span.length > longestText) return undefined
  const [, amount, unit] = form.exec(span) ?? []
  const unitMs = millisecondsOf.get(unit?.toLowerCase() || 'ms')
  if (amount === undefined || unitMs === undefined) return undefined
  return Math.floor(start + (Number.parseFloat(amount) * unitMs) / 1000)
}
