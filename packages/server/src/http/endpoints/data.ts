// GET /user/data, and GET /user/login as the tutorial also spells it.
import type { Call } from '../call.ts'
import { json } from '../reply.ts'

export function accessData({ claims }: Call): Response {
  return json({ message: 'Successful log in', authorizedData: claims })
}
