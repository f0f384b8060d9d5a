// How a token is written: claims to text, header in front, signature behind (RFC 7515 5.1, RFC 7519 7.1). What the
// options add is spliced into the text, so that the caller's object is neither copied nor changed.

import { hasLoneSurrogate, type JsonObject } from '../base/json.ts'
import { randomText } from '../base/random.ts'
import type { Key } from '../keys/key.ts'
import { brokenKind } from './claims.ts'
import { scratchFor, textAt } from './scratch.ts'

/** What options add to every token; made once. */
export interface SigningPlan {
  /** Claims that do not change from token to token. */
  readonly fixed: Readonly<Record<string, unknown>>
  /** The same as text, with a comma before each. */
  readonly fixedText: string
  readonly lifetimeSeconds: number | undefined
  readonly notBeforeSeconds: number | undefined
  readonly addsTimestamp: boolean
  /** A new random `jti` for each token. */
  readonly addsTokenId: boolean
  readonly headerMembers: Readonly<Record<string, unknown>>
}

export function fixedTextOf(fixed: Readonly<Record<string, unknown>>): string {
  return Object.entries(fixed)
    .map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`)
    .join('')
}

/** What is added to claims issued at `issuedAt`, as text with a comma before each name. */
export function addedText(plan: SigningPlan, issuedAt: number, writesIssuedAt: boolean): string {
  let text = writesIssuedAt ? `,"iat":${issuedAt}` : ''
  if (plan.notBeforeSeconds !== undefined) text += `,"nbf":${Math.floor(issuedAt + plan.notBeforeSeconds)}`
  if (plan.lifetimeSeconds !== undefined) text += `,"exp":${Math.floor(issuedAt + plan.lifetimeSeconds)}`
  return text + plan.fixedText
}

/** The claims as JSON with what the plan adds. Throws a TypeError for claims that no token can have. */
export function claimsText(claims: JsonObject, plan: SigningPlan, added: string): string {
  const json = JSON.stringify(claims)
  if (json.charCodeAt(0) !== 0x7b) throw new TypeError('the payload must be an object of claims')
  if (hasLoneSurrogate(json)) throw new TypeError('a text in the payload has half of a surrogate pair')
  const more = plan.addsTokenId ? `${added},"jti":"${randomText(16)}"` : added
  if (more === '') return json
  return json.length === 2 ? `{${more.slice(1)}}` : `${json.slice(0, -1)}${more}}`
}

/** Throws a TypeError for a payload that is no claims, or that says what an option says too. */
export function requireClaims(claims: unknown, plan: SigningPlan): JsonObject {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims) || ArrayBuffer.isView(claims)) {
    throw new TypeError('the payload must be an object of claims')
  }
  // An object that is not an array has names.
  const object = claims as JsonObject
  if (typeof object['toJSON'] === 'function')
    throw new TypeError('the payload must be a plain object: it has a toJSON')
  const broken = brokenKind(object)
  if (broken !== undefined)
    throw new TypeError(`the claim ${broken} has a value of the wrong kind (RFC 7519 4.1)`)
  for (const name in plan.fixed) refuseTwice(object, name)
  if (plan.lifetimeSeconds !== undefined) refuseTwice(object, 'exp')
  if (plan.notBeforeSeconds !== undefined) refuseTwice(object, 'nbf')
  if (plan.addsTokenId) refuseTwice(object, 'jti')
  return object
}

function refuseTwice(claims: JsonObject, name: string): void {
  if (claims[name] !== undefined)
    throw new TypeError(`the claim ${name} is in the payload and in the options`)
}

/** The header segment with its dot (RFC 7515 4). */
export function headerSegment(key: Key, plan: SigningPlan): string {
  const header = { alg: key.alg, ...(key.kid !== undefined && { kid: key.kid }), ...plan.headerMembers }
  const json = JSON.stringify(header)
  if (hasLoneSurrogate(json)) throw new TypeError('a text in the header has half of a surrogate pair')
  return `${Buffer.from(json, 'utf8').toString('base64url')}.`
}

/** Header segment and claims as the text that is signed. */
export function signingInput(head: string, json: string): string {
  const scratch = scratchFor(json.length * 3)
  const bytes = scratch.write(json, textAt, 'utf8')
  return head + scratch.toString('base64url', textAt, textAt + bytes)
}
