// The claims that an application adds to access tokens. No token leaves without them, and none is replaced by them.
import { LatchkeyError } from 'latchkey'
import type { HookToken } from '../hooks.ts'
import type { UserId } from '../store/records.ts'
import { publicUser } from './access-token.ts'
import { callHook } from './call-hook.ts'
import type { AuthContext, ExtraClaims } from './context.ts'

/** What the contract puts into a token, and what other standards would read there. */
const taken = new Set(
  'iss sub aud exp nbf iat jti client_id sid auth_time amr acr azp scope user cnf act may_act'.split(' '),
)
const maxBytes = 4_096
const none: ExtraClaims = Object.freeze({})

/** Asked before anything is written, so that a failing hook costs nobody their session. Throws `internal_error`. */
export async function extraClaims(
  context: AuthContext,
  userId: UserId,
  reason: HookToken['reason'],
): Promise<ExtraClaims> {
  const { claims: hook } = context.hooks
  if (hook === undefined) return none
  const user = await context.store.findUser(userId)
  if (user === undefined) return none
  const claims: unknown = await callHook('claims', () => hook({ user: publicUser(user), reason }))
  const fault = faultOf(claims)
  if (fault !== undefined)
    throw new LatchkeyError('internal_error', { detail: `the hook claims gave ${fault}` })
  // faultOf has found a plain object.
  return claims as ExtraClaims
}

function faultOf(claims: unknown): string | undefined {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return 'no object of claims'
  const name = Object.keys(claims).find(one => taken.has(one))
  if (name !== undefined) return `the claim ${name}, which is ours`
  if (Buffer.byteLength(JSON.stringify(claims)) > maxBytes) return `more than ${maxBytes} bytes`
  return undefined
}
