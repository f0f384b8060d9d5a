// GET and POST /user/keys, DELETE /user/keys/:id
import type { z } from 'zod'
import { createApiKey, revokeApiKey, shownApiKey } from '../../auth/api-keys.ts'
import type { Call } from '../call.ts'
import { json, noContent } from '../reply.ts'
import type { newApiKey } from '../shapes.ts'
import { requirePrincipal, requireSignedIn } from '../steps.ts'

export async function listApiKeys(call: Call): Promise<Response> {
  const keys = await call.services.auth.store.apiKeysOfUser(requirePrincipal(call).user.id)
  return json({ items: keys.map(shownApiKey), next: null })
}

/** The only answer that ever holds the key's text. */
export async function makeApiKey(call: Call<z.output<typeof newApiKey>>): Promise<Response> {
  const { name, scopes = [], expires_in: expiresInSeconds } = call.body
  const { key, text } = await createApiKey(
    call.services.auth,
    requireSignedIn(call),
    { name, scopes, expiresInSeconds },
    call.caller,
  )
  return json({ ...shownApiKey(key), key: text }, undefined, 201)
}

export async function dropApiKey(call: Call): Promise<Response> {
  await revokeApiKey(call.services.auth, requirePrincipal(call).user, call.params['id'] ?? '', call.caller)
  return noContent()
}
