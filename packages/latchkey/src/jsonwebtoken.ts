// The drop-in for the library `jsonwebtoken` 9: change the import and nothing else. It keeps that library's
// leniency on purpose and stands apart from the engine; new code takes `sign` and `verify` of `latchkey`.
import { decode } from './jsonwebtoken/decode.ts'
import { JsonWebTokenError, NotBeforeError, TokenExpiredError } from './jsonwebtoken/errors.ts'
import { sign } from './jsonwebtoken/sign.ts'
import { verify } from './jsonwebtoken/verify.ts'

/** All of it in one object, for `import jwt from` and for `require`. */
const jsonwebtoken = { decode, verify, sign, JsonWebTokenError, NotBeforeError, TokenExpiredError }

export type { VerifyErrors } from './jsonwebtoken/errors.ts'
export type {
  Algorithm,
  DecodeOptions,
  GetPublicKeyOrSecret,
  Jwt,
  JwtHeader,
  JwtPayload,
  PrivateKey,
  PublicKey,
  Secret,
  SignCallback,
  SigningKeyCallback,
  SignOptions,
  VerifyOptions,
} from './jsonwebtoken/options.ts'
export type { VerifyCallback } from './jsonwebtoken/verify.ts'
// `require('latchkey/jsonwebtoken')` gives this object itself, which old tests may stub.
export {
  decode,
  JsonWebTokenError,
  jsonwebtoken as default,
  jsonwebtoken as 'module.exports',
  NotBeforeError,
  sign,
  TokenExpiredError,
  verify,
}
