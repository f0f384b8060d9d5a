// What `import … from 'latchkey'` gives.

export type { Clock } from './base/clock.ts'
export { type ErrorCode, type FieldError, LatchkeyError, type ProblemCode } from './base/errors.ts'
export { parseStrictText } from './base/json.ts'
export type { Timespan } from './base/timespan.ts'
export type { Algorithm } from './keys/algorithms.ts'
export { createKey, type KeyInput, type KeyOptions } from './keys/create-key.ts'
export { type GenerateKeyOptions, generateKey } from './keys/generate-key.ts'
export type { Jwk, PrivateJwk, PublicJwk } from './keys/jwk.ts'
export type { Key } from './keys/key.ts'
export { type KeyQuery, type Keyring, type KeyringOptions, type KeySource, keyring } from './keys/key-set.ts'
export {
  type RemoteKeySet,
  type RemoteKeysOptions,
  type RemoteKeysStatus,
  remoteKeys,
} from './keys/remote-key-set.ts'
export { thumbprint } from './keys/thumbprint.ts'
export type { Callback } from './token/answer.ts'
export type { GetKey } from './token/asked-keys.ts'
export { type DecodeOptions, decode, type UnverifiedToken } from './token/decode.ts'
export type { SecretOrKey } from './token/given-key.ts'
export { RevocationSet } from './token/revocation-set.ts'
export { type SignOptions, sign } from './token/sign-once.ts'
export { type AddedClaims, createSigner, type Signer, type SignerOptions } from './token/signer.ts'
export type { StandardSchema } from './token/standard-schema.ts'
export type { Claims, Header, Refused, Verdict, Verified } from './token/verdict.ts'
export {
  type ClaimOptions,
  type CompleteToken,
  createVerifier,
  type Verifier,
  type VerifierOptions,
  type VerifierSettings,
} from './token/verifier.ts'
export type { RevocationSource } from './token/verify.ts'
export { type VerifyOptions, verify } from './token/verify-once.ts'
