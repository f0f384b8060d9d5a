// GET and POST /login, GET /signed-out, POST /account/sign-out: a session in a browser begins and ends.
import { LatchkeyError } from 'latchkey'
import type { z } from 'zod'
import { login } from '../../auth/login.ts'
import { logout } from '../../auth/logout.ts'
import { messagePage } from '../../pages/message-page.tsx'
import { type SignInFacts, signInPage } from '../../pages/sign-in.tsx'
import { textsIn } from '../../pages/texts.ts'
import type { Call } from '../call.ts'
import { answerForm } from '../form-answer.ts'
import { html, seeOther } from '../html.ts'
import { frameOf } from '../page-frame.ts'
import { cookiesOf, withCookies } from '../reply.ts'
import { type ReturnTo, readReturnTo } from '../return-to.ts'
import type { signInForm } from '../shapes.ts'
import { pageReader, requireOwnPage, requireSignedIn } from '../steps.ts'

const unseen = { cacheControl: 'no-store' } as const

/** Where somebody goes who came for nothing else. */
const home = '/account'

function pageFor(call: Call, returnTo: ReturnTo | undefined, more: Partial<SignInFacts>) {
  const facts: SignInFacts = {
    frame: frameOf(call),
    returnTo: returnTo?.href,
    username: '',
    isAgain: false,
    isNew: false,
    canSignUp: call.services.auth.rules.registration === 'open',
    problem: undefined,
  }
  return signInPage({ ...facts, ...more })
}

/** Who is signed in goes on at once, but for a page that asks for a fresh sign-in. */
export async function showSignIn(call: Call): Promise<Response> {
  const { query, request, services } = call
  const returnTo = readReturnTo(query.get('return_to') ?? '', services)
  const reader = await pageReader(request, services)
  const isAgain = reader !== undefined && query.get('again') === '1'
  if (reader !== undefined && !isAgain) return seeOther(returnTo?.href ?? home)
  const facts = {
    username: reader?.user.username ?? query.get('username')?.slice(0, 64) ?? '',
    isAgain,
    isNew: query.get('new') === '1',
  }
  return html(pageFor(call, returnTo, facts), { cacheControl: 'no-store', formTarget: returnTo?.origin })
}

/** The session that this browser had before ends: it would be a device that nobody uses. */
export async function takeSignIn(call: Call<z.output<typeof signInForm>>): Promise<Response> {
  const { request, services, caller, body } = call
  requireOwnPage(request, services)
  const returnTo = readReturnTo(body.return_to, services)
  return answerForm(call, {
    async act() {
      const before = await pageReader(request, services)
      const grant = await signInByCookie(call, body)
      if (before !== undefined) {
        const { user, session } = before
        await logout(services.auth, { userId: user.id, sessionId: session.id, all: false }, caller)
      }
      return withCookies(seeOther(returnTo?.href ?? home), cookiesOf(grant, services.cookie))
    },
    again: problem =>
      pageFor(call, returnTo, { username: body.username, isAgain: body.again === '1', problem }),
    options: { formTarget: returnTo?.origin },
    problemOf: ({ code }) =>
      code === 'invalid_credentials' ? textsIn(frameOf(call).lang).problems.wrongLogin : undefined,
  })
}

/** Starts a session in this browser. Throws what `login` throws. */
export function signInByCookie(
  { services, caller }: Call,
  { username, password }: { username: string; password: string },
) {
  if (username === '' || password === '') throw new LatchkeyError('invalid_credentials')
  return login(services.auth, { username, password, device: caller.device, transport: 'cookie' }, caller)
}

export async function takeSignOut(call: Call): Promise<Response> {
  const { user, sessionId } = requireSignedIn(call)
  await logout(call.services.auth, { userId: user.id, sessionId, all: false }, call.caller)
  return withCookies(seeOther('/signed-out'), call.services.cookie.clear())
}

export function showSignedOut(call: Call): Response {
  const frame = frameOf(call)
  const { signedOut, deletion } = textsIn(frame.lang)
  if (call.query.get('deleted') === '1') {
    const link = { href: '/', label: deletion.doneLink }
    return html(messagePage({ frame, title: deletion.doneTitle, words: deletion.done, link }), unseen)
  }
  const link = { href: '/login', label: signedOut.signIn }
  return html(messagePage({ frame, title: signedOut.title, words: signedOut.words, link }), unseen)
}
