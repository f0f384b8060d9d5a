// The pages' handle of a session: `lkp_` and base64url of key version ‖ session id ‖ MAC. It is derived from the
// session's row and the master key, never stored, and does not rotate: a page works without a script, and whatever
// answer was lost. Pages alone take it, and it dies with its session.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SessionId, SessionRecord } from '../store/records.ts'
import { type MasterKey, masterKeyOf } from './master-key.ts'

const prefix = 'lkp_'
const idBytes = 16
const headBytes = 1 + idBytes
const macBytes = 32
const totalBytes = headBytes + macBytes
const textLength = prefix.length + Math.ceil((totalBytes * 4) / 3)

export interface PageToken {
  sessionId: SessionId
  key: MasterKey
  head: Buffer
  mac: Buffer
}

export function makePageToken(master: MasterKey, { id, salt }: Pick<SessionRecord, 'id' | 'salt'>): string {
  const head = Buffer.alloc(headBytes)
  head.writeUInt8(master.version, 0)
  head.write(id, 1, idBytes, 'base64url')
  return prefix + Buffer.concat([head, macOf(master, head, salt)]).toString('base64url')
}

/** Reads a presented handle; undefined when it has not the shape of ours. Its MAC is not compared yet. */
export function readPageToken(master: MasterKey, text: string): PageToken | undefined {
  if (text.length !== textLength || !text.startsWith(prefix)) return undefined
  const bytes = Buffer.from(text.slice(prefix.length), 'base64url')
  if (bytes.length !== totalBytes || prefix + bytes.toString('base64url') !== text) return undefined
  const head = bytes.subarray(0, headBytes)
  const key = masterKeyOf(master, head.readUInt8(0))
  if (key === undefined) return undefined
  return {
    sessionId: head.toString('base64url', 1, headBytes) as SessionId,
    key,
    head,
    mac: bytes.subarray(headBytes),
  }
}

/** Whether the handle was made for the session with this salt, in constant time. */
export function isPageTokenOf(token: PageToken, salt: Uint8Array): boolean {
  return timingSafeEqual(token.mac, macOf(token.key, token.head, salt))
}

function macOf(master: MasterKey, head: Buffer, salt: Uint8Array): Buffer {
  return createHmac('sha256', master.page).update(head).update(salt).digest()
}
