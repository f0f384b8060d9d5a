// A refusal as a fetch Response.
import type { Refusal } from './challenge.ts'

export function refusalResponse({ status, headers, body }: Refusal): Response {
  return new Response(body, { status, headers })
}
