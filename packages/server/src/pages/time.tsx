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

/** Units with their length, and from how many seconds on they are used. */
const units = [
  { unit: 'year', length: 365 * 86_400, from: 365 * 86_400 },
  { unit: 'month', length: 30 * 86_400, from: 60 * 86_400 },
  { unit: 'day', length: 86_400, from: 86_400 },
  { unit: 'hour', length: 3_600, from: 3_600 },
  { unit: 'minute', length: 60, from: 60 },
] as const

/** The difference in the largest unit that fits; "now" within a minute, "yesterday" where there is a word. */
function relativeTime(seconds: number, lang: Language): string {
  const found = units.find(({ from }) => Math.abs(seconds) >= from)
  const hasWord = found === undefined || found.unit === 'day'
  const format = new Intl.RelativeTimeFormat(lang, { numeric: hasWord ? 'auto' : 'always' })
  return found === undefined
    ? format.format(0, 'second')
    : format.format(Math.round(seconds / found.length), found.unit)
}
