// POST /user/email, /user/email/verify, /user/email/verify/send
import type { z } from 'zod'
import { changeAddress, sendVerification, verifyAddress } from '../../auth/address.ts'
import type { Call } from '../call.ts'
import { json, noContent } from '../reply.ts'
import type { addressChange, addressVerification } from '../shapes.ts'
import { requireSignedIn } from '../steps.ts'

const mailed = { message: 'A mail with a link is on its way.' }

/** The same answer for an address that somebody else has. */
export async function askForAddress(call: Call<z.output<typeof addressChange>>): Promise<Response> {
  const { email, current_password: currentPassword } = call.body
  const request = { ...requireSignedIn(call), email, currentPassword }
  await changeAddress(call.services.auth, request, call.caller)
  return json(mailed, undefined, 202)
}

export async function sendLinkAgain(call: Call): Promise<Response> {
  await sendVerification(call.services.auth, requireSignedIn(call), call.caller)
  return json(mailed, undefined, 202)
}

export async function confirmAddress({
  body,
  services,
  caller,
}: Call<z.output<typeof addressVerification>>): Promise<Response> {
  await verifyAddress(services.auth, body.token, caller)
  return noContent()
}
