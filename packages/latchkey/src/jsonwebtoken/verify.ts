// `verify` as the old library has it: what it refuses, in its order and its words. A RegExp as audience is run on
// the token's text as it always was; `latchkey` itself compares texts only.
import type { KeyObject } from 'node:crypto'
import { type ReadToken, readToken } from './decode.ts'
import { JsonWebTokenError, NotBeforeError, TokenExpiredError, type VerifyErrors } from './errors.ts'
import { checkingKeyFrom } from './key-material.ts'
import { keyTypeProblem } from './key-type.ts'
import type {
  GetPublicKeyOrSecret,
  Jwt,
  JwtHeader,
  JwtPayload,
  PublicKey,
  Secret,
  VerifyOptions,
} from './options.ts'
import { schemeOf } from './signature.ts'
import { timespan } from './timespan.ts'

export type VerifyCallback<T = Jwt | JwtPayload | string> = (
  error: VerifyErrors | null,
  decoded?: T | undefined,
) => void

type KeyOrSecret = Secret | PublicKey
type KeySource = KeyOrSecret | GetPublicKeyOrSecret

/** The part of a payload that is judged. A token may hold anything in these places. */
type Claims = Readonly<Record<string, unknown>>

interface Call {
  readonly token: string
  readonly decoded: ReadToken
  readonly options: VerifyOptions
  readonly nowSeconds: number
  readonly done: Done
}

interface Judged {
  readonly claims: Claims
  readonly options: VerifyOptions
  readonly nowSeconds: number
  readonly toleranceSeconds: number
}

/** All three parts of a token whose signature and claims hold. */
export function verify(
  token: string,
  secretOrPublicKey: KeyOrSecret,
  options: VerifyOptions & { complete: true },
): Jwt
/**
 * The payload of a token whose signature and claims hold; throws what is wrong with it otherwise. Times are seconds.
 */
export function verify(
  token: string,
  secretOrPublicKey: KeyOrSecret,
  options?: VerifyOptions & { complete?: false },
): JwtPayload | string
/** What it gives depends on `complete`. */
export function verify(
  token: string,
  secretOrPublicKey: KeyOrSecret,
  options?: VerifyOptions,
): Jwt | JwtPayload | string
/** The payload for a callback, before the call returns. The key may be a function that finds it for a header. */
export function verify(
  token: string,
  secretOrPublicKey: KeySource,
  callback?: VerifyCallback<JwtPayload | string>,
): void
/** All three parts, for a callback. */
export function verify(
  token: string,
  secretOrPublicKey: KeySource,
  options: VerifyOptions & { complete: true },
  callback?: VerifyCallback<Jwt>,
): void
/** The payload, with options, for a callback. */
export function verify(
  token: string,
  secretOrPublicKey: KeySource,
  options?: VerifyOptions & { complete?: false },
  callback?: VerifyCallback<JwtPayload | string>,
): void
/** What it gives depends on `complete`, for a callback. */
export function verify(
  token: string,
  secretOrPublicKey: KeySource,
  options?: VerifyOptions,
  callback?: VerifyCallback,
): void
export function verify(
  token: unknown,
  secretOrPublicKey: unknown,
  optionsOrCallback?: unknown,
  lastCallback?: unknown,
): unknown {
  const isShortForm = typeof optionsOrCallback === 'function' && !lastCallback
  const callback = isShortForm ? optionsOrCallback : lastCallback
  // The cast: every option is judged where it is used. A copy, so that nothing changes while a key is fetched.
  const options = { ...(isShortForm ? {} : optionsOrCallback || {}) } as VerifyOptions
  const done = callback ? (callback as Done) : throwOrReturn

  const misuse = optionsProblem(options) ?? tokenProblem(token)
  // The instant of the call counts, however long a key source takes.
  const nowSeconds = options.clockTimestamp || Math.floor(Date.now() / 1000)
  if (misuse !== undefined) return done(new JsonWebTokenError(misuse))
  let read: ReadToken | undefined
  try {
    read = readToken(token, false)
  } catch (error) {
    return done(error)
  }
  if (read === undefined) return done(new JsonWebTokenError('invalid token'))
  const decoded = read
  // The cast: only a text got past `tokenProblem`.
  const call = { token: token as string, decoded, options, nowSeconds, done }
  const judge = (key: unknown): unknown => judgeToken(call, key)
  if (typeof secretOrPublicKey !== 'function') return judge(secretOrPublicKey)
  if (!callback) {
    return done(
      new JsonWebTokenError(
        'verify must be called asynchronous if secret or public key is provided as a callback',
      ),
    )
  }
  return secretOrPublicKey(decoded.header, (error: Error | null, key: unknown) =>
    error
      ? done(new JsonWebTokenError(`error in secret or public key callback: ${error.message}`))
      : judge(key),
  )
}

