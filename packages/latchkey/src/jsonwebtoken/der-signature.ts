// ECDSA signatures between the two numbers side by side that a token carries (RFC 7518 3.4) and the DER that the
// crypto library speaks. Asking that library for the former costs more than the signature itself.

const numberBytesOf: Readonly<Record<string, number>> = { ES256: 32, ES384: 48, ES512: 66 }
const sequenceTag = 0x30
const integerTag = 0x02
const longLength = 0x81

/** DER to the fixed form. Throws when the DER is of another curve or of no curve (an RSA key forced into place). */
export function derToFixed(der: Buffer, algorithm: string): Buffer {
  const size = numberBytesOf[algorithm] ?? 0
  if (der[0] !== sequenceTag) throw new Error('Could not find expected "seq"')
  const start = der[1] === longLength ? 3 : 2
  const length = der[start - 1] ?? 0
  const left = der.length - start
  if (left < length) throw new Error(`"seq" specified length of "${length}", only "${left}" remaining`)
  const fixed = Buffer.alloc(size * 2)
  const afterR = copyInteger(der, start, 'r', fixed.subarray(0, size))
  copyInteger(der, afterR, 's', fixed.subarray(size))
  return fixed
}

function copyInteger(der: Buffer, at: number, name: 'r' | 's', into: Buffer): number {
  if (der[at] !== integerTag) throw new Error(`Could not find expected "int" for "${name}"`)
  const length = der[at + 1] ?? 0
  const left = der.length - at - 2
  if (name === 'r' && left - 2 < length) {
    throw new Error(`"r" specified length of "${length}", only "${left - 2}" available`)
  }
  if (name === 's' && left !== length)
    throw new Error(`"s" specified length of "${length}", expected "${left}"`)
  if (length > into.length + 1) {
    throw new Error(`"${name}" specified length of "${length}", max of "${into.length + 1}" is acceptable`)
  }
  const bytes = der.subarray(at + 2, at + 2 + length)
  const significant = bytes.subarray(Math.max(0, bytes.length - into.length))
  significant.copy(into, into.length - significant.length)
  return at + 2 + length
}

/** The fixed form to DER. Throws a TypeError when it is not exactly as long as the algorithm's two numbers. */
export function fixedToDer(fixed: Buffer, algorithm: string): Buffer {
  const size = numberBytesOf[algorithm] ?? 0
  if (fixed.length !== size * 2) {
    throw new TypeError(`"${algorithm}" signatures must be "${size * 2}" bytes, saw "${fixed.length}"`)
  }
  const integers = Buffer.concat([integer(fixed.subarray(0, size)), integer(fixed.subarray(size))])
  const head =
    integers.length < 0x80 ? [sequenceTag, integers.length] : [sequenceTag, longLength, integers.length]
  return Buffer.concat([Buffer.from(head), integers])
}

function integer(bytes: Buffer): Buffer {
  let first = 0
  while (first < bytes.length - 1 && bytes[first] === 0) first++
  const digits = bytes.subarray(first)
  // A leading zero keeps a number with its top bit set from reading as negative.
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : []
  return Buffer.concat([Buffer.from([integerTag, digits.length + sign.length, ...sign]), digits])
}
