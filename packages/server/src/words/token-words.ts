// A token in words: what it is, what each member means, and at which step a server with these rules would refuse it.
// Nothing is proven here: no key is asked. Nothing of Node is imported: the command line and the pages use it alike.
import { claimWords, headerWords, type WordRow } from './claim-words.ts'
import { type JsonObject, readSegment } from './read-token.ts'
import { absoluteTime, lengthInWords, relativeTime } from './time-words.ts'

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

/** What a text turned out to be. */
type TokenKind = 'jwt' | 'encrypted' | 'refresh_token' | 'api_key' | 'one_time_token' | 'unknown'

/** One member of the header or the claims. */
export interface MemberWords {
  readonly name: string
  /** Its value as JSON. */
  readonly value: string
  /** What it means; undefined for a member that no table knows. */
  readonly meaning: string | undefined
  readonly section: string | undefined
  /** The instant in words, absolute and relative, where it is one. */
  readonly time: string | undefined
}

type StepName = 'length' | 'shape' | 'header' | 'key' | 'signature' | 'claims' | 'revocation'

/** One step of the ladder. `unknown` is what cannot be told without the keys or the list of revocations. */
export interface StepWords {
  readonly step: StepName
  readonly outcome: 'passed' | 'refused' | 'unknown' | 'not_reached'
  /** The code of the refusal, as the engine names it. */
  readonly code: string | undefined
  readonly words: string
}

export interface TokenWords {
  readonly kind: TokenKind
  readonly summary: string
  readonly header: readonly MemberWords[]
  readonly claims: readonly MemberWords[]
  readonly steps: readonly StepWords[]
  /** The step that refuses; undefined when none does as far as can be told without keys. */
  readonly refusal: StepWords | undefined
}

/** Tells what a text is and what a server would say. `Bearer ` and white space around it are left out. */
export function explainToken(text: string, rules: TokenRules, nowMs: number): TokenWords {
  const token = text.trim().replace(/^Bearer\s+/i, '')
  const kind = kindOf(token)
  if (kind !== 'jwt')
    return { kind, summary: summaries[kind], header: [], claims: [], ...ladder(token, rules, nowMs) }
  const [first = '', second = ''] = token.split('.')
  const header = readSegment(first)
  const claims = readSegment(second)
  const nowSeconds = nowMs / 1000
  return {
    kind,
    summary: summaryOf(header, claims, nowSeconds),
    header: membersOf(header, headerWords, nowSeconds),
    claims: membersOf(claims, claimWords, nowSeconds),
    ...ladder(token, rules, nowMs),
  }
}

const summaries: Record<Exclude<TokenKind, 'jwt'>, string> = {
  encrypted: 'An encrypted token (JWE, five parts). Latchkey reads signed ones only.',
  refresh_token:
    'A refresh token of Latchkey: opaque, and no JWT. It goes to POST /user/refresh and nowhere else.',
  api_key: 'An API key of Latchkey: opaque, and no JWT. The store knows what it may do.',
  one_time_token: 'The token of a link that works once: opaque, and no JWT.',
  unknown: 'This is no token: a JWT is three parts of base64url with dots between.',
}

const kinds: readonly [pattern: RegExp, kind: TokenKind][] = [
  [/^lkr_/, 'refresh_token'],
  [/^lko_/, 'one_time_token'],
  [/^lk_/, 'api_key'],
  [/^[^.]*(\.[^.]*){4}$/, 'encrypted'],
  [/^[^.]+\.[^.]*\.[^.]*$/, 'jwt'],
]

function kindOf(token: string): TokenKind {
  return kinds.find(([pattern]) => pattern.test(token))?.[1] ?? 'unknown'
}