type Done = (error: unknown, value?: unknown) => unknown

function throwOrReturn(error: unknown, value?: unknown): unknown {
  if (error) throw error
  return value
}

function optionsProblem(options: VerifyOptions): string | undefined {
  if (options.clockTimestamp && typeof options.clockTimestamp !== 'number')
    return 'clockTimestamp must be a number'
  const { nonce, allowInvalidAsymmetricKeyTypes: allowed } = options
  if (nonce !== undefined && (typeof nonce !== 'string' || nonce.trim() === '')) {
    return 'nonce must be a non-empty string'
  }
  if (allowed !== undefined && typeof allowed !== 'boolean') {
    return 'allowInvalidAsymmetricKeyTypes must be a boolean'
  }
  return undefined
}

function tokenProblem(token: unknown): string | undefined {
  if (!token) return 'jwt must be provided'
  if (typeof token !== 'string') return 'jwt must be a string'
  // Four parts are as wrong as a million, and cost less to find.
  return token.split('.', 4).length === 3 ? undefined : 'jwt malformed'
}

function judgeToken({ token, decoded, options, nowSeconds, done }: Call, material: unknown): unknown {
  const missing = presenceProblem(decoded, material, options)
  if (missing !== undefined) return done(new JsonWebTokenError(missing))
  const found = checkingKeyFrom(material)
  if (found === 'unreadable')
    return done(new JsonWebTokenError('secretOrPublicKey is not valid key material'))
  // Without a key only "none" goes on; anything else meets the absence where the key is used, as it always did.
  const key = found as KeyObject
  const refusal = algorithmProblem(decoded.header, key, options)
  if (refusal !== undefined) return done(new JsonWebTokenError(refusal))
  try {
    const mismatch = options.allowInvalidAsymmetricKeyTypes
      ? undefined
      : keyTypeProblem(decoded.header.alg, key)
    if (mismatch !== undefined) throw new Error(mismatch)
    if (!isSigned(token, decoded, key)) throw new JsonWebTokenError('invalid signature')
  } catch (error) {
    return done(error)
  }
  // The cast: any JSON value but null has these properties, if only as undefined.
  const claims = decoded.payload as Claims
  const judged = { claims, options, nowSeconds, toleranceSeconds: options.clockTolerance || 0 }
  for (const rule of claimRules) {
    const error = rule(judged)
    if (error !== undefined) return done(error)
  }
  const { header, payload, signature } = decoded
  return done(null, options.complete === true ? { header, payload, signature } : payload)
}

function presenceProblem(decoded: ReadToken, material: unknown, options: VerifyOptions): string | undefined {
  const hasSignature = decoded.signature !== ''
  if (!hasSignature && material) return 'jwt signature is required'
  if (hasSignature && !material) return 'secret or public key must be provided'
  if (!hasSignature && !options.algorithms)
    return 'please specify "none" in "algorithms" to verify unsigned tokens'
  return undefined
}

const hmacAlgorithms = ['HS256', 'HS384', 'HS512']
const ellipticAlgorithms = ['ES256', 'ES384', 'ES512']
const rsaAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']

function algorithmProblem(header: JwtHeader, key: KeyObject, given: VerifyOptions): string | undefined {
  // The cast: a text in place of the list finds its parts, as it always did.
  const options = { algorithms: (given.algorithms || algorithmsOf(key)) as string[] }
  if (options.algorithms.indexOf(header.alg) === -1) return 'invalid algorithm'
  if (header.alg.startsWith('HS') && key.type !== 'secret') {
    return `secretOrPublicKey must be a symmetric key when using ${header.alg}`
  }
  if (/^(?:RS|PS|ES)/.test(header.alg) && key.type !== 'public') {
    return `secretOrPublicKey must be an asymmetric key when using ${header.alg}`
  }
  return undefined
}

