// Writes a refusal to Node's own response. Headers that were set before stay: a CORS middleware's, above all.
import type { ServerResponse } from 'node:http'
import type { Refusal } from './challenge.ts'

export function sendRefusal(response: ServerResponse, { status, headers, body }: Refusal): void {
  response.writeHead(status, headers).end(body)
}
