// JSON from outside, read strictly: valid UTF-8 without a byte order mark, an object, no name twice at any depth
// (RFC 7515 4, RFC 7519 4), no `__proto__`, nesting up to 32, no half of a surrogate pair (RFC 7493 2.1): written as
// UTF-8, different texts with one become the same.
import { isUtf8 } from 'node:buffer'
import { leastJsonLength, leastMemberLength } from './least-json-length.ts'

export type JsonObject = Record<string, unknown>

const maxDepth = 32

const quote = 0x22
const colon = 0x3a
const backslash = 0x5c
const openBrace = 0x7b
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
  const least = leastJsonLength(value, maxDepth)
  if (least < 0) return undefined
  // A text with room for another member may have had one: then its names are counted.
  if (text.length >= least + leastMemberLength && countWrittenNames(bytes, length) !== countNames(value))
    return undefined
  if (text.includes('\\u') && hasLoneSurrogate(JSON.stringify(value))) return undefined
  // It began with a brace.
  return value as JsonObject
}

/** Whether JSON as `JSON.stringify` writes it has a half of a surrogate pair: only those are escaped as \ud… there. */
export function hasLoneSurrogate(json: string): boolean {
  return json.includes('\\ud') && /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(json)
}

/**
 * The object that a JSON text is, or undefined when two parsers could read it as two things: a name that comes twice at
 * any depth, `__proto__`, half a surrogate pair, which would become U+FFFD without a word; or when it nests deeper than
 * 32 levels or is no object at all.
 */
export function parseStrictText(text: string): JsonObject | undefined {
  if (!text.isWellFormed()) return undefined
  const bytes = Buffer.from(text, 'utf8')
  return parseStrictObject(bytes, bytes.length)
}

/** How many member names valid JSON text has, repeated ones included. */
function countWrittenNames(bytes: Buffer, length: number): number {
  let names = 0
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]
    if (byte === quote) at = endOfText(bytes, at + 1, length)
    else if (byte === colon) names++
  }
  return names
}

/** Where the text that begins at `at` has its closing quote. */
function endOfText(bytes: Buffer, at: number, length: number): number {
  let end = at
  while (end < length && bytes[end] !== quote) end += bytes[end] === backslash ? 2 : 1
  return end
}

/** How many names the parsed value has: fewer than were written when one came twice. */
function countNames(value: object): number {
  const members: readonly unknown[] = Object.values(value)
  let names = Array.isArray(value) ? 0 : members.length
  for (const member of members) if (typeof member === 'object' && member !== null) names += countNames(member)
  return names
}
