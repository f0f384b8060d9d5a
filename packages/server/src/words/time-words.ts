// Instants and lengths of time as a person says them. Nothing of Node is imported: pages use it too.

const units: readonly [seconds: number, name: string][] = [
  [365 * 86_400, 'year'],
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
]

/** `90` is "1 minute 30 seconds": the largest unit that fits, and the next one where it is not zero. */
export function lengthInWords(seconds: number): string {
  const whole = Math.round(Math.abs(seconds))
  const at = units.findIndex(([unit]) => whole >= unit)
  const [unit, name] = units[at] ?? [1, 'second']
  const [smaller, smallerName] = units[at + 1] ?? [1, 'second']
  const rest = Math.floor((whole % unit) / smaller)
  return [counted(Math.floor(whole / unit), name), ...(rest > 0 ? [counted(rest, smallerName)] : [])].join(
    ' ',
  )
}

/** "in 5 minutes" or "5 minutes ago", as seen from an instant in seconds. */
export function relativeTime(seconds: number, nowSeconds: number): string {
  const away = seconds - nowSeconds
  if (Math.abs(away) < 1) return 'now'
  return away > 0 ? `in ${lengthInWords(away)}` : `${lengthInWords(away)} ago`
}

/** An instant in UTC; undefined for a number that no calendar has. */
export function absoluteTime(seconds: number): string | undefined {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
