// POST /user/register
import type { z } from 'zod'
import { register } from '../../auth/register.ts'
import type { Call } from '../call.ts'
import { json } from '../reply.ts'
import type { registration } from '../shapes.ts'

export async function signUp({
  body,
  services,
  caller,
}: Call<z.output<typeof registration>>): Promise<Response> {
  const wanted = {
    username: body.username,
    password: body.password,
    email: body.email,
    invitation: body.invitation,
  }
  const user = await register(services.auth, wanted, caller)
  return json({ user }, undefined, 201)
}
