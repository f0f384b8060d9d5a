// The refresh token's shape: `lkr_` and base64url of mark ‖ key version ‖ session id ‖ counter ‖ MAC. It is derived
// from the session's row and the master key, never stored, so a successor can be given again as often as asked for.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { LatchkeyError } from 'latchkey'
import type { SessionId } from '../store/records.ts'
import { type MasterKey, masterKeyOf } from './master-key.ts'

const prefix = 'lkr_'
const markBytes = 8
const idBytes = 16
const headBytes = 1 + idBytes + 4
const macBytes = 32
const totalBytes = markBytes + headBytes + macBytes
const textLength = prefix.length + Math.ceil((totalBytes * 4) / 3)

export interface RefreshToken {
  sessionId: SessionId
  counter: number
  /** The master key that it names. */
  key: MasterKey
  head: Buffer
  mac: Buffer
}

interface Derivation {
  id: SessionId
  salt: Uint8Array
  counter: number
  keyVersion: number
}

/** The refresh token of a session at a counter. Throws `keys_unavailable` when its master key is not configured. */
export function makeRefreshToken(master: MasterKey, { id, salt, counter, keyVersion }: Derivation): string {
  const key = masterKeyOf(master, keyVersion)
  if (key === undefined)
    throw new LatchkeyError('keys_unavailable', { detail: `master key ${keyVersion} is not configured` })
  const head = Buffer.alloc(headBytes)
  head.writeUInt8(keyVersion, 0)
  head.write(id, 1, idBytes, 'base64url')
  head.writeUInt32BE(counter, 1 + idBytes)
  return prefix + Buffer.concat([markOf(key, head), head, macOf(key, head, salt)]).toString('base64url')
}

/** Reads a presented token; undefined when it was never made under an accepted master key. Costs no read of the store. */
export function readRefreshToken(master: MasterKey, text: string): RefreshToken | undefined {
  if (text.length !== textLength || !text.startsWith(prefix)) return undefined
  const bytes = Buffer.from(text.slice(prefix.length), 'base64url')
  // Buffer skips what is not base64url: only the one spelling that we would write ourselves is ours.
  if (bytes.length !== totalBytes || prefix + bytes.toString('base64url') !== text) return undefined
  const head = bytes.subarray(markBytes, markBytes + headBytes)
  const key = masterKeyOf(master, head.readUInt8(0))
  if (key === undefined || !timingSafeEqual(bytes.subarray(0, markBytes), markOf(key, head))) return undefined
  return {
    sessionId: head.toString('base64url', 1, 1 + idBytes) as SessionId,
    counter: head.readUInt32BE(1 + idBytes),
    key,
    head,
    mac: bytes.subarray(markBytes + headBytes),
  }
}

/** Whether the token was made for the session with this salt, in constant time. */
export function isRefreshTokenOf(token: RefreshToken, salt: Uint8Array): boolean {
  return timingSafeEqual(token.mac, macOf(token.key, token.head, salt))
}

function markOf(master: MasterKey, head: Buffer): Buffer {
  return createHmac('sha256', master.refreshMark).update(head).digest().subarray(0, markBytes)
}

function macOf(master: MasterKey, head: Buffer, salt: Uint8Array): Buffer {
  return createHmac('sha256', master.refresh).update(head).update(salt).digest()
}
