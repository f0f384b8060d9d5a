// ECDSA signatures between their two forms: R and S side by side at full length in tokens (RFC 7518 3.4), DER in
// OpenSSL. Node converts too, at the price of half a signature.

const sequence = 0x30
const integer = 0x02

/** DER of `signature`, which is R and S of `coordinateBytes` each. */
export function derOfSignature(signature: Buffer, coordinateBytes: number): Buffer {
  const r = integerAt(signature, 0, coordinateBytes)
  const s = integerAt(signature, coordinateBytes, coordinateBytes * 2)
  const content = r.bytes + s.bytes + 4
  const head = content < 0x80 ? 2 : 3
  const der = Buffer.allocUnsafe(head + content)
  der[0] = sequence
  if (head === 3) der[1] = 0x81
  der[head - 1] = content
  const next = putInteger(der, head, signature, r)
  putInteger(der, next, signature, s)
  return der
}

interface Integer {
  readonly start: number
  readonly end: number
  /** Length in DER: without leading zeros, with one where the first bit is set. */
  readonly bytes: number
}

function integerAt(signature: Buffer, from: number, end: number): Integer {
  let start = from
  while (start < end - 1 && signature[start] === 0) start++
  const padding = (signature[start] ?? 0) >= 0x80 ? 1 : 0
  return { start, end, bytes: end - start + padding }
}

function putInteger(der: Buffer, at: number, signature: Buffer, value: Integer): number {
  der[at] = integer
  der[at + 1] = value.bytes
  let next = at + 2
  if (value.bytes > value.end - value.start) der[next++] = 0
  next += signature.copy(der, next, value.start, value.end)
  return next
}

/** R and S at full length, of a signature that OpenSSL has just made. */
export function signatureOfDer(der: Buffer, coordinateBytes: number): Buffer {
  const signature = Buffer.alloc(coordinateBytes * 2)
  const rAt = der[1] === 0x81 ? 3 : 2
  const rBytes = der[rAt + 1] ?? 0
  const sAt = rAt + 2 + rBytes
  const sBytes = der[sAt + 1] ?? 0
  putCoordinate(der.subarray(rAt + 2, sAt), signature, coordinateBytes)
  putCoordinate(der.subarray(sAt + 2, sAt + 2 + sBytes), signature, coordinateBytes * 2)
  return signature
}

function putCoordinate(value: Buffer, signature: Buffer, end: number): void {
  const start = value[0] === 0 ? 1 : 0
  value.copy(signature, end - (value.length - start), start)
}
