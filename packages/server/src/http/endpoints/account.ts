// GET, PATCH and DELETE /user, GET /user/export
import type { z } from 'zod'
import { changeProfile, deleteAccount, exportAccount, profileOf } from '../../auth/profile.ts'
import type { Call } from '../call.ts'
import { json, noContent } from '../reply.ts'
import type { deletion, profileChange } from '../shapes.ts'
import { requirePrincipal, requireSignedIn } from '../steps.ts'

export function showProfile(call: Call): Response {
  return json({ user: profileOf(requirePrincipal(call).user) })
}

export async function editProfile(call: Call<z.output<typeof profileChange>>): Promise<Response> {
  const { username, name, locale } = call.body
  const { user: before, session } = requirePrincipal(call)
  const user = await changeProfile(
    call.services.auth,
    { user: before, sessionId: session?.id },
    { username, name, locale },
    call.caller,
  )
  return json({ user: profileOf(user) })
}

export async function closeAccount(call: Call<z.output<typeof deletion>>): Promise<Response> {
  const request = { ...requireSignedIn(call), currentPassword: call.body.current_password }
  await deleteAccount(call.services.auth, request, call.caller)
  return noContent()
}

export async function takeAlong(call: Call): Promise<Response> {
  const everything = await exportAccount(call.services.auth, requirePrincipal(call).user, call.caller)
  return json(everything, {
    'cache-control': 'no-store',
    'content-disposition': 'attachment; filename="latchkey-export.json"',
  })
}
