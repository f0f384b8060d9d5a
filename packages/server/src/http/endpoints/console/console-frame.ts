// What every page of the console is told, and how a form of it is answered.
import { LatchkeyError } from 'latchkey'
import type { ConsoleFrame } from '../../../pages/console/frame.tsx'
import type { Call } from '../../call.ts'
import { html, seeOther } from '../../html.ts'
import { englishFrameOf } from '../../page-frame.ts'
import { asProblem } from '../../reply.ts'
import { requirePrincipal } from '../../steps.ts'

/** What acts say when they are done, by the word that stands in the address they lead to. */
const notices: Readonly<Record<string, string>> = {
  'roles-saved': 'The roles are saved.',
  disabled: 'The user is disabled and signed out of everything.',
  enabled: 'The user may sign in again.',
  'link-sent': 'A mail with a link is on its way.',
  'user-added': 'The user is added. A mail with a link is on its way.',
  'sessions-ended': 'The user is signed out of every device.',
  'session-ended': 'The session has ended.',
  rotated: 'The published key takes over as soon as others have had the time to learn it.',
  retired: 'The key is gone.',
  'key-revoked': 'The key is revoked, and everything it signed.',
  'client-disabled': 'The client is disabled, and its tokens are dead.',
}

/** Where a refusal is shown: on the page whose form was sent. */
export type Refused = { words: string; status: number }

export function frameOf(call: Call, refused?: Refused): ConsoleFrame {
  const { auth } = call.services
  const done = call.query.get('done') ?? ''
  return {
    product: auth.rules.productName,
    looks: englishFrameOf(call),
    username: requirePrincipal(call).user.username,
    nowMs: call.services.auth.clock(),
    notice: Object.hasOwn(notices, done) ? notices[done] : undefined,
    problem: refused?.words,
  }
}

/** A page of the console: nobody keeps it but the browser's own history. */
export function consoleHtml(page: { toString(): string }, status = 200): Response {
  return html(page, { status, cacheControl: 'no-store' })
}

/**
 * Acts, and leads on to where `act` says; or shows the form again with the reason why not. What is no longer there, and
 * a fault of ours, is no reason of a form's.
 */
export async function answerForm(
  act: () => Promise<string | Response>,
  again: (refused: Refused) => Promise<Response>,
): Promise<Response> {
  try {
    const outcome = await act()
    return typeof outcome === 'string' ? seeOther(outcome) : outcome
  } catch (error) {
    const { status, code, errors, detail, title } = asProblem(error)
    if (status >= 500 || code === 'not_found') throw error
    return again({ words: errors?.map(one => one.message).join(' ') ?? detail ?? title, status })
  }
}

/** The roles that a form ticked: its fields `role.<name>`. */
export function tickedRoles(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(fields)
    .filter(name => name.startsWith('role.'))
    .map(name => name.slice('role.'.length))
}

/** Usernames by id, of those who are there still. */
export async function namesOf(
  { services }: Call,
  ids: readonly (string | undefined)[],
): Promise<(id: string) => string | undefined> {
  // Any text may stand where an actor does; only real ids find somebody.
  const unique = [...new Set(ids.filter(id => id !== undefined))] as never[]
  const users = unique.length === 0 ? [] : await services.auth.store.findUsers(unique)
  const names = new Map<string, string>(users.map(user => [user.id, user.username]))
  return id => names.get(id)
}

export function notFound(): never {
  throw new LatchkeyError('not_found')
}
