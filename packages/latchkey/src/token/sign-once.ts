// The verb `sign`, as people know it: payload, secret or key, options, and a callback if they like.
import type { JsonObject } from '../base/json.ts'
import { refuseUnknownOptions } from '../base/option-names.ts'
import { type Algorithm, requireAlgorithm } from '../keys/algorithms.ts'
import type { Key } from '../keys/key.ts'
import { type Callback, isCallback, tell } from './answer.ts'
import { decode } from './decode.ts'
import { givenKey, type SecretOrKey } from './given-key.ts'
import { createSigner, requireSigning, type Signer, type SigningOptions, signingNames } from './signer.ts'

/** What `sign` adds to the claims and to the header. */
export interface SignOptions extends SigningOptions {
  /** Which HMAC a secret is for (HS256 unless given); with a key it must be the key's own. */
  readonly algorithm?: Algorithm | undefined
  /** The claims that were added are written into the payload object too. */
  readonly mutatePayload?: boolean | undefined
}

/**
 * Signs claims. Text or bytes are an HMAC secret of 32 bytes or more; other keys are made by `createKey`. Without a
 * callback it returns the token or throws: LatchkeyError `key_too_weak`, `key_mismatch`; TypeError for a wrong call.
 */
export function sign(payload: object, secretOrKey: SecretOrKey, options?: SignOptions): string
/** The same in the thread pool: the token, or what is wrong, goes to the callback. */
export function sign(payload: object, secretOrKey: SecretOrKey, callback: Callback<string>): void
/** With options, for the callback. */
export function sign(
  payload: object,
  secretOrKey: SecretOrKey,
  options: SignOptions | undefined,
  callback: Callback<string>,
): void
export function sign(
  payload: object,
  secretOrKey: SecretOrKey,
  third?: SignOptions | Callback<string>,
  fourth?: Callback<string>,
): string | undefined {
  const callback = isCallback(third) ? third : fourth
  const options = isCallback(third) || third === undefined ? {} : third
  if (callback === undefined) return prepare(payload, secretOrKey, options)(payload)
  if (!isCallback(callback)) throw new TypeError('sign: the callback must be a function')
  tell(callback, () => prepare(payload, secretOrKey, options).async(payload))
  return undefined
}

function prepare(payload: object, secretOrKey: SecretOrKey, options: SignOptions): Signer {
  refuseUnknownOptions('sign', options, ['algorithm', 'mutatePayload', ...signingNames])
  const { algorithm, mutatePayload = false, ...signing } = options
  const alg = algorithm === undefined ? undefined : requireAlgorithm(algorithm, 'sign: algorithm')
  const key = requireSigning(givenKey(secretOrKey, alg))
  requireSame(key, alg, 'algorithm')
  const headerAlg = signing.header?.['alg']
  if (headerAlg !== undefined) requireSame(key, headerAlg, 'header.alg')
  if (!mutatePayload) return createSigner({ ...signing, key })
  return mutating(payload, { ...signing, key })
}

function requireSame(key: Key, alg: unknown, option: string): void {
  if (alg !== undefined && alg !== key.alg)
    throw new TypeError(`sign: ${option} is not the key's own, ${key.alg}`)
}

/** Signs first and writes back what was added, so that object and token agree. */
function mutating(payload: object, options: SigningOptions & { key: Key }): Signer {
  const signer = createSigner(options)
  const claims = payload as JsonObject
  const write = (token: string): string => {
    for (const [name, value] of Object.entries(decode(token) ?? {})) claims[name] ??= value
    return token
  }
  return Object.assign((claims: object) => write(signer(claims)), {
    async: async (claims: object) => write(await signer.async(claims)),
  })
}
