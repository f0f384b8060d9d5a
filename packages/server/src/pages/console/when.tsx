// An instant as people say it, with the exact one behind it; and lengths of time.

interface WhenProps {
  /** Milliseconds since 1970. */
  atMs: number
  nowMs: number
}

export function When({ atMs, nowMs }: WhenProps) {
  return (
    <time datetime={new Date(atMs).toISOString()} title={exactTime(atMs)}>
      {relativeTime(atMs - nowMs)}
    </time>
  )
}

/** "25 November 2026 at 04:39:00 UTC" */
export function exactTime(atMs: number): string {
  return `${exact.format(atMs)} UTC`
}

const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** The difference in the largest unit that it has at least one of; "just now" within a minute. */
function relativeTime(differenceMs: number): string {
  const seconds = differenceMs / 1000
  const [unit, length] = units.find(([, one]) => Math.abs(seconds) >= one) ?? []
  if (unit === undefined || length === undefined) return seconds > 1 ? 'in less than a minute' : 'just now'
  return relative.format(Math.trunc(seconds / length), unit)
}

/** "25 Nov 2026" */
export const shownDay = (atMs: number): string => day.format(atMs)

/** "04:39", in UTC. */
export const shownHour = (atMs: number): string => hour.format(atMs)
