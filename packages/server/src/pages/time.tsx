// An instant as people say it, with the exact one behind it.
import type { Language } from './texts.ts'

interface TimeProps {
  /** Seconds since 1970. */
  at: number
  now: number
  lang: Language
}

export function Time({ at, now, lang }: TimeProps) {
  const instant = new Date(at * 1000)
  return (
    <time datetime={instant.toISOString()} title={absoluteTime(instant, lang)}>
      {relativeTime(at - now, lang)}
    </time>
  )
}

function absoluteTime(instant: Date, lang: Language): string {
  const shown = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' })
  return `${shown.format(instant)} UTC`
}

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** The difference in the largest unit that it has at least one of; "now" within a minute. */
function relativeTime(seconds: number, lang: Language): string {
  const format = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' })
  const [unit, length] = units.find(([, one]) => Math.abs(seconds) >= one) ?? ['second', 60]
  return format.format(Math.trunc(seconds / length), unit)
}
