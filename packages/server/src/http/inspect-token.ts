// How far a token comes: the guard's own verdict, with the step at which it stopped. It is no better oracle than a
// guard: up to the signature anybody can find out the same with the public keys; what comes after it is told to
// whoever holds a token of ours, and says what a guard answers. API keys and refresh tokens are not looked at.
import type { LatchkeyError } from 'latchkey'
import { createGuard, type GuardOptions } from 'latchkey/guard'
import type { AuthContext } from '../auth/context.ts'
import { isAlive } from '../auth/introspection.ts'
import { type Inspection, type Step, stepOfCode, stepsUpTo } from '../words/ladder.ts'

export type InspectToken = (token: string) => Promise<Inspection>

/** Judges tokens as the guard of these options does, remembering none. Throws `revocations_stale`, `keys_unavailable`. */
export function openInspector(options: GuardOptions, auth: AuthContext): InspectToken {
  const guard = createGuard<string>({
    ...options,
    apiKeys: undefined,
    cache: false,
    from: token => token,
  })
  return async token => {
    const stopped = await whereItStops(token)
    return {
      accepted: stopped === undefined,
      stopped_at: stopped?.step ?? null,
      code: stopped?.code ?? null,
      reason: stopped?.reason ?? null,
      steps: stepsUpTo(stopped?.step),
      checked_at: Math.floor(auth.clock() / 1000),
    }
  }

  async function whereItStops(token: string): Promise<Stop | undefined> {
    const verdict = await guard.check({ authorization: undefined, native: token })
    if (verdict.kind === 'refused') return stopOf(verdict.error)
    if (verdict.kind !== 'admitted') throw new Error('a guard that is not optional let nobody in')
    return (await isAlive(auth, verdict.auth.claims)) ? undefined : gone
  }
}

interface Stop {
  step: Step
  code: string
  reason: string
}

const gone: Stop = {
  step: 'user',
  code: 'token_revoked',
  reason: 'The user, the session or the client that it stands for is not there any more.',
}

/** Where the engine's sentence can be said better to somebody who asks why. */
const reasons: Readonly<Record<string, string>> = {
  key_not_found: 'Not ours, or of a key that is gone: no key of this server has this id.',
}

/** A failure of ours is no verdict: it is thrown. */
function stopOf(error: LatchkeyError): Stop {
  const step = stepOfCode[error.code]
  if (step === undefined) throw error
  return { step, code: error.problem, reason: reasons[error.code] ?? error.message }
}
