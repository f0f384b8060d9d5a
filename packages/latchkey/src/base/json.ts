// JSON from outside, read strictly: valid UTF-8 without a byte order mark, an object, no name twice at any depth
// (RFC 7515 4, RFC 7519 4), no `__proto__`, nesting up to 32, no half of a surrogate pair (RFC 7493 2.1): written as
// UTF-8, different texts with one become the same.
import { isUtf8 } from 'node:buffer'

export type JsonObject = Record<string, unknown>

const maxDepth = 32

const quote = 0x22
const colon = 0x3a
const backslash = 0x5c
const openBrace = 0x7b
const openBracket = 0x5b
const closeBrace = 0x7d
const closeBracket = 0x5d
const space = 0x20

/** The object in the first `length` bytes, or undefined when they are anything else. */
export function parseStrictObject(bytes: Buffer, length: number): JsonObject | undefined {
  // Junk is told from an object before JSON.parse, whose exception costs more than a signature.
  let start = 0
  while (start < length && (bytes[start] ?? 0) <= space) start++
  if (bytes[start] !== openBrace) return undefined
  const text = bytes.toString('utf8', 0, length)
  // Bytes that are not UTF-8 become U+FFFD; only then the bytes must be asked.
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(0, length))) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const written = countWrittenNames(bytes, length)
  if (written < 0 || written !== countNames(value)) return undefined
  if (text.includes('\\u') && hasLoneSurrogate(JSON.stringify(value))) return undefined
  // It began with a brace.
  return value as JsonObject
}

/** Whether JSON as `JSON.stringify` writes it has a half of a surrogate pair: only those are escaped as \\ud… there. */
export function hasLoneSurrogate(json: string): boolean {
  return json.includes('\\ud') && /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(json)
}

/** A text that must be a JSON object, read as strictly. */
export function parseStrictText(text: string): JsonObject | undefined {
  const bytes = Buffer.from(text, 'utf8')
  return parseStrictObject(bytes, bytes.length)
}

/** How many member names valid JSON text has, repeated ones included; -1 when it nests too deep. */
function countWrittenNames(bytes: Buffer, length: number): number {
  let names = 0
  let depth = 0
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]
    if (byte === quote) at = endOfText(bytes, at + 1, length)
    else if (byte === colon) names++
    else if (byte === openBrace || byte === openBracket) {
      if (++depth > maxDepth) return -1
    } else if (byte === closeBrace || byte === closeBracket) depth--
  }
  return names
}

/** Where the text that begins at `at` has its closing quote. */
function endOfText(bytes: Buffer, at: number, length: number): number {
  let end = at
  while (end < length && bytes[end] !== quote) end += bytes[end] === backslash ? 2 : 1
  return end
}

/** How many names the parsed value has: fewer than were written when one came twice. -1 for a `__proto__`. */
function countNames(value: object): number {
  let names = 0
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item !== 'object' || item === null) continue
      const inside = countNames(item)
      if (inside < 0) return -1
      names += inside
    }
    return names
  }
  for (const name in value) {
    if (name === '__proto__') return -1
    names++
    const member = (value as JsonObject)[name]
    if (typeof member !== 'object' || member === null) continue
    const inside = countNames(member)
    if (inside < 0) return -1
    names += inside
  }
  return names
}
