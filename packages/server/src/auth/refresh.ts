// Renewing: the token is authenticated, the store judges and acts in one verb, the outcome becomes an answer.
import { createHash } from 'node:crypto'
import { LatchkeyError } from 'latchkey'
import type { CounterName } from '../figures/recorder.ts'
import type { SessionRecord, Transport } from '../store/records.ts'
import type { RotationOutcome } from '../store/store.ts'
import { auditOf } from './audit.ts'
import type { AuthContext, Caller, ExtraClaims, Grant } from './context.ts'
import { extraClaims } from './extra-claims.ts'
import { isRefreshTokenOf, type RefreshToken, readRefreshToken } from './refresh-token.ts'
import { grantFor, revocationEnd } from './sessions.ts'

export interface RefreshRequest {
  refreshToken: string
  /** 128 random bits or more that the client kept before it sent them. */
  attempt: string | undefined
  /** How the token came. One that was given as a cookie is good as a cookie only. */
  transport: Transport
}

const counterOf: Readonly<Record<RotationOutcome['kind'], CounterName>> = {
  rotated: 'refreshes',
  kept: 'refreshes',
  repeated: 'refreshes',
  ahead: 'refreshes',
  reused: 'refreshes_reused',
  revoked: 'refreshes_refused',
  expired: 'refreshes_refused',
  stale: 'refreshes_refused',
  foreign: 'refreshes_refused',
  missing: 'refreshes_refused',
}

/**
 * Gives a new access token and the refresh token to use next. Throws `invalid_token`, `session_revoked`,
 * `refresh_expired`, `refresh_reused`, `rate_limited`. Only `refresh_reused` changes anything: it ends the session.
 */
export async function refresh(context: AuthContext, request: RefreshRequest, caller: Caller): Promise<Grant> {
  try {
    return await renew(context, request, caller)
  } catch (error) {
    // Only failures are counted, and what is right passes: nobody is signed out for what a neighbour does.
    if (error instanceof LatchkeyError && error.status < 500)
      context.addressLimiter.failure('refresh', caller.address)
    throw error
  }
}

async function renew(context: AuthContext, request: RefreshRequest, caller: Caller): Promise<Grant> {
  const authentic = await findAuthentic(context, request.refreshToken)
  if (authentic === undefined || authentic.session.transport !== request.transport) {
    context.metrics.refreshes.at('invalid').add()
    throw new LatchkeyError('invalid_token')
  }
  const { token, session } = authentic
  const claims = await extraClaims(context, session.userId, 'refresh')
  const outcome = await rotate(context, token, request.attempt, caller)
  context.figures.count(counterOf[outcome.kind])
  context.metrics.refreshes.at(outcome.kind).add()
  switch (outcome.kind) {
    case 'rotated':
    case 'kept':
    case 'repeated':
    case 'ahead':
      return grantToUserOf(context, outcome.session, claims)
    case 'reused':
      context.revocations.apply([outcome.revocation])
      throw new LatchkeyError('refresh_reused')
    case 'revoked':
      throw new LatchkeyError('session_revoked')
    case 'expired':
    case 'stale':
      throw new LatchkeyError('refresh_expired')
    case 'foreign':
    case 'missing':
      throw new LatchkeyError('invalid_token')
  }
}

/** A refresh token of ours and the session that it names. */
interface Authentic {
  token: RefreshToken
  session: SessionRecord
}

/**
 * The session of a presented refresh token, its MAC compared before any verdict: session ids stand in access
 * tokens, and nobody may touch a stranger's session with junk. The only way from a token to its session; what has
 * become of the session is for the caller to ask. Undefined for what is not ours.
 */
export async function findAuthentic(
  context: AuthContext,
  refreshToken: string,
): Promise<Authentic | undefined> {
  const token = readRefreshToken(context.master, refreshToken)
  if (token === undefined) return undefined
  const session = await context.store.findSession(token.sessionId)
  // Compared for a session that is not there too, so that time does not tell which are.
  const isRight = isRefreshTokenOf(token, session?.salt ?? nobodysSalt)
  return session !== undefined && isRight ? { token, session } : undefined
}

const nobodysSalt = Buffer.alloc(16)

/** The same for whoever needs one. Throws `invalid_token`. */
export async function authenticate(context: AuthContext, refreshToken: string): Promise<Authentic> {
  const authentic = await findAuthentic(context, refreshToken)
  if (authentic === undefined) throw new LatchkeyError('invalid_token')
  return authentic
}

function rotate(
  context: AuthContext,
  token: RefreshToken,
  attempt: string | undefined,
  caller: Caller,
): Promise<RotationOutcome> {
  const nowMs = context.clock()
  const subject = { sessionId: token.sessionId }
  return context.store.rotateSession(
    {
      id: token.sessionId,
      counter: token.counter,
      keyVersion: token.key.version,
      currentKeyVersion: context.master.version,
      attemptHash:
        attempt === undefined ? undefined : createHash('sha256').update(attempt).digest('base64url'),
      nowMs,
      graceMs: context.rules.refreshGrace * 1000,
      idleSeconds: context.rules.sessionIdle,
      revocationExpiresAt: revocationEnd(context, nowMs),
    },
    {
      reused: auditOf(context, 'refresh_reused', caller, subject),
      ahead: auditOf(context, 'store_rolled_back', caller, subject),
    },
  )
}

async function grantToUserOf(
  context: AuthContext,
  session: SessionRecord,
  claims: ExtraClaims,
): Promise<Grant> {
  const user = await context.store.findUser(session.userId)
  if (user === undefined || user.disabledAt !== undefined) throw new LatchkeyError('session_revoked')
  return grantFor(context, user, { session, claims })
}
