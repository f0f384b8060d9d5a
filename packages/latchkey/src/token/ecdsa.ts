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
  // So few bytes are moved faster here than by a call.
  for (let from = value.start; from < value.end; from++) der[next++] = signature[from] ?? 0
  return next
}

/** R and S at full length, of a signature that OpenSSL has just made. */
export function signatureOfDer(der: Buffer, coordinateBytes: number): Buffer {
  const signature = Buffer.allocUnsafe(coordinateBytes * 2)
  const rAt = (der[1] === 0x81 ? 3 : 2) + 2
  const rEnd = rAt + (der[rAt - 1] ?? 0)
  const sAt = rEnd + 2
  putCoordinate(der, { start: rAt, end: rEnd }, { signature, start: 0, end: coordinateBytes })
  putCoordinate(
    der,
    { start: sAt, end: sAt + (der[sAt - 1] ?? 0) },
    { signature, start: coordinateBytes, end: coordinateBytes * 2 },
  )
  return signature
}

interface Stretch {
  readonly start: number
  readonly end: number
}

/** From the last byte to the first, and zeros in front. */
function putCoordinate(der: Buffer, from: Stretch, to: Stretch & { readonly signature: Buffer }): void {
  let at = to.end
  for (let next = from.end; next > from.start && at > to.start; ) to.signature[--at] = der[--next] ?? 0
  while (at > to.start) to.signature[--at] = 0
}
