// `sign` as the old library has it: what it refuses, in its order and its words.
import type { KeyObject } from 'node:crypto'
import { textOf } from './decode.ts'
import { signingKeyFrom } from './key-material.ts'
import { keyTypeProblem } from './key-type.ts'
import type { JwtHeader, PrivateKey, Secret, SignCallback, SignOptions } from './options.ts'
import { assertSignOptions, assertTimeClaims } from './sign-rules.ts'
import { schemeOf } from './signature.ts'
import { timespan } from './timespan.ts'

interface Ready {
  readonly kind: 'ready'
  readonly header: JwtHeader
  readonly payload: unknown
  readonly key: KeyObject
  readonly options: SignOptions
}
type Prepared = Ready | { readonly kind: 'refused'; readonly error: unknown }
type Payload = string | Buffer | object
type Claims = Record<string, unknown>

const objectOnlyOptions = [
  'expiresIn',
  'notBefore',
  'noTimestamp',
  'audience',
  'issuer',
  'subject',
  'jwtid',
] as const

const claimOfOption = [
  ['audience', 'aud'],
  ['issuer', 'iss'],
  ['subject', 'sub'],
  ['jwtid', 'jti'],
] as const

/**
 * A signed token; throws what is refused. Times are seconds, spans as `'1h'` too. Weak secrets work, with one warning.
 */
export function sign(payload: Payload, secretOrPrivateKey: Secret | PrivateKey, options?: SignOptions): string
/** An unsigned token. */
export function sign(
  payload: Payload,
  secretOrPrivateKey: null,
  options?: SignOptions & { algorithm: 'none' },
): string
/** The same for a callback: a refusal is given to it at once, the token a moment later. */
export function sign(payload: Payload, secretOrPrivateKey: Secret | PrivateKey, callback: SignCallback): void
/** With options, for a callback. */
export function sign(
  payload: Payload,
  secretOrPrivateKey: Secret | PrivateKey,
  options: SignOptions,
  callback: SignCallback,
): void
/** An unsigned token, for a callback. */
export function sign(
  payload: Payload,
  secretOrPrivateKey: null,
  options: SignOptions & { algorithm: 'none' },
  callback: SignCallback,
): void
export function sign(
  payload: unknown,
  secretOrPrivateKey: unknown,
  optionsOrCallback?: SignOptions | SignCallback,
  lastCallback?: SignCallback,
): unknown {
  const [options, callback] =
    typeof optionsOrCallback === 'function'
      ? [{}, optionsOrCallback]
      : [optionsOrCallback || ({} as SignOptions), lastCallback]
  const prepared = prepare(payload, secretOrPrivateKey, options)
  if (prepared.kind === 'refused') {
    // The cast: whatever was thrown while the call was judged is handed on as it is.
    if (callback) return callback(prepared.error as Error)
    throw prepared.error
  }
  if (typeof callback !== 'function') return tokenOf(prepared)
  assertCallbackPayload(prepared.payload)
  process.nextTick(signLater, prepared, callback)
  return undefined
}

function prepare(payload: unknown, secret: unknown, options: SignOptions): Prepared {
  const isObject = typeof payload === 'object' && !Buffer.isBuffer(payload)
  const header: JwtHeader = Object.assign(
    { alg: options.algorithm || 'HS256', typ: isObject ? 'JWT' : undefined, kid: options.keyid },
    options.header,
  )
  if (!secret && options.algorithm !== 'none') return refused('secretOrPrivateKey must have a value')
  const found = signingKeyFrom(secret)
  if (found === 'unreadable') return refused('secretOrPrivateKey is not valid key material')
  // Without a key only "none" goes on; anything else meets the absence in the next line, as it always did.
  const key = found as KeyObject
  const problem = keyProblem(header, key, options) ?? payloadKindProblem(payload, isObject, options)
  if (problem !== undefined) return refused(problem)
  try {
    if (isObject) assertTimeClaims(payload)
    // The cast: a payload without properties simply has no `exp` and no `nbf`.
    const claims = (isObject && !options.mutatePayload ? { ...(payload as object) } : payload) as Claims
    const doubled = doubledTime(claims, options)
    if (doubled !== undefined) return refused(doubled)
    assertSignOptions(options)
    const mismatch = options.allowInvalidAsymmetricKeyTypes ? undefined : keyTypeProblem(header.alg, key)
    if (mismatch !== undefined) return refused(mismatch)
    const failed = placeTimes(claims, isObject, options) ?? placeNames(claims, options)
    return failed === undefined ? { kind: 'ready', header, payload: claims, key, options } : refused(failed)
  } catch (error) {
    return { kind: 'refused', error }
  }
}

