// The steps that a token is judged by, in the engine's order, and the step at which each refusal stops it. Nothing of
// Node is imported: the inspector draws the same ladder in a browser.
import type { ErrorCode } from 'latchkey'

/** What each step asks. */
export const ladder = {
  shape: 'Three parts of base64url with dots between, short enough to be read.',
  header: 'An algorithm that is known, the type of an access token, no extension.',
  key: 'A key of this server has the id in the header.',
  signature: 'That key made the signature.',
  claims: 'The claims are there, each of the right kind.',
  expiry: 'It has begun, and it has not ended.',
  audience: 'This server issued it, and for itself.',
  revocation: 'Neither it nor its session nor its key was revoked.',
  user: 'Whoever it stands for is still there.',
} as const

export type Step = keyof typeof ladder

/** How far a token comes at this server. */
export interface Inspection {
  /** Whether a guard lets it in now. */
  accepted: boolean
  stopped_at: Step | null
  /** The problem code that a guard answers with. */
  code: string | null
  reason: string | null
  steps: readonly { step: Step; state: 'passed' | 'stopped' | 'not_reached' }[]
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
  const names = Object.keys(ladder) as Step[]
  const at = stopped === undefined ? names.length : names.indexOf(stopped)
  return names.map((step, index) => ({
    step,
    state: index < at ? 'passed' : index === at ? 'stopped' : 'not_reached',
  }))
}
