// The steps of a token without the keys and the store: which it passes, and which stops it, at a server with these
// rules. The names of the steps and what they ask are in ladder.ts.
import { ladder, type Step, type StepState, steps } from './ladder.ts'
import { type JsonObject, readSegment } from './read-token.ts'
import { relativeTime } from './time-words.ts'

/** What a server asks of an access token. What is not given is not asked. */
export interface TokenRules {
  readonly issuer?: string | undefined
  /** It must be meant for one of these. */
  readonly audience?: readonly string[] | undefined
  /** What its published keys are for, by the names in `alg`. */
  readonly algorithms?: readonly string[] | undefined
  /** The key ids that are published. */
  readonly kids?: readonly string[] | undefined
  /** Accepted header types in lower case; '' for an absent one. `at+jwt` unless given. */
  readonly types?: readonly string[] | undefined
  /** How far clocks may differ. 0 unless given. */
  readonly toleranceSeconds?: number | undefined
  /** 8192 unless given. */
  readonly maxTokenLength?: number | undefined
}

/** One step of the ladder. `unknown` is what cannot be told without the keys or the store. */
export interface StepWords {
  readonly step: Step
  readonly state: StepState
  /** The code of the refusal, as the engine names it. */
  readonly code: string | undefined
  /** What it asks; where it stopped or cannot be told, why. */
  readonly words: string
}

/** What stands against a token at a step: the engine's code, and a sentence. */
interface Objection {
  readonly code: string
  readonly words: string
}

interface Judged {
  readonly token: string
  readonly header: JsonObject | string
  readonly claims: JsonObject | string
  readonly rules: TokenRules
  readonly nowSeconds: number
}

/** What an earlier step found to be an object. */
const objectOf = (part: JsonObject | string): JsonObject => (typeof part === 'string' ? {} : part)

/** Undefined when nothing stands against it; 'unknown' when that cannot be told here. */
type Judge = (judged: Judged) => Objection | 'unknown' | undefined

const cannotTell: Judge = () => 'unknown'

/** A judge for each step of the ladder (RFC 7515 5.2, RFC 7519 7.2). */
const judges: Readonly<Record<Step, Judge>> = {
  shape: judgeShape,
  header: judgeHeader,
  key: judgeKey,
  signature: cannotTell,
  claims: judgeClaims,
  expiry: judgeExpiry,
  audience: judgeAudience,
  revocation: cannotTell,
  user: cannotTell,
}

/** What comes of a token at each step, as far as can be told without keys; `refusal` is the step that it stops at. */
export function tokenSteps(
  token: string,
  rules: TokenRules,
  nowMs: number,
): { steps: readonly StepWords[]; refusal: StepWords | undefined } {
  const [first = '', second = ''] = token.split('.')
  const judged: Judged = {
    token,
    header: readSegment(first),
    claims: readSegment(second),
    rules,
    nowSeconds: nowMs / 1000,
  }
  let refusal: StepWords | undefined
  const all = steps.map(step => {
    if (refusal !== undefined)
      return { step, state: 'not_reached', code: undefined, words: ladder[step].asks } as const
    const words = stepWords(step, judges[step](judged))
    if (words.state === 'stopped') refusal = words
    return words
  })
  return { steps: all, refusal }
}

function stepWords(step: Step, verdict: ReturnType<Judge>): StepWords {
  const { asks, unknown = asks } = ladder[step]
  if (verdict === undefined) return { step, state: 'passed', code: undefined, words: asks }
  if (verdict === 'unknown') return { step, state: 'unknown', code: undefined, words: unknown }
  return { step, state: 'stopped', ...verdict }
}

/** Said of a token that no step can be taken with. */
export const encryptedWords = 'An encrypted token (JWE, five parts). Latchkey reads signed ones only.'

function judgeShape({ token, header, rules: { maxTokenLength = 8192 } }: Judged): Objection | undefined {
  if (token.length > maxTokenLength) {
    const words = `It has ${token.length} characters, and ${maxTokenLength} is the most that is read.`
    return { code: 'token_too_long', words }
  }
  const parts = token.split('.')
  if (parts.length === 5) return { code: 'token_encrypted', words: encryptedWords }
  if (parts.length !== 3 || parts[0] === '') {
    const words = `It has ${parts.length} parts where a signed JWT has three.`
    return { code: 'token_malformed', words }
  }
  return typeof header === 'string' ? { code: 'token_malformed', words: `The header ${header}.` } : undefined
}

const maxKidLength = 256

