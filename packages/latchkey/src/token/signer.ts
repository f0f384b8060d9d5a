// The prepared signer: options are read once, here, and a wrong one is a TypeError before the first token is made.
import { type Clock, secondsOf, systemClock } from '../base/clock.ts'
import type { JsonObject } from '../base/json.ts'
import { refuseUnknownOptions } from '../base/option-names.ts'
import { secondsOfTimespan, type Timespan } from '../base/timespan.ts'
import { isKey, type Key } from '../keys/key.ts'
import { Keyring } from '../keys/key-set.ts'
import {
  addedText,
  claimsText,
  fixedTextOf,
  headerSegment,
  requireClaims,
  type SigningPlan,
  signingInput,
} from './sign.ts'
import { signText, signTextLater } from './signature.ts'

/** What is added to claims; shared by `createSigner` and `sign`. */
export interface AddedClaims {
  /** Lifetime from `iat`, in seconds or as '1h'. */
  readonly expiresIn?: Timespan | undefined
  /** When the token starts to hold, from `iat`, in seconds or as '5m'. */
  readonly notBefore?: Timespan | undefined
  /** `aud` */
  readonly audience?: string | readonly string[] | undefined
  /** `iss` */
  readonly issuer?: string | undefined
  /** `sub` */
  readonly subject?: string | undefined
  /** The token's id; `true` makes a random one of 128 bits for each token. */
  readonly jwtid?: string | true | undefined
}

export interface SigningOptions extends AddedClaims {
  /** No `iat` is added. One in the payload stays. */
  readonly noTimestamp?: boolean | undefined
  /** The header's `kid`: the key's own unless given. */
  readonly keyid?: string | undefined
  /** The header's `typ`: `JWT` unless given, none for ''. */
  readonly typ?: string | undefined
  /** Further header members. */
  readonly header?: Readonly<Record<string, unknown>> | undefined
  /** Milliseconds since 1970. */
  readonly clock?: Clock | undefined
}

/** What `createSigner` is told. */
export interface SignerOptions extends SigningOptions {
  /** The key, or a ring whose active key signs. */
  readonly key: Key | Keyring
}

/** Made by `createSigner`: call it with claims. `added` is for this token alone, before the signer's own options. */
export interface Signer {
  /** A token of these claims. */
  (claims: object, added?: AddedClaims): string
  /** The same in the thread pool, for keys whose signatures take long. */
  async(claims: object, added?: AddedClaims): Promise<string>
}

const addedNames = ['expiresIn', 'notBefore', 'audience', 'issuer', 'subject', 'jwtid'] as const
export const signingNames = [...addedNames, 'noTimestamp', 'keyid', 'typ', 'header', 'clock'] as const

/**
 * Prepares a signer. Throws a TypeError for a key that cannot sign and for a wrong option; a call throws a TypeError
 * for a payload that is no object of claims. RFC 7515 5.1, 7519 7.1.
 */
export function createSigner(options: SignerOptions): Signer {
  refuseUnknownOptions('createSigner', options, ['key', ...signingNames])
  const { key, clock = systemClock } = options
  if (!isKey(key) && !(key instanceof Keyring))
    throw new TypeError('createSigner: key is made by createKey, or a keyring')
  if (isKey(key)) requireSigning(key)
  const headerAlg = options.header?.['alg']
  if (headerAlg !== undefined && (!isKey(key) || headerAlg !== key.alg))
    throw new TypeError('createSigner: alg in the header is not the own one of the key')
  const plan = planOf(options)
  const usual = new Preparation(plan, key, clock)
  const inputOf = (claims: object, added: AddedClaims | undefined): Prepared =>
    added === undefined
      ? usual.inputOf(claims)
      : new Preparation(widened(plan, added), key, clock).inputOf(claims)
  const signer = (claims: object, added?: AddedClaims): string => {
    const prepared = inputOf(claims, added)
    return `${prepared.input}.${signText(prepared.key, prepared.input)}`
  }
  return Object.assign(signer, {
    async: async (claims: object, added?: AddedClaims): Promise<string> => {
      const prepared = inputOf(claims, added)
      return `${prepared.input}.${await signTextLater(prepared.key, prepared.input)}`
    },
  })
}

export function requireSigning(key: Key): Key {
  if (!key.canSign) throw new TypeError('this key cannot sign: it is public, or its key_ops forbid it')
  return key
}

interface Prepared {
  readonly key: Key
  readonly input: string
}

/** A plan at work. What is the same for every token of a key, or of a second, is made once. */
class Preparation {
  readonly #plan: SigningPlan
  readonly #key: Key | Keyring
  readonly #clock: Clock
  #headOf: Key | undefined
  #head = ''
  #addedAt = Number.NaN
  #added = ''

