// Takes a text apart as the engine does, without Node: base64url in its one spelling, strict JSON, no name twice.

export type JsonObject = Readonly<Record<string, unknown>>

/** The object of a segment; a sentence about what is wrong with it. */
export function readSegment(segment: string): JsonObject | string {
  const bytes = decodeSegment(segment)
  if (bytes === undefined) return 'is not base64url'
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return 'is not UTF-8'
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'is not JSON'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not a JSON object'
  if (depthOf(value) > maxDepth) return 'is nested too deeply'
  if (writtenNames(text) !== countNames(value)) return 'has a name twice'
  if (!JSON.stringify(value).isWellFormed() || hasLoneSurrogate(value)) return 'has half a character in it'
  // What is an object and no list has members.
  return value as JsonObject
}

/** The bytes of a segment; undefined when the text is not their one spelling (RFC 7515 2). */
function decodeSegment(segment: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(segment) || segment.length % 4 === 1) return undefined
  const text = atob(segment.replaceAll('-', '+').replaceAll('_', '/'))
  const again = btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return again === segment ? Uint8Array.from(text, letter => letter.charCodeAt(0)) : undefined
}

const maxDepth = 32

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

/** How many names the text has, repeated ones included: every text with a colon behind it. */
function writtenNames(text: string): number {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)].filter(([, colon]) => colon === ':').length
}

function countNames(value: object): number {
  const members: readonly unknown[] = Object.values(value)
  const own = Array.isArray(value) ? 0 : members.length
  return members.reduce<number>(
    (sum, member) => sum + (typeof member === 'object' && member !== null ? countNames(member) : 0),
    own,
  )
}

function hasLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed()
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, member]) => !name.isWellFormed() || hasLoneSurrogate(member))
}
