// What a page's form comes to: done, or the form again with the reason above it.
import type { LatchkeyError } from 'latchkey'
import { problemText } from '../pages/problem-text.ts'
import { textsIn } from '../pages/texts.ts'
import type { Call } from './call.ts'
import { html, seeOther } from './html.ts'
import { frameOf } from './page-frame.ts'
import { asProblem, retryAfter, statusOfPage } from './reply.ts'
import { signInPath } from './steps.ts'

type PageOptions = Parameters<typeof html>[1]

interface Form {
  /** Does what the form asks for. */
  act(): Promise<Response>
  /** The form as it was sent, but its passwords, with the reason. */
  again(problem: string): { toString(): string } | Promise<{ toString(): string }>
  options?: PageOptions
  /** The reason, where the code alone does not tell it. */
  problemOf?(error: LatchkeyError): string | undefined
}

/** A fault of ours is nobody's form: it is thrown on. Whose session has ended goes to the sign-in page. */
export async function answerForm(call: Call, { act, again, options, problemOf }: Form): Promise<Response> {
  try {
    return await act()
  } catch (error) {
    const refusal = asProblem(error)
    if (refusal.code === 'token_revoked') return seeOther(signInPath({ method: 'POST' }, call.request))
    if (refusal.status >= 500 && refusal.code !== 'overloaded') throw error
    const problem = problemOf?.(refusal) ?? problemText(refusal, textsIn(frameOf(call).lang))
    return html(await again(problem), {
      cacheControl: 'no-store',
      ...options,
      status: statusOfPage(refusal),
      headers: retryAfter(refusal),
    })
  }
}
