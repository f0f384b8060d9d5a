// The verb `verify`, as people know it: token, secret or key, options, and a callback if they like.
import { refuseUnknownOptions } from '../base/option-names.ts'
import { type Algorithm, algorithms, requireAlgorithm } from '../keys/algorithms.ts'
import type { Key } from '../keys/key.ts'
import { type Callback, isCallback, tell } from './answer.ts'
import { decode } from './decode.ts'
import { givenKey, type SecretOrKey } from './given-key.ts'
import type { Claims, Header } from './verdict.ts'
import { type ClaimOptions, type CompleteToken, createVerifier, type Verifier } from './verifier.ts'

export interface VerifyOptions extends ClaimOptions {
  /** What is allowed. A key that names its algorithm is the allow-list; a secret is for HS256 unless told otherwise. */
  readonly algorithms?: readonly Algorithm[] | undefined
  /** Header, claims and signature instead of the claims. */
  readonly complete?: boolean | undefined
  /** The time to judge by, in seconds. */
  readonly clockTimestamp?: number | undefined
}

/** Finds the key for a header, by a callback or a promise. Nothing of the header is proven yet. */
export type GetKey = (
  header: Header,
  callback: (error: Error | null, key?: SecretOrKey) => void,
) => SecretOrKey | Promise<SecretOrKey> | undefined

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
 * Verifies a token. `exp` and `nbf` are checked where they are there; anything else where an option asks. Without a
 * callback it returns the claims or throws LatchkeyError (codes as `createVerifier`, and `key_too_weak`); a wrong
 * call is a TypeError. A function in the place of the key needs a callback.
 */
export function verify(
  token: string,
  secretOrKey: SecretOrKey,
  options: VerifyOptions & { readonly complete: true },
): CompleteToken
export function verify(token: string, secretOrKey: SecretOrKey, options?: VerifyOptions): Claims
export function verify(token: string, secretOrKey: SecretOrKey | GetKey, callback: Callback<Claims>): void
export function verify(
  token: string,
  secretOrKey: SecretOrKey | GetKey,
  options: VerifyOptions & { readonly complete: true },
  callback: Callback<CompleteToken>,
): void
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
    const verifier = prepare(secretOrKey, options)
    return options.complete === true ? verifier.complete(token) : verifier(token)
  }
  if (!isCallback(callback)) throw new TypeError('verify: the callback must be a function')
  tell(callback, async () => {
    readOptions(options)
    const found = typeof secretOrKey === 'function' ? await findKey(secretOrKey, token) : secretOrKey
    const verifier = prepare(found, options)
    const claims = await verifier.async(token)
    return options.complete === true ? verifier.complete(token) : claims
  })
  return undefined
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

function prepare(secretOrKey: unknown, options: VerifyOptions): Verifier {
  const allowed = readOptions(options)
  const { clockTimestamp, complete: _, algorithms: __, ...claimOptions } = options
  return createVerifier({
    ...claimOptions,
    keys: keysOf(secretOrKey, allowed),
    ...(allowed !== undefined && { algorithms: allowed }),
    ...(clockTimestamp !== undefined && { clock: () => clockTimestamp * 1000 }),
    cache: false,
  })
}

/** One key for each algorithm that a secret is allowed for; a key that says what it is for is taken as it is. */
function keysOf(secretOrKey: unknown, allowed: readonly Algorithm[] | undefined): Key[] {
  const isBare = typeof secretOrKey === 'string' || secretOrKey instanceof Uint8Array
  if (allowed === undefined) return [givenKey(secretOrKey, undefined)]
  if (!isBare) return [givenKey(secretOrKey, allowed.length === 1 ? allowed[0] : undefined)]
  const strange = allowed.find(alg => algorithms[alg].kty !== 'oct')
  if (strange !== undefined)
    throw new TypeError(`verify: ${strange} takes no secret; make a key with createKey`)
  return allowed.map(alg => givenKey(secretOrKey, alg))
}

/** What the function finds is judged like any key: '' and undefined verify nothing (CVE-2026-44351). */
async function findKey(getKey: GetKey, token: string): Promise<unknown> {
  const parts = decode(token, { complete: true })
  const alg = parts?.header['alg']
  // A token that cannot be read is refused by the verifier, before any key counts.
  if (parts === null || typeof alg !== 'string') return 'no key is asked for a token that cannot be read'
  return new Promise((resolve, reject) => {
    const answer = (error: Error | null, key?: SecretOrKey): void => {
      if (error) reject(error)
      else resolve(key)
    }
    const returned = getKey(parts.header as Header, answer)
    if (returned !== undefined) resolve(returned)
  })
}