function summaryOf(header: JsonObject | string, claims: JsonObject | string, nowSeconds: number): string {
  if (typeof header === 'string') return `Three parts like a JWT, but its header ${header}.`
  if (typeof claims === 'string') return `A JWT whose payload ${claims}.`
  const what = shortType(header['typ']) === 'at+jwt' ? 'An access token' : 'A JWT'
  const { iat, exp } = claims
  if (typeof exp !== 'number') return `${what} that never ends by itself: it has no exp.`
  const lived = typeof iat === 'number' ? `, made for ${lengthInWords(exp - iat)}` : ''
  const end = exp > nowSeconds ? 'ends' : 'ended'
  return `${what}${lived}; it ${end} ${relativeTime(exp, nowSeconds)}.`
}

function membersOf(
  object: JsonObject | string,
  table: Readonly<Record<string, WordRow>>,
  nowSeconds: number,
): readonly MemberWords[] {
  if (typeof object === 'string') return []
  return Object.entries(object).map(([name, value]) => {
    const row = Object.hasOwn(table, name) ? table[name] : undefined
    const absolute = row?.isTime && typeof value === 'number' ? absoluteTime(value) : undefined
    const time =
      absolute === undefined ? undefined : `${absolute}, ${relativeTime(Number(value), nowSeconds)}`
    return { name, value: JSON.stringify(value), meaning: row?.meaning, section: row?.section, time }
  })
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

interface Rung {
  readonly step: StepName
  readonly passed: string
  /** Undefined when nothing stands against it; 'unknown' when that cannot be told here. */
  judge(judged: Judged): Objection | 'unknown' | undefined
  /** What is said when it cannot be told. */
  readonly unknown?: string
}

/** The ladder, in the engine's order (RFC 7515 5.2, RFC 7519 7.2). */
const rungs: readonly Rung[] = [
  {
    step: 'length',
    passed: 'Short enough to be read.',
    judge({ token, rules: { maxTokenLength = 8192 } }) {
      const words = `It has ${token.length} characters, and ${maxTokenLength} is the most that is read.`
      return token.length > maxTokenLength ? { code: 'token_too_long', words } : undefined
    },
  },
  { step: 'shape', passed: 'Three parts with dots between.', judge: judgeShape },
  { step: 'header', passed: 'The header is one that is accepted.', judge: judgeHeader },
  {
    step: 'key',
    passed: 'A published key has its kid.',
    unknown: 'Without the keys nobody can tell whether one of them made it.',
    judge: judgeKey,
  },
  {
    step: 'signature',
    passed: 'The signature is right.',
    unknown: 'Not checked: nothing in this token is proven.',
    judge: () => 'unknown',
  },
  { step: 'claims', passed: 'The claims are what is asked for.', judge: judgeClaims },
  {
    step: 'revocation',
    passed: 'It is not revoked.',
    unknown: 'Not looked up: the session may have ended.',
    judge: () => 'unknown',
  },
]

function ladder(token: string, rules: TokenRules, nowMs: number): Pick<TokenWords, 'steps' | 'refusal'> {
  const [first = '', second = ''] = token.split('.')
  const judged: Judged = {
    token,
    header: readSegment(first),
    claims: readSegment(second),
    rules,
    nowSeconds: nowMs / 1000,
  }
  const steps: StepWords[] = []
  let refusal: StepWords | undefined
  for (const rung of rungs) {
    const words = refusal === undefined ? wordsOf(rung, judged) : notReached(rung)
    if (words.outcome === 'refused') refusal = words
    steps.push(words)
  }
  return { steps, refusal }
}

function wordsOf(rung: Rung, judged: Judged): StepWords {
  const verdict = rung.judge(judged)
  const { step } = rung
  if (verdict === undefined) return { step, outcome: 'passed', code: undefined, words: rung.passed }
  if (verdict === 'unknown') return { step, outcome: 'unknown', code: undefined, words: rung.unknown ?? '' }
  return { step, outcome: 'refused', ...verdict }
}

function notReached({ step }: Rung): StepWords {
  return { step, outcome: 'not_reached', code: undefined, words: 'Not reached.' }
}

function judgeShape({ token }: Judged): Objection | undefined {
  const parts = token.split('.')
  if (parts.length === 5) return { code: 'token_encrypted', words: summaries.encrypted }
  if (parts.length === 3 && parts[0] !== '') return undefined
  return { code: 'token_malformed', words: `It has ${parts.length} parts where a signed JWT has three.` }
}

const maxKidLength = 256

function judgeHeader({ header, rules }: Judged): Objection | undefined {
  if (typeof header === 'string') return { code: 'token_malformed', words: `The header ${header}.` }
  const { alg, kid, typ, cty } = header
  const { types = ['at+jwt'] } = rules
  const shownAlg = JSON.stringify(alg) ?? 'none at all'
  if (typeof alg !== 'string' || !knownAlgorithms.includes(alg))
    return { code: 'alg_not_allowed', words: `The algorithm is ${shownAlg}, which is none that signs.` }
  if (header['crit'] !== undefined || header['b64'] !== undefined)
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

function shortType(typ: unknown): string {
  if (typeof typ !== 'string') return ''
  const lower = typ.toLowerCase()
  return lower.startsWith('application/') && !lower.includes('/', 12) ? lower.slice(12) : lower
}

function judgeKey({ header, rules: { kids, algorithms } }: Judged): Objection | 'unknown' | undefined {
  const { alg, kid } = typeof header === 'string' ? {} : header
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

interface ClaimJudged {
  readonly claims: JsonObject
  readonly rules: TokenRules
  readonly nowSeconds: number
  readonly toleranceSeconds: number
}

/** What is asked of claims, in the engine's order. */
const claimRules: readonly ((judged: ClaimJudged) => Objection | undefined)[] = [
  ({ claims }) => {
    const misfit = claimKinds.find(([name, is]) => claims[name] !== undefined && !is(claims[name]))
    return misfit && { code: 'claim_invalid', words: `${misfit[0]} must be ${misfit[2]}.` }
  },
  ({ claims: { exp } }) =>
    exp === undefined ? { code: 'claim_missing', words: 'There is no exp: it would never end.' } : undefined,
  ({ claims: { exp }, nowSeconds, toleranceSeconds }) =>
    isNumber(exp) && nowSeconds >= exp + toleranceSeconds
      ? { code: 'token_expired', words: `It ended ${relativeTime(exp, nowSeconds)}.` }
      : undefined,
  ({ claims: { nbf }, nowSeconds, toleranceSeconds }) =>
    isNumber(nbf) && nowSeconds < nbf - toleranceSeconds
      ? { code: 'token_not_active', words: `It begins ${relativeTime(nbf, nowSeconds)}.` }
      : undefined,
  ({ claims: { iss }, rules: { issuer } }) =>
    issuer !== undefined && iss !== issuer
      ? { code: 'issuer_mismatch', words: `${shownIssuer(iss)}, and ${issuer} is asked for.` }
      : undefined,
  ({ claims: { aud }, rules: { audience } }) =>
    audience !== undefined && ![aud].flat().some(one => isText(one) && audience.includes(one))
      ? { code: 'audience_mismatch', words: `${shownAudience(aud)}, and not for ${audience.join(' or ')}.` }
      : undefined,
]

function judgeClaims({ claims, rules, nowSeconds }: Judged): Objection | undefined {
  if (typeof claims === 'string') {
    const code = claims === 'is not base64url' ? 'token_malformed' : 'claims_malformed'
    return { code, words: `The payload ${claims}.` }
  }
  const judged = { claims, rules, nowSeconds, toleranceSeconds: rules.toleranceSeconds ?? 0 }
  for (const rule of claimRules) {
    const objection = rule(judged)
    if (objection !== undefined) return objection
  }
  return undefined
}

function shownIssuer(iss: unknown): string {
  return iss === undefined ? 'It names no issuer' : `It comes from ${JSON.stringify(iss)}`
}

function shownAudience(aud: unknown): string {
  return aud === undefined ? 'It is meant for nobody' : `It is meant for ${[aud].flat().join(', ')}`
}
