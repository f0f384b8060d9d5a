// Base64url as RFC 7515 2 has it: no padding, no whitespace, no other alphabet, the unused bits zero. One value
// has one spelling, so that nobody gets a second token out of a good one.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Whether a character may stand last when two (three) characters are left over: its low four (two) bits are zero. */
const endsPair = new Uint8Array(128)
const endsTriple = new Uint8Array(128)
for (let value = 0; value < 64; value++) {
  const code = alphabet.charCodeAt(value)
  if ((value & 15) === 0) endsPair[code] = 1
  if ((value & 3) === 0) endsTriple[code] = 1
}

export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/** The bytes, or undefined when the text is not the one spelling of them. */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

/**
 * Decodes a segment into `target` and returns how many bytes it had, -1 when it is not canonical. The caller has
 * proven that the text is ASCII without '+' and '/': Node's decoder folds other characters into the alphabet.
 * What remains to be caught are characters that the decoder skips (then bytes are missing) and unused bits.
 */
export function decodeProvenSegment(segment: string, target: Buffer): number {
  const chars = segment.length
  const bytes = (chars * 3) >>> 2
  const left = chars & 3
  if (left === 1 || bytes > target.length) return -1
  if (left === 2 && endsPair[segment.charCodeAt(chars - 1)] !== 1) return -1
  if (left === 3 && endsTriple[segment.charCodeAt(chars - 1)] !== 1) return -1
  return target.write(segment, 0, bytes, 'base64url') === bytes ? bytes : -1
}
