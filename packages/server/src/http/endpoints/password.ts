// POST /user/password, /user/password/forgot, /user/password/reset
import type { z } from 'zod'
import { changePassword, forgotPassword, resetPassword } from '../../auth/password.ts'
import type { Call } from '../call.ts'
import { json, noContent } from '../reply.ts'
import type { forgotten, passwordChange, passwordReset } from '../shapes.ts'
import { requireSignedIn } from '../steps.ts'

export async function changeOwnPassword(call: Call<z.output<typeof passwordChange>>): Promise<Response> {
  const { current_password: currentPassword, new_password: newPassword } = call.body
  await changePassword(
    call.services.auth,
    { ...requireSignedIn(call), currentPassword, newPassword },
    call.caller,
  )
  return noContent()
}

/** The same answer whoever asks for whomever. */
export async function askForReset({
  body,
  services,
  caller,
}: Call<z.output<typeof forgotten>>): Promise<Response> {
  await forgotPassword(services.auth, body.email, caller)
  return json({ message: 'If the address belongs to an account, a mail is on its way.' }, undefined, 202)
}

export async function chooseNewPassword({
  body,
  services,
  caller,
}: Call<z.output<typeof passwordReset>>): Promise<Response> {
  await resetPassword(services.auth, body.token, body.new_password, caller)
  return noContent()
}
