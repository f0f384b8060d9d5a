// What a guard asks about an API key: the claims that it stands for, and how many wrong ones an address may bring.
import type { Claims } from 'latchkey'
import type { ApiKeyResolver } from 'latchkey/guard'
import type { ApiKeyReader } from '../auth/api-key-reader.ts'
import type { AuthContext } from '../auth/context.ts'
import type { TrustedProxies } from '../config.ts'
import { callerAddress } from './connection.ts'

/** A refused key costs a read of the store: how many there may be is counted by the address that sends them. */
export function apiKeyResolver(
  auth: AuthContext,
  read: ApiKeyReader,
  trusted: TrustedProxies,
): ApiKeyResolver {
  return async (key, request) => {
    const claims = await claimsOfApiKey(auth, read, key)
    if (claims === undefined) {
      const headers = { get: (name: string) => request.header?.(name) ?? null }
      const address = callerAddress(headers, { address: request.address }, trusted)
      auth.addressLimiter.failure('apiKey', address)
    }
    return claims
  }
}

/** The claims that an API key stands for: those of its user's access token, as far as a key has them. */
async function claimsOfApiKey(
  auth: AuthContext,
  read: ApiKeyReader,
  text: string,
): Promise<Claims | undefined> {
  const principal = await read(text)
  if (principal === undefined) return undefined
  const { user, scopes, keyId, createdAt, expiresAt } = principal
  return {
    iss: auth.issuer,
    sub: user.id,
    aud: auth.audience,
    iat: createdAt,
    ...(expiresAt !== undefined && { exp: expiresAt }),
    client_id: `key:${keyId}`,
    scope: scopes.join(' '),
    user,
  }
}
