// The steps that a token is judged by, in the engine's order, and the step at which each refusal stops it: the one
// table behind the inspector and the command line. Nothing of Node is imported: browsers draw the same ladder.
import type { ErrorCode } from 'latchkey'

interface LadderRow {
  /** What the step asks. */
  readonly asks: string
  /** What is said of it where nobody can tell: without the keys and the store. */
  readonly unknown?: string
}

const rows = {
  shape: { asks: 'Three parts of base64url with dots between, short enough to be read.' },
  header: { asks: 'An algorithm that is known, the type of an access token, no extension.' },
  key: {
    asks: 'A key of this server has the id in the header.',
    unknown: 'Without the keys nobody can tell whether one of them made it.',
  },
  signature: {
    asks: 'That key made the signature.',
    unknown: 'Not checked: nothing in this token is proven.',
  },
  claims: { asks: 'The claims are there, each of the right kind.' },
  expiry: { asks: 'It has begun, and it has not ended.' },
  audience: { asks: 'This server issued it, and for itself.' },
  revocation: {
    asks: 'Neither it nor its session nor its key was revoked.',
    unknown: 'Not looked up: the session may have ended.',
  },
  user: {
    asks: 'Whoever it stands for is still there.',
    unknown: 'Not looked up: they may have been disabled.',
  },
} satisfies Record<string, LadderRow>

export type Step = keyof typeof rows

export const ladder: Readonly<Record<Step, LadderRow>> = rows

/** In the order in which they are taken. */
export const steps = Object.keys(rows) as Step[]

/** What comes of a step, in words. */
export const stateWords = {
  passed: 'passed',
  stopped: 'stopped here',
  unknown: 'cannot be told here',
  not_reached: 'not reached',
} as const

export type StepState = keyof typeof stateWords

/** The longest text that may be asked about: more than a guard reads, and less than a body may have. */
export const maxAskedLength = 16_000

/** How far a token comes at this server. */
export interface Inspection {
  /** Whether a guard lets it in now. */
  accepted: boolean
  stopped_at: Step | null
  /** The problem code that a guard answers with. */
  code: string | null
  reason: string | null
  steps: readonly { step: Step; state: Exclude<StepState, 'unknown'> }[]
  /** Seconds since 1970. */
  checked_at: number
}

/** The engine's codes by the step that refuses with them. */
export const stepOfCode: Readonly<Partial<Record<ErrorCode, Step>>> = {
  missing_token: 'shape',
  token_malformed: 'shape',
  token_too_long: 'shape',
  token_encrypted: 'shape',
  header_invalid: 'header',
  alg_not_allowed: 'header',
  crit_unsupported: 'header',
  typ_mismatch: 'header',
  key_not_found: 'key',
  signature_invalid: 'signature',
  claims_malformed: 'claims',
  claim_missing: 'claims',
  claim_invalid: 'claims',
  token_expired: 'expiry',
  token_not_active: 'expiry',
  token_too_old: 'expiry',
  issuer_mismatch: 'audience',
  audience_mismatch: 'audience',
  subject_mismatch: 'audience',
  claim_mismatch: 'audience',
  schema_mismatch: 'audience',
  token_revoked: 'revocation',
}

/** The steps with what came of each, where a token stopped at one of them or at none. */
export function stepsUpTo(stopped: Step | undefined): Inspection['steps'] {
  const at = stopped === undefined ? steps.length : steps.indexOf(stopped)
  return steps.map((step, index) => ({
    step,
    state: index < at ? 'passed' : index === at ? 'stopped' : 'not_reached',
  }))
}