function algorithmsOf(key: KeyObject): string[] {
  if (key.type === 'secret') return hmacAlgorithms
  return key.asymmetricKeyType === 'ec' ? ellipticAlgorithms : rsaAlgorithms
}

function isSigned(token: string, decoded: ReadToken, key: KeyObject): boolean {
  if (!decoded.header.alg) {
    throw Object.assign(new Error('Missing algorithm parameter for jws.verify'), {
      code: 'MISSING_ALGORITHM',
    })
  }
  const input = token.slice(0, token.lastIndexOf('.'))
  return schemeOf(decoded.header.alg).verify(input, decoded.signature, key)
}

// The order is the old library's: the first rule that fails names the error.
const claimRules: readonly ((judged: Judged) => Error | undefined)[] = [
  notBefore,
  expiry,
  audience,
  issuer,
  equal('subject', 'sub'),
  equal('jwtid', 'jti'),
  equal('nonce', 'nonce'),
  age,
]

function notBefore({ claims, options, nowSeconds, toleranceSeconds }: Judged): Error | undefined {
  const nbf = claims['nbf']
  if (nbf === undefined || options.ignoreNotBefore) return undefined
  if (typeof nbf !== 'number') return new JsonWebTokenError('invalid nbf value')
  const isEarly = nbf > nowSeconds + toleranceSeconds
  return isEarly ? new NotBeforeError('jwt not active', new Date(nbf * 1000)) : undefined
}

function expiry({ claims, options, nowSeconds, toleranceSeconds }: Judged): Error | undefined {
  const exp = claims['exp']
  if (exp === undefined || options.ignoreExpiration) return undefined
  if (typeof exp !== 'number') return new JsonWebTokenError('invalid exp value')
  const isOver = nowSeconds >= exp + toleranceSeconds
  return isOver ? new TokenExpiredError('jwt expired', new Date(exp * 1000)) : undefined
}

function audience({ claims, options }: Judged): Error | undefined {
  if (!options.audience) return undefined
  const wanted = Array.isArray(options.audience) ? options.audience : [options.audience]
  const named: unknown[] = Array.isArray(claims['aud']) ? claims['aud'] : [claims['aud']]
  // The cast: RegExp turns whatever it is given into text.
  const fits = named.some(name =>
    wanted.some(one => (one instanceof RegExp ? one.test(name as string) : one === name)),
  )
  return fits ? undefined : new JsonWebTokenError(`jwt audience invalid. expected: ${wanted.join(' or ')}`)
}

function issuer({ claims, options }: Judged): Error | undefined {
  const wanted: unknown = options.issuer
  if (!wanted) return undefined
  const isOther = typeof wanted === 'string' && claims['iss'] !== wanted
  const isNone = Array.isArray(wanted) && !wanted.includes(claims['iss'])
  return isOther || isNone ? new JsonWebTokenError(`jwt issuer invalid. expected: ${wanted}`) : undefined
}

function equal(option: 'subject' | 'jwtid' | 'nonce', claim: string): (judged: Judged) => Error | undefined {
  return ({ claims, options }) => {
    const wanted = options[option]
    if (!wanted || claims[claim] === wanted) return undefined
    return new JsonWebTokenError(`jwt ${option} invalid. expected: ${wanted}`)
  }
}

function age({ claims, options, nowSeconds, toleranceSeconds }: Judged): Error | undefined {
  if (!options.maxAge) return undefined
  if (typeof claims['iat'] !== 'number') return new JsonWebTokenError('iat required when maxAge is specified')
  const until = timespan(options.maxAge, claims['iat'])
  if (until === undefined) {
    return new JsonWebTokenError(
      '"maxAge" should be a number of seconds or string representing a timespan eg: "1d", "20h", 60',
    )
  }
  const isOver = nowSeconds >= until + toleranceSeconds
  return isOver ? new TokenExpiredError('maxAge exceeded', new Date(until * 1000)) : undefined
}
