// The verb `verify`, as people know it: token, secret or key, options, and a callback if they like.
import { KeyObject } from 'node:crypto'
import { refuseUnknownOptions } from '../base/option-names.ts'
import { type Algorithm, algorithms, requireAlgorithm } from '../keys/algorithms.ts'
import type { Key } from '../keys/key.ts'
import type { KeySource } from '../keys/key-set.ts'
import { type Callback, isCallback, tell } from './answer.ts'
import { AskedKeys, type GetKey } from './asked-keys.ts'
import { givenKey, type SecretOrKey } from './given-key.ts'
import type { Claims } from './verdict.ts'
import {
  type ClaimOptions,
  type CompleteToken,
  completeOf,
  createVerifier,
  prepareRules,
  type VerifierOptions,
} from './verifier.ts'
import { judgeLater } from './verify.ts'

/** What `verify` asks of a token, and what it gives. */
export interface VerifyOptions extends ClaimOptions {
  /** What is allowed. A key that names its algorithm is the allow-list; a secret is for HS256 unless told otherwise. */
  readonly algorithms?: readonly Algorithm[] | undefined
  /** Header, claims and signature instead of the claims. */
  readonly complete?: boolean | undefined
  /** The time to judge by, in seconds. */
  readonly clockTimestamp?: number | undefined
}

type Result = Claims | CompleteToken

const claimNames: readonly (keyof ClaimOptions)[] = [
  'issuer',
  'audience',
  'subject',
  'jwtid',
  'nonce',
  'typ',
  'maxAge',
  'clockTolerance',
  'requiredClaims',
  'unsafeIgnoreExpiration',
]

/**
 * Verifies a token: `exp` and `nbf` where they are there, anything else where an option asks. With `complete` it gives
 * header and signature too.
 */
export function verify(
  token: string,
  secretOrKey: SecretOrKey,
  options: VerifyOptions & { readonly complete: true },
): CompleteToken
/**
 * Gives the claims of a token that holds, or throws LatchkeyError (codes as `createVerifier`, and `key_too_weak`). A
 * wrong call is a TypeError.
 */
export function verify(token: string, secretOrKey: SecretOrKey, options?: VerifyOptions): Claims
/** With a callback, the key may be a function that finds it for a header. */
export function verify(token: string, secretOrKey: SecretOrKey | GetKey, callback: Callback<Claims>): void
/** With `complete`, for the callback. */
export function verify(
  token: string,
  secretOrKey: SecretOrKey | GetKey,
  options: VerifyOptions & { readonly complete: true },
  callback: Callback<CompleteToken>,
): void
/** With options, for the callback. */
export function verify(
  token: string,
  secretOrKey: SecretOrKey | GetKey,
  options: VerifyOptions | undefined,
  callback: Callback<Claims>,
): void
export function verify(
  token: string,
  secretOrKey: SecretOrKey | GetKey,
  third?: VerifyOptions | Callback<Claims>,
  fourth?: Callback<Claims> | Callback<CompleteToken>,
): Result | undefined {
  // Which of the two results a callback takes, the overloads have said.
  const callback = (isCallback(third) ? third : fourth) as Callback<Result> | undefined
  const options = isCallback(third) || third === undefined ? {} : third
  if (callback === undefined) {
    if (typeof secretOrKey === 'function')
      throw new TypeError('verify: a function that finds the key needs a callback')
    const verifier = createVerifier(verifierOptions(options, allowed => keysOf(secretOrKey, allowed)))
    return options.complete === true ? verifier.complete(token) : verifier(token)
  }
  if (!isCallback(callback)) throw new TypeError('verify: the callback must be a function')
  tell(callback, async () => {
    const complete =
      typeof secretOrKey === 'function'
        ? await verifyAsking(token, secretOrKey, options)
        : await verifyLater(
            token,
            verifierOptions(options, allowed => keysOf(secretOrKey, allowed)),
          )
    return options.complete === true ? complete : complete.claims
  })
  return undefined
}

async function verifyLater(token: string, options: VerifierOptions): Promise<CompleteToken> {
  return completeOf(await judgeLater(prepareRules(options), token), token)
}

async function verifyAsking(token: string, getKey: GetKey, options: VerifyOptions): Promise<CompleteToken> {
  let asked: AskedKeys | undefined
  const prepared = verifierOptions(options, allowed => {
    asked = new AskedKeys(getKey, found => keysOf(found, allowed))
    return asked
  })
  const verdict = await judgeLater(prepareRules(prepared), token)
  asked?.throwFailure()
  return completeOf(verdict, token)
}

function readOptions(options: VerifyOptions): readonly Algorithm[] | undefined {
  refuseUnknownOptions('verify', options, [...claimNames, 'algorithms', 'complete', 'clockTimestamp'])
  const { algorithms: names, clockTimestamp } = options
  if (
    clockTimestamp !== undefined &&
    (typeof clockTimestamp !== 'number' || !Number.isFinite(clockTimestamp))
  ) {
    throw new TypeError('verify: clockTimestamp must be a number of seconds')
  }
  if (names === undefined) return undefined
  if (!Array.isArray(names) || names.length === 0)
    throw new TypeError('verify: algorithms must be a list of names')
  return names.map(name => requireAlgorithm(name, 'verify: algorithms'))
}

type FindKeys = (allowed: readonly Algorithm[] | undefined) => readonly Key[] | KeySource

function verifierOptions(options: VerifyOptions, findKeys: FindKeys): VerifierOptions {
  const allowed = readOptions(options)
  const { clockTimestamp, complete: _, algorithms: __, ...claimOptions } = options
  return {
    ...claimOptions,
    keys: findKeys(allowed),
    ...(allowed !== undefined && { algorithms: allowed }),
    ...(clockTimestamp !== undefined && { clock: () => clockTimestamp * 1000 }),
    cache: false,
  }
}

/** Material that names no algorithm is made a key of for each allowed one that takes it; other keys are as they are. */
function keysOf(secretOrKey: unknown, allowed: readonly Algorithm[] | undefined): readonly Key[] {
  const kty = openKtyOf(secretOrKey)
  if (allowed === undefined) return [givenKey(secretOrKey, undefined)]
  if (kty === undefined) return [givenKey(secretOrKey, allowed.length === 1 ? allowed[0] : undefined)]
  const fitting = allowed.filter(alg => algorithms[alg].kty === kty)
  if (fitting.length > 0) return fitting.map(alg => givenKey(secretOrKey, alg))
  throw new TypeError(`verify: ${allowed.join(', ')} takes no such key; make one with createKey`)
}

/** The key type of material that does not say which of several algorithms it is for; undefined where it does. */
function openKtyOf(given: unknown): string | undefined {
  if (typeof given === 'string' || given instanceof Uint8Array) return 'oct'
  if (given instanceof KeyObject)
    return given.type === 'secret' ? 'oct' : given.asymmetricKeyType?.startsWith('rsa') ? 'RSA' : undefined
  const isOpenJwk = typeof given === 'object' && given !== null && 'kty' in given && !('alg' in given)
  return isOpenJwk && (given.kty === 'RSA' || given.kty === 'oct') ? given.kty : undefined
}
