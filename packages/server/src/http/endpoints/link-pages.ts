// GET and POST /reset, /verify, /forgot and /register: where mailed links lead. Opening one consumes nothing, since mail
// programs and their guards open every link; what a link is for happens when its form is sent.
import type { z } from 'zod'
import { verifyAddress } from '../../auth/address.ts'
import { forgotPassword, resetPassword } from '../../auth/password.ts'
import { register } from '../../auth/register.ts'
import { donePage, type FormPageFacts, formPage } from '../../pages/form-page.tsx'
import type { Call } from '../call.ts'
import { html } from '../html.ts'
import { asProblem } from '../reply.ts'
import type { addressVerification, forgotten, passwordReset, registrationForm } from '../shapes.ts'

const unseen = { cacheControl: 'no-store', referrerPolicy: 'no-referrer' } as const

function resetForm(token: string): FormPageFacts {
  return {
    title: 'Choose a new password',
    intro: 'Every device is signed out, and you sign in with the new password.',
    action: '/reset',
    hidden: { token },
    fields: [{ name: 'new_password', label: 'New password', type: 'password', autocomplete: 'new-password' }],
    submit: 'Set the password',
    problem: undefined,
  }
}

const forgotForm: FormPageFacts = {
  title: 'Forgot your password?',
  intro: 'Give the address that you verified: a link to choose a new password is sent there.',
  action: '/forgot',
  hidden: {},
  fields: [{ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email' }],
  submit: 'Send the link',
  problem: undefined,
}

function verifyForm(token: string): FormPageFacts {
  return {
    title: 'Verify your address',
    intro: 'Then it serves for signing in and for a new password.',
    action: '/verify',
    hidden: { token },
    fields: [],
    submit: 'Verify this address',
    problem: undefined,
  }
}

function registerForm(
  invitation: string | undefined,
  given: { username?: string; email?: string | undefined } = {},
): FormPageFacts {
  return {
    title: 'Create your account',
    intro: 'Choose a name and a password.',
    action: '/register',
    hidden: invitation === undefined ? {} : { invitation },
    fields: [
      { name: 'username', label: 'Username', type: 'text', autocomplete: 'username', value: given.username },
      {
        name: 'email',
        label: 'E-mail address (optional)',
        type: 'email',
        autocomplete: 'email',
        value: given.email,
        optional: true,
      },
      { name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password' },
    ],
    submit: 'Create the account',
    problem: undefined,
  }
}

export function showReset({ query }: Call): Response {
  return html(formPage(resetForm(query.get('token') ?? '')), unseen)
}

export function takeReset(call: Call<z.output<typeof passwordReset>>): Promise<Response> {
  const { token, new_password: newPassword } = call.body
  return answer(resetForm(token), async () => {
    await resetPassword(call.services.auth, token, newPassword, call.caller)
    return { title: 'Your password is set', words: 'Sign in with it now.' }
  })
}

export function showForgot(): Response {
  return html(formPage(forgotForm), unseen)
}

/** The same page whoever asks for whomever. */
export function takeForgot(call: Call<z.output<typeof forgotten>>): Promise<Response> {
  return answer(forgotForm, async () => {
    await forgotPassword(call.services.auth, call.body.email, call.caller)
    return {
      title: 'Look into your mail',
      words: 'If the address belongs to an account, a link is on its way.',
    }
  })
}

export function showVerify({ query }: Call): Response {
  return html(formPage(verifyForm(query.get('token') ?? '')), unseen)
}

export function takeVerify(call: Call<z.output<typeof addressVerification>>): Promise<Response> {
  return answer(verifyForm(call.body.token), async () => {
    await verifyAddress(call.services.auth, call.body.token, call.caller)
    return { title: 'Your address is verified', words: 'You can sign in with it from now on.' }
  })
}

export function showRegister({ query }: Call): Response {
  return html(formPage(registerForm(query.get('invitation') ?? undefined)), unseen)
}

export function takeRegister(call: Call<z.output<typeof registrationForm>>): Promise<Response> {
  const { username, password, email, invitation } = call.body
  return answer(registerForm(invitation, { username, email }), async () => {
    const user = await register(call.services.auth, { username, password, email, invitation }, call.caller)
    return { title: 'Your account is ready', words: `Sign in as ${user.username} now.` }
  })
}

/** What an act came to, as a page: done, or the form again with the reason. A fault of ours is nobody's form. */
async function answer(
  form: FormPageFacts,
  act: () => Promise<{ title: string; words: string }>,
): Promise<Response> {
  try {
    return html(donePage(await act()), unseen)
  } catch (error) {
    const refusal = asProblem(error)
    if (refusal.status >= 500) throw error
    const problem = refusal.errors?.map(one => one.message).join(' ') ?? refusal.detail ?? refusal.title
    return html(formPage({ ...form, problem }), { ...unseen, status: refusal.status })
  }
}
