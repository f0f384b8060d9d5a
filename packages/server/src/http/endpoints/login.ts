// POST /user/login
import type { z } from 'zod'
import { login } from '../../auth/login.ts'
import { prefersPlainText } from '../accept.ts'
import type { Call } from '../call.ts'
import { bareToken, granted } from '../reply.ts'
import type { credentials } from '../shapes.ts'
import { requireKnownOrigin } from '../steps.ts'

export async function signIn(call: Call<z.output<typeof credentials>>): Promise<Response> {
  const { request, body, services, caller } = call
  const transport = body.session ?? 'body'
  if (transport === 'cookie') requireKnownOrigin(request, services)
  const given = {
    username: body.username,
    password: body.password,
    device: body.device ?? caller.device,
    transport,
  }
  const deviceToken = body.device_token ?? caller.deviceToken
  const grant = await login(services.auth, given, { ...caller, deviceToken })
  const reply = prefersPlainText(request.headers.get('accept')) ? bareToken : granted
  return reply(grant, services.cookie)
}
