// What the old library accepts as an option of `sign` and as a time claim of a payload: two tables and their loop.
import { isNumeric, isPlainObject, isText, isTruth } from './plain-object.ts'

interface Rule {
  readonly isValid: (value: unknown) => boolean
  readonly message: string
}

const algorithms: readonly unknown[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'HS256',
  'HS384',
  'HS512',
  'none',
]

const isSpan = (value: unknown): boolean => Number.isInteger(value) || (isText(value) && value !== '')

const text = (name: string): Rule => ({ isValid: isText, message: `"${name}" must be a string` })
const truth = (name: string): Rule => ({ isValid: isTruth, message: `"${name}" must be a boolean` })
const instant = (name: string): Rule => ({
  isValid: isNumeric,
  message: `"${name}" should be a number of seconds`,
})
const span = (name: string): Rule => ({
  isValid: isSpan,
  message: `"${name}" should be a number of seconds or string representing a timespan`,
})

// Plain objects on purpose: a name such as "constructor" is found on them and fails, as it does in the old library.
const optionRules: Readonly<Record<string, Rule>> = {
  expiresIn: span('expiresIn'),
  notBefore: span('notBefore'),
  audience: {
    isValid: value => isText(value) || Array.isArray(value),
    message: '"audience" must be a string or array',
  },
  algorithm: {
    isValid: value => algorithms.includes(value),
    message: '"algorithm" must be a valid string enum value',
  },
  header: { isValid: isPlainObject, message: '"header" must be an object' },
  encoding: text('encoding'),
  issuer: text('issuer'),
  subject: text('subject'),
  jwtid: text('jwtid'),
  noTimestamp: truth('noTimestamp'),
  keyid: text('keyid'),
  mutatePayload: truth('mutatePayload'),
  allowInsecureKeySizes: truth('allowInsecureKeySizes'),
  allowInvalidAsymmetricKeyTypes: truth('allowInvalidAsymmetricKeyTypes'),
}

const claimRules: Readonly<Record<string, Rule>> = {
  iat: instant('iat'),
  exp: instant('exp'),
  nbf: instant('nbf'),
}

/** Throws an Error at the first option that is unknown or of the wrong kind. */
export function assertSignOptions(options: unknown): void {
  assertRules('options', options, optionRules, name => new Error(`"${name}" is not allowed in "options"`))
}

/** Throws an Error at the first time claim that is not a number. Other claims may be anything. */
export function assertTimeClaims(payload: unknown): void {
  assertRules('payload', payload, claimRules, () => undefined)
}

function assertRules(
  what: string,
  object: unknown,
  rules: Readonly<Record<string, Rule>>,
  unknownName: (name: string) => Error | undefined,
): void {
  if (!isPlainObject(object)) throw new Error(`Expected "${what}" to be a plain object.`)
  for (const name of Object.keys(object)) {
    const validator = rules[name]
    const problem = validator
      ? !validator.isValid(object[name]) && new Error(validator.message)
      : unknownName(name)
    if (problem) throw problem
  }
}
