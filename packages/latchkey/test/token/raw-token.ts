// Tokens made with node:crypto alone, byte by byte as the test says: what the engine itself would never write.
import { createHmac, type KeyObject, sign } from 'node:crypto'

export const secret = 'a secret of the tests, 32 bytes or more'

export const encode = (bytes: string | Uint8Array): string =>
  Buffer.from(bytes as string).toString('base64url')

export const hs256 = (input: string, key: string | Uint8Array = secret): string =>
  createHmac('sha256', key).update(input).digest('base64url')

export interface RawToken {
  readonly header?: object | string | Uint8Array
  readonly payload?: object | string | Uint8Array
  readonly key?: string | Uint8Array
}

const textOf = (value: object | string | Uint8Array): string | Uint8Array =>
  typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value)

/** A token with a true HMAC over whatever header and payload are. */
export function rawToken({ header = { alg: 'HS256' }, payload = {}, key = secret }: RawToken = {}): string {
  const input = `${encode(textOf(header))}.${encode(textOf(payload))}`
  return `${input}.${hs256(input, key)}`
}

/** The same with a private key; EC signatures as R and S side by side. */
export function rawSigned(
  key: KeyObject,
  header: object,
  { payload = {}, hash = 'sha256' }: { payload?: object; hash?: string | null } = {},
): string {
  const input = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}`
  return `${input}.${sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}