function refused(message: string): Prepared {
  return { kind: 'refused', error: new Error(message) }
}

const smallestModulusBits = 2048

function keyProblem(header: JwtHeader, key: KeyObject, options: SignOptions): string | undefined {
  if (header.alg.startsWith('HS') && key.type !== 'secret') {
    return `secretOrPrivateKey must be a symmetric key when using ${header.alg}`
  }
  if (!/^(?:RS|PS|ES)/.test(header.alg)) return undefined
  if (key.type !== 'private') return `secretOrPrivateKey must be an asymmetric key when using ${header.alg}`
  const modulusBits = key.asymmetricKeyDetails?.modulusLength ?? smallestModulusBits
  const isTooSmall =
    !options.allowInsecureKeySizes && !header.alg.startsWith('ES') && modulusBits < smallestModulusBits
  return isTooSmall ? tooSmall(header) : undefined
}

function tooSmall(header: JwtHeader): string {
  return `secretOrPrivateKey has a minimum key size of 2048 bits for ${header.alg}`
}

function payloadKindProblem(payload: unknown, isObject: boolean, options: SignOptions): string | undefined {
  if (payload === undefined) return 'payload is required'
  if (isObject) return undefined
  const misplaced = objectOnlyOptions.filter(name => options[name] !== undefined)
  return misplaced.length > 0
    ? `invalid ${misplaced.join(',')} option for ${typeof payload} payload`
    : undefined
}

function doubledTime(claims: Claims, options: SignOptions): string | undefined {
  if (claims['exp'] !== undefined && options.expiresIn !== undefined) {
    return 'Bad "options.expiresIn" option the payload already has an "exp" property.'
  }
  if (claims['nbf'] !== undefined && options.notBefore !== undefined) {
    return 'Bad "options.notBefore" option the payload already has an "nbf" property.'
  }
  return undefined
}

// Claims are set by Reflect, which leaves a frozen payload as it is without a word.
function placeTimes(claims: Claims, isObject: boolean, options: SignOptions): string | undefined {
  // The cast: the time claims were found to be numbers, or there is no payload that could hold any.
  const issuedAt = (claims['iat'] as number | undefined) || Math.floor(Date.now() / 1000)
  if (isObject && options.noTimestamp) Reflect.deleteProperty(claims, 'iat')
  else if (isObject) Reflect.set(claims, 'iat', issuedAt)
  for (const [option, claim] of [['notBefore', 'nbf'] as const, ['expiresIn', 'exp'] as const]) {
    if (options[option] === undefined) continue
    Reflect.set(claims, claim, timespan(options[option], issuedAt))
    if (claims[claim] === undefined) {
      return `"${option}" should be a number of seconds or string representing a timespan eg: "1d", "20h", 60`
    }
  }
  return undefined
}

function placeNames(claims: Claims, options: SignOptions): string | undefined {
  for (const [option, claim] of claimOfOption) {
    if (options[option] === undefined) continue
    if (claims[claim] !== undefined) {
      return `Bad "options.${option}" option. The payload already has an "${claim}" property.`
    }
    Reflect.set(claims, claim, options[option])
  }
  return undefined
}

function tokenOf({ header, payload, key, options }: Ready): string {
  const scheme = schemeOf(header.alg)
  // Headers are written one byte a character, as the old library writes and reads them.
  const first = Buffer.from(JSON.stringify(header), 'latin1').toString('base64url')
  // The casts: what is no text, and what is no encoding, `Buffer.from` refuses by a TypeError.
  const encoding = (options.encoding || 'utf8') as BufferEncoding
  const second = Buffer.from(textOf(payload) as string, encoding).toString('base64url')
  const input = `${first}.${second}`
  const token = `${input}.${scheme.sign(input, key)}`
  const isShort = !options.allowInsecureKeySizes && /^(?:RS|PS)/.test(header.alg) && token.length < 256
  if (isShort) throw new Error(tooSmall(header))
  return token
}

// With a callback the old library takes texts, bytes and objects only.
function assertCallbackPayload(payload: unknown): void {
  if (typeof payload === 'string' || typeof payload === 'object') return
  if (typeof payload === 'function' && payload.length > 0) return
  throw new TypeError(`Unexpected data type (${typeof payload})`)
}

function signLater(prepared: Ready, callback: SignCallback): void {
  let token: string
  try {
    token = tokenOf(prepared)
  } catch (error) {
    // The cast: only Errors are thrown while a token is made.
    callback(error as Error)
    return
  }
  try {
    callback(null, token)
  } catch (error) {
    // The old library swallows what a callback throws. Ending the process instead would surprise those who move.
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}
