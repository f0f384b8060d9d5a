// What a client may learn about a token (RFC 7662), and revoking one (RFC 7009). Every check of a guard is made
// again, and those that only the store can make: the session, the user, the client, the key.
import type { AccessId, ClientId, ClientRecord, UserId } from '../store/records.ts'
import { auditOf } from './audit.ts'
import { clientSubject } from './clients.ts'
import type { AuthContext, Caller } from './context.ts'
import { logout } from './logout.ts'
import { findAuthentic } from './refresh.ts'
import { isLive, revocationEnd } from './sessions.ts'

export type Claims = Readonly<Record<string, unknown>>

/** The claims of a token that is good now: signature, times, issuer and revocation checked; undefined otherwise. */
export type ReadToken = (token: string) => Promise<Claims | undefined>

/** Lets a client ask about every token, whomever it is meant for. */
const anyScope = 'introspect:any'

/** The claims to answer with; undefined for whatever is inactive, unknown, or none of this client's business. */
export async function introspect(
  context: AuthContext,
  client: ClientRecord,
  { token, read }: { token: string; read: ReadToken },
): Promise<Claims | undefined> {
  const claims = await read(token)
  if (claims === undefined || !mayKnow(client, claims)) return undefined
  return (await isAlive(context, claims)) ? claims : undefined
}

function mayKnow(client: ClientRecord, claims: Claims): boolean {
  if (client.scopes.includes(anyScope) || claims['client_id'] === clientSubject(client.id)) return true
  const audiences = [claims['aud']].flat()
  return client.audiences.some(audience => audiences.includes(audience))
}

/** Whether whoever the token stands for is still there, by the store and not by what this process remembers. */
export async function isAlive(context: AuthContext, claims: Claims): Promise<boolean> {
  const { store } = context
  const { sub, sid } = claims
  if (typeof sub !== 'string') return false
  if (sub.startsWith('client:')) {
    const client = await store.findClient(sub.slice('client:'.length) as ClientId)
    return client !== undefined && client.disabledAt === undefined && client.accessId === sid
  }
  // Claims that we signed: `sub` is a user's id and `sid` a session's access id.
  const user = await store.findUser(sub as UserId)
  if (user === undefined || user.disabledAt !== undefined) return false
  if (sid === undefined) return true
  const session = await store.findSessionByAccessId(sid as AccessId)
  return session !== undefined && isLive(session, context) && session.userId === sub
}

/**
 * Revokes what a client presents, if it was given to that client, or, with `introspect:any`, to anybody. A refresh
 * token ends its session; an access token dies alone. Says nothing of what was found (RFC 7009 2.2).
 */
export async function revoke(
  context: AuthContext,
  client: ClientRecord,
  { token, read }: { token: string; read: ReadToken },
  caller: Caller,
): Promise<void> {
  const session = (await findAuthentic(context, token))?.session
  if (session !== undefined) {
    if (!client.scopes.includes(anyScope) && session.clientId !== clientSubject(client.id)) return
    return logout(context, { sessionId: session.id, userId: session.userId, all: false }, caller)
  }
  const claims = await read(token)
  const isOwn = claims?.['client_id'] === clientSubject(client.id)
  if (claims === undefined || !(isOwn || client.scopes.includes(anyScope))) return
  const { jti } = claims
  if (typeof jti !== 'string') return
  const nowMs = context.clock()
  const entry = { kind: 'token', id: jti, expiresAt: revocationEnd(context, nowMs) } as const
  const audit = auditOf(context, 'token_revoked', caller, { actor: clientSubject(client.id), detail: jti })
  await context.store.revokeToken(entry, audit)
  context.revocations.apply([entry])
}
