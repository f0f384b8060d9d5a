// A token in words: what it is, what each member means, and at which step a server with these rules would refuse it.
// Nothing is proven here: no key is asked. Nothing of Node is imported: the command line and the pages use it alike.
import { claimWords, headerWords, ownWords, type WordRow } from './claim-words.ts'
import { type JsonObject, readSegment } from './read-token.ts'
import { absoluteTime, lengthInWords, relativeTime } from './time-words.ts'
import { encryptedWords, type StepWords, shortType, type TokenRules, tokenSteps } from './token-steps.ts'

/** What a text turned out to be. */
type TokenKind = 'jwt' | 'encrypted' | 'refresh_token' | 'api_key' | 'one_time_token' | 'unknown'

/** One member of the header or the claims. */
export interface MemberWords {
  readonly name: string
  /** Its value as JSON. */
  readonly value: string
  /** What it means. */
  readonly meaning: string
  /** Where that is defined; undefined for a member that no table knows. */
  readonly section: string | undefined
  /** The instant in words, absolute and relative, where it is one. */
  readonly time: string | undefined
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
    return { kind, summary: summaries[kind], header: [], claims: [], ...tokenSteps(token, rules, nowMs) }
  const [first = '', second = ''] = token.split('.')
  const header = readSegment(first)
  const claims = readSegment(second)
  const nowSeconds = nowMs / 1000
  return {
    kind,
    summary: summaryOf(header, claims, nowSeconds),
    header: membersOf(header, headerWords, nowSeconds),
    claims: membersOf(claims, claimWords, nowSeconds),
    ...tokenSteps(token, rules, nowMs),
  }
}

const summaries: Record<Exclude<TokenKind, 'jwt'>, string> = {
  encrypted: encryptedWords,
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
    return {
      name,
      value: JSON.stringify(value),
      meaning: row?.meaning ?? ownWords,
      section: row?.section,
      time,
    }
  })
}