function judgeHeader({ header, rules }: Judged): Objection | undefined {
  const { alg, kid, typ, cty, crit, b64 } = objectOf(header)
  const { types = ['at+jwt'] } = rules
  const shownAlg = JSON.stringify(alg) ?? 'none at all'
  if (typeof alg !== 'string' || !knownAlgorithms.includes(alg))
    return { code: 'alg_not_allowed', words: `The algorithm is ${shownAlg}, which is none that signs.` }
  if (crit !== undefined || b64 !== undefined)
    return {
      code: 'crit_unsupported',
      words: 'It asks for an extension (crit or b64), and none is supported.',
    }
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength))
    return { code: 'header_invalid', words: `kid must be text of up to ${maxKidLength} characters.` }
  for (const [name, value] of Object.entries({ typ, cty }))
    if (value !== undefined && typeof value !== 'string')
      return { code: 'header_invalid', words: `${name} must be text.` }
  if (!types.includes(shortType(typ))) {
    const shown = typ === undefined ? 'no typ' : `the typ ${JSON.stringify(typ)}`
    const wanted = types.map(type => (type === '' ? 'none' : type)).join(' or ')
    return { code: 'typ_mismatch', words: `It has ${shown}, and ${wanted} is asked for.` }
  }
  return undefined
}

/** The names of the engine's table (RFC 7518 3.1, RFC 8812, RFC 9864, RFC 9964). A test compares the two. */
const knownAlgorithms: readonly string[] = [
  ...['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...[
    'ES256',
    'ES384',
    'ES512',
    'ES256K',
    'Ed25519',
    'Ed448',
    'EdDSA',
    'ML-DSA-44',
    'ML-DSA-65',
    'ML-DSA-87',
  ],
]

/** The type without its `application/`, in lower case (RFC 7515 4.1.9); '' for none. */
export function shortType(typ: unknown): string {
  if (typeof typ !== 'string') return ''
  const lower = typ.toLowerCase()
  return lower.startsWith('application/') && !lower.includes('/', 12) ? lower.slice(12) : lower
}

function judgeKey({ header, rules: { kids, algorithms } }: Judged): Objection | 'unknown' | undefined {
  const { alg, kid } = objectOf(header)
  if (algorithms !== undefined && !algorithms.some(name => name === alg)) {
    const words = `It is signed with ${String(alg)}, and the keys here are for ${algorithms.join(', ')}.`
    return { code: 'key_not_found', words }
  }
  if (kids === undefined || typeof kid !== 'string') return 'unknown'
  if (kids.includes(kid)) return undefined
  const words = `No published key has the kid ${kid}: it is gone, or another server’s.`
  return { code: 'key_not_found', words }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isTextOrTexts = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.every(isText))

/** What kind each registered claim must be of, in the engine's order. */
const claimKinds: readonly [name: string, is: (value: unknown) => boolean, kind: string][] = [
  ['exp', isNumber, 'a number of seconds'],
  ['nbf', isNumber, 'a number of seconds'],
  ['iat', isNumber, 'a number of seconds'],
  ['iss', isText, 'text'],
  ['sub', isText, 'text'],
  ['jti', isText, 'text'],
  ['aud', isTextOrTexts, 'text or a list of texts'],
]

function judgeClaims({ claims }: Judged): Objection | undefined {
  if (typeof claims === 'string') {
    const code = claims === 'is not base64url' ? 'token_malformed' : 'claims_malformed'
    return { code, words: `The payload ${claims}.` }
  }
  const misfit = claimKinds.find(([name, is]) => claims[name] !== undefined && !is(claims[name]))
  if (misfit !== undefined) return { code: 'claim_invalid', words: `${misfit[0]} must be ${misfit[2]}.` }
  if (claims['exp'] !== undefined) return undefined
  return { code: 'claim_missing', words: 'There is no exp: it would never end.' }
}

function judgeExpiry({ claims, rules, nowSeconds }: Judged): Objection | undefined {
  const { exp, nbf } = objectOf(claims)
  const { toleranceSeconds = 0 } = rules
  if (isNumber(exp) && nowSeconds >= exp + toleranceSeconds)
    return { code: 'token_expired', words: `It ended ${relativeTime(exp, nowSeconds)}.` }
  if (isNumber(nbf) && nowSeconds < nbf - toleranceSeconds)
    return { code: 'token_not_active', words: `It begins ${relativeTime(nbf, nowSeconds)}.` }
  return undefined
}

function judgeAudience({ claims, rules: { issuer, audience } }: Judged): Objection | undefined {
  const { iss, aud } = objectOf(claims)
  if (issuer !== undefined && iss !== issuer)
    return { code: 'issuer_mismatch', words: `${shownIssuer(iss)}, and ${issuer} is asked for.` }
  if (audience === undefined || [aud].flat().some(one => isText(one) && audience.includes(one)))
    return undefined
  return { code: 'audience_mismatch', words: `${shownAudience(aud)}, and not for ${audience.join(' or ')}.` }
}

function shownIssuer(iss: unknown): string {
  return iss === undefined ? 'It names no issuer' : `It comes from ${JSON.stringify(iss)}`
}

function shownAudience(aud: unknown): string {
  return aud === undefined ? 'It is meant for nobody' : `It is meant for ${[aud].flat().join(', ')}`
}
