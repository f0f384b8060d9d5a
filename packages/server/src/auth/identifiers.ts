// New identifiers: 128 bits in base64url, the time first so that new rows land beside each other in an index.
import { randomBytes } from 'node:crypto'
import type { AccessId, ApiKeyId, ClientId, OneTimeId, SessionId, UserId } from '../store/records.ts'

/** 48 bits of time and 80 random bits. Nothing relies on an identifier being unguessable. */
function timeOrdered(nowMs: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Math.max(0, Math.floor(nowMs)), 0, 6)
  return bytes.toString('base64url')
}

export const newUserId = (nowMs: number): UserId => timeOrdered(nowMs) as UserId
export const newSessionId = (nowMs: number): SessionId => timeOrdered(nowMs) as SessionId

export const newOneTimeId = (nowMs: number): OneTimeId => timeOrdered(nowMs) as OneTimeId
export const newClientId = (nowMs: number): ClientId => timeOrdered(nowMs) as ClientId
export const newApiKeyId = (nowMs: number): ApiKeyId => timeOrdered(nowMs) as ApiKeyId

/** What access tokens call their session. */
export const newAccessId = (): AccessId => randomBytes(16).toString('base64url') as AccessId

/** A token's `jti`: 128 random bits (RFC 7519 4.1.7). */
export const newTokenId = (): string => randomBytes(16).toString('base64url')
