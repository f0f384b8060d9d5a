// GET and POST /register: an account is made, and its owner signed in.
import { LatchkeyError } from 'latchkey'
import type { z } from 'zod'
import type { PublicUser } from '../../auth/context.ts'
import { letAdministrate } from '../../auth/first-admin.ts'
import { register } from '../../auth/register.ts'
import { messagePage } from '../../pages/message-page.tsx'
import { type SignUpFacts, signUpPage } from '../../pages/sign-up.tsx'
import { textsIn } from '../../pages/texts.ts'
import type { Call } from '../call.ts'
import { answerForm } from '../form-answer.ts'
import { html, seeOther } from '../html.ts'
import { frameOf } from '../page-frame.ts'
import { asProblem, cookiesOf, withCookies } from '../reply.ts'
import { type ReturnTo, readReturnTo } from '../return-to.ts'
import type { signUpForm } from '../shapes.ts'
import { isOwnPage } from '../steps.ts'
import { signInByCookie } from './sign-in-page.ts'

/** A page with an invitation in its address tells nobody where it was. */
function optionsFor(invitation: string | undefined, returnTo: ReturnTo | undefined) {
  return {
    cacheControl: 'no-store',
    referrerPolicy: invitation === undefined ? 'same-origin' : 'no-referrer',
    formTarget: returnTo?.origin,
  } as const
}

function pageFor(call: Call, facts: Pick<SignUpFacts, 'returnTo' | 'invitation'> & Partial<SignUpFacts>) {
  const { passwordMin } = call.services.auth.rules
  const empty = { username: '', email: '', problem: undefined }
  return signUpPage({ frame: frameOf(call), least: passwordMin, ...empty, ...facts })
}

export function showSignUp(call: Call): Response {
  const { query, services } = call
  const invitation = query.get('invitation') ?? undefined
  const returnTo = readReturnTo(query.get('return_to') ?? '', services)
  const { registration } = services.auth.rules
  // The invitation of the first administrator is good where nobody else may register.
  if (invitation === undefined && registration !== 'open')
    return html(closedPage(call, registration), { cacheControl: 'no-store' })
  return html(pageFor(call, { returnTo: returnTo?.href, invitation }), optionsFor(invitation, returnTo))
}

function closedPage(call: Call, registration: 'invite' | 'closed') {
  const frame = frameOf(call)
  const { signUp, signIn } = textsIn(frame.lang)
  const link = { href: '/login', label: signIn.title }
  return registration === 'invite'
    ? messagePage({ frame, title: signUp.invitationTitle, words: signUp.invitation, link })
    : messagePage({ frame, title: signUp.closedTitle, words: signUp.closed, link })
}

export async function takeSignUp(call: Call<z.output<typeof signUpForm>>): Promise<Response> {
  const { body, services, caller } = call
  const { username, password } = body
  const invitation = filled(body.invitation)
  const returnTo = readReturnTo(body.return_to, services)
  return answerForm(call, {
    async act() {
      if (password === '') throw new LatchkeyError('validation_failed', { errors: [empty] })
      const wanted = { username, password, email: filled(body.email), invitation }
      const user = await register(services.auth, wanted, caller)
      return signInAfterwards(call, user, returnTo ?? consoleFor(user, call))
    },
    again: problem =>
      pageFor(call, { returnTo: returnTo?.href, invitation, username, email: body.email, problem }),
    options: optionsFor(invitation, returnTo),
  })
}

/** Who was made an administrator wants the console next. */
function consoleFor({ roles }: PublicUser, { services }: Call): ReturnTo | undefined {
  return letAdministrate(roles, services.auth.roles) ? { href: '/admin', origin: undefined } : undefined
}

const empty = { path: 'password', message: 'The password is empty.' }

const filled = (text: string): string | undefined => (text === '' ? undefined : text)

/**
 * Signs a new user in. Who came by a page that cannot be told from another's (one with an invitation in its address
 * sends no Origin) signs in on the sign-in page; so does who may not sign in yet.
 */
async function signInAfterwards(
  call: Call<z.output<typeof signUpForm>>,
  { username }: PublicUser,
  returnTo: ReturnTo | undefined,
): Promise<Response> {
  const { request, services, body } = call
  const query = new URLSearchParams({ new: '1', username, ...(returnTo && { return_to: returnTo.href }) })
  const signInPage = seeOther(`/login?${query}`)
  if (!isOwnPage(request, services)) return signInPage
  try {
    const grant = await signInByCookie(call, { username, password: body.password })
    return withCookies(seeOther(returnTo?.href ?? '/account'), cookiesOf(grant, services.cookie))
  } catch (error) {
    if (asProblem(error).code !== 'email_unverified') return signInPage
    const frame = frameOf(call)
    const { signUp } = textsIn(frame.lang)
    return html(messagePage({ frame, title: signUp.lookTitle, words: signUp.look }), {
      cacheControl: 'no-store',
    })
  }
}
