// GET and POST /forgot, /reset and /verify: where mailed links are asked for and lead to. Opening one consumes nothing,
// since mail programs and their guards open every link; what a link is for happens when its form is sent.
import { LatchkeyError } from 'latchkey'
import type { z } from 'zod'
import { verifyAddress } from '../../auth/address.ts'
import { forgotPassword, resetPassword } from '../../auth/password.ts'
import { forgotPage, resetPage, verifyPage } from '../../pages/link-forms.tsx'
import { messagePage } from '../../pages/message-page.tsx'
import { textsIn } from '../../pages/texts.ts'
import type { Call } from '../call.ts'
import { answerForm } from '../form-answer.ts'
import { html } from '../html.ts'
import { frameOf } from '../page-frame.ts'
import type { forgotForm, resetForm, verifyForm } from '../shapes.ts'

const unseen = { cacheControl: 'no-store', referrerPolicy: 'no-referrer' } as const

export function showForgot(call: Call): Response {
  return html(forgotPage({ frame: frameOf(call), email: '', problem: undefined }), unseen)
}

/** The same page whoever asks for whomever. */
export function takeForgot(call: Call<z.output<typeof forgotForm>>): Promise<Response> {
  const frame = frameOf(call)
  const { forgot } = textsIn(frame.lang)
  const { email } = call.body
  return answerForm(call, {
    async act() {
      if (email === '')
        throw new LatchkeyError('validation_failed', { errors: [{ path: 'email', message: '' }] })
      await forgotPassword(call.services.auth, email, call.caller)
      return html(messagePage({ frame, title: forgot.doneTitle, words: forgot.done }), unseen)
    },
    again: problem => forgotPage({ frame, email, problem }),
    options: unseen,
  })
}

const signInLink = (label: string) => ({ href: '/login', label })

export function showReset(call: Call): Response {
  return html(resetPageFor(call, call.query.get('token') ?? '', undefined), unseen)
}

function resetPageFor(call: Call, token: string, problem: string | undefined) {
  return resetPage({ frame: frameOf(call), token, least: call.services.auth.rules.passwordMin, problem })
}

export function takeReset(call: Call<z.output<typeof resetForm>>): Promise<Response> {
  const { token, new_password: newPassword } = call.body
  const frame = frameOf(call)
  const { reset, signIn } = textsIn(frame.lang)
  return answerForm(call, {
    async act() {
      await resetPassword(call.services.auth, token, newPassword, call.caller)
      const link = signInLink(signIn.submit)
      return html(messagePage({ frame, title: reset.doneTitle, words: reset.done, link }), unseen)
    },
    again: problem => resetPageFor(call, token, problem),
    options: unseen,
  })
}

export function showVerify(call: Call): Response {
  const token = call.query.get('token') ?? ''
  return html(verifyPage({ frame: frameOf(call), token, problem: undefined }), unseen)
}

export function takeVerify(call: Call<z.output<typeof verifyForm>>): Promise<Response> {
  const { token } = call.body
  const frame = frameOf(call)
  const { verify } = textsIn(frame.lang)
  return answerForm(call, {
    async act() {
      await verifyAddress(call.services.auth, token, call.caller)
      const link = { href: '/account/email', label: verify.goOn }
      return html(messagePage({ frame, title: verify.doneTitle, words: verify.done, link }), unseen)
    },
    again: problem => verifyPage({ frame, token, problem }),
    options: unseen,
  })
}