  constructor(plan: SigningPlan, key: Key | Keyring, clock: Clock) {
    this.#plan = plan
    this.#key = key
    this.#clock = clock
  }

  inputOf(given: unknown): Prepared {
    const plan = this.#plan
    const claims = requireClaims(given, plan)
    const key = this.#key instanceof Keyring ? this.#key.active : this.#key
    if (key !== this.#headOf) {
      this.#head = headerSegment(key, plan)
      this.#headOf = key
    }
    return { key, input: signingInput(this.#head, claimsText(claims, plan, this.#addedTo(claims))) }
  }

  #addedTo(claims: JsonObject): string {
    const { iat } = claims
    if (iat !== undefined) return addedText(this.#plan, iat as number, false)
    const now = secondsOf(this.#clock)
    if (now !== this.#addedAt) {
      this.#added = addedText(this.#plan, now, this.#plan.addsTimestamp)
      this.#addedAt = now
    }
    return this.#added
  }
}

function fixedClaims({ issuer, subject, audience, jwtid }: AddedClaims): Record<string, unknown> {
  const fixed: Record<string, unknown> = {}
  for (const [name, value] of [
    ['iss', issuer],
    ['sub', subject],
  ] as const) {
    if (value === undefined) continue
    if (typeof value !== 'string') throw new TypeError(`the option for ${name} must be text`)
    fixed[name] = value
  }
  if (audience !== undefined) {
    const list: readonly unknown[] = Array.isArray(audience) ? audience : [audience]
    if (list.length === 0 || !list.every(item => typeof item === 'string')) {
      throw new TypeError('audience must be text or a list of texts')
    }
    fixed['aud'] = audience
  }
  if (jwtid !== undefined && jwtid !== true) {
    if (typeof jwtid !== 'string') throw new TypeError('jwtid must be text, or true')
    fixed['jti'] = jwtid
  }
  return fixed
}

/** Reads options. Throws TypeErrors. */
function planOf(options: SigningOptions): SigningPlan {
  const { expiresIn, notBefore, noTimestamp = false, clock } = options
  if (typeof noTimestamp !== 'boolean') throw new TypeError('noTimestamp must be true or false')
  if (clock !== undefined && typeof clock !== 'function') throw new TypeError('clock must be a function')
  const fixed = fixedClaims(options)
  return {
    fixed,
    fixedText: fixedTextOf(fixed),
    lifetimeSeconds: expiresIn === undefined ? undefined : secondsOfTimespan(expiresIn, 'expiresIn'),
    notBeforeSeconds: notBefore === undefined ? undefined : secondsOfTimespan(notBefore, 'notBefore'),
    addsTimestamp: !noTimestamp,
    addsTokenId: options.jwtid === true,
    headerMembers: headerMembers(options),
  }
}

function headerMembers({ typ = 'JWT', keyid, header = {} }: SigningOptions): Record<string, unknown> {
  if (typeof typ !== 'string') throw new TypeError('typ must be text')
  if (keyid !== undefined && (typeof keyid !== 'string' || keyid === '' || keyid.length > 256)) {
    throw new TypeError('keyid must be text of 1 to 256 characters')
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw new TypeError('header must be an object')
  for (const name of ['crit', 'b64']) {
    if (header[name] !== undefined)
      throw new TypeError(`header: ${name} is not supported (RFC 7515 4.1.11, RFC 7797)`)
  }
  for (const name of ['typ', 'cty', 'kid']) {
    if (header[name] !== undefined && typeof header[name] !== 'string')
      throw new TypeError(`header: ${name} must be text (RFC 7515 4.1)`)
  }
  const { alg: _, ...members } = header
  return { ...(typ !== '' && { typ }), ...(keyid !== undefined && { kid: keyid }), ...members }
}

/** A plan with what one call adds; a call's option stands for the signer's own of that name. */
function widened(plan: SigningPlan, added: AddedClaims): SigningPlan {
  refuseUnknownOptions('signer', added, addedNames)
  const { expiresIn, notBefore, jwtid } = added
  const fixed: Record<string, unknown> = { ...plan.fixed, ...fixedClaims(added) }
  if (jwtid === true) delete fixed['jti']
  return {
    ...plan,
    fixed,
    fixedText: fixedTextOf(fixed),
    lifetimeSeconds:
      expiresIn === undefined ? plan.lifetimeSeconds : secondsOfTimespan(expiresIn, 'expiresIn'),
    notBeforeSeconds:
      notBefore === undefined ? plan.notBeforeSeconds : secondsOfTimespan(notBefore, 'notBefore'),
    addsTokenId: jwtid === undefined ? plan.addsTokenId : jwtid === true,
  }
}
