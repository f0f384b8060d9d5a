// The access token: RFC 9068, the claims of the contract and nothing more about the user.
import type { Roles } from '../config.ts'
import type { SessionRecord, UserRecord } from '../store/records.ts'
import type { AuthContext, ExtraClaims, PublicUser } from './context.ts'
import { newTokenId } from './identifiers.ts'

/** What everybody may know of a user. */
export function publicUser(user: UserRecord): PublicUser {
  return { id: user.id, username: user.username, roles: user.roles }
}

/** The union of what the roles give, with spaces between. A role that is no longer configured gives nothing. */
export function scopeOfRoles(roles: readonly string[], table: Roles): string {
  const scopes = new Set(roles.flatMap(role => (Object.hasOwn(table, role) ? (table[role] ?? []) : [])))
  return [...scopes].join(' ')
}

/** Signs an access token for a session, with the application's own claims; it lives exactly as long as configured. */
export function signAccessToken(
  context: AuthContext,
  { user, session, claims }: { user: UserRecord; session: SessionRecord; claims: ExtraClaims },
): string {
  const issuedAt = Math.floor(context.clock() / 1000)
  return context.keyRing.sign({
    ...claims,
    iss: context.issuer,
    sub: user.id,
    aud: context.audience,
    exp: issuedAt + context.rules.accessTtl,
    iat: issuedAt,
    jti: newTokenId(),
    client_id: session.clientId,
    sid: session.accessId,
    auth_time: session.authTime,
    amr: session.amr,
    scope: session.scope,
    user: publicUser(user),
  })
}
