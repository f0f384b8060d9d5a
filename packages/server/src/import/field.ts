// Reading the fields of a record whose shape nobody has checked.

export type Fields = Readonly<Record<string, unknown>>

/** Text that is not empty; a number as its digits. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

const yes = new Set(['true', 't', '1', 'yes', 'y'])

/** Whether a field says yes, in any of the ways files say it. */
export function isYes(value: unknown): boolean {
  return value === true || value === 1 || (typeof value === 'string' && yes.has(value.trim().toLowerCase()))
}

/** An object, or what JSON text in a column holds; empty for anything else. */
export function fieldsOf(value: unknown): Fields {
  const parsed = typeof value === 'string' ? parsedOrNothing(value) : value
  return isFields(parsed) ? parsed : {}
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A list of names: an array, or text with commas, semicolons or spaces between. */
export function namesOf(value: unknown): string[] {
  const parts = Array.isArray(value) ? value.map(textOf) : (textOf(value) ?? '').split(/[\s,;]+/)
  return parts.flatMap(part => (part === undefined || part === '' ? [] : [part]))
}

/** From here on a number counts milliseconds: as seconds it would be the year 5138. */
const fewestMs = 100_000_000_000

/** An instant in seconds since 1970: a date as ISO 8601 or PostgreSQL write it, seconds, or milliseconds. */
export function instantOf(value: unknown): number | undefined {
  const text = textOf(value)
  if (text === undefined) return undefined
  const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined
  const ms = number === undefined ? Date.parse(isoOf(text)) : number * (number < fewestMs ? 1000 : 1)
  return Number.isFinite(ms) && ms > 0 ? Math.floor(ms / 1000) : undefined
}

/** PostgreSQL writes `2024-01-02 03:04:05.678+00`. */
function isoOf(text: string): string {
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ?([+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? []
  if (day === undefined || time === undefined) return text
  return `${day}T${time}${zone === undefined ? 'Z' : zone.length === 3 ? `${zone}:00` : zone}`
}
