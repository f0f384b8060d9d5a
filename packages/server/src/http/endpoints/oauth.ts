// POST /oauth/token (RFC 6749 4.4), /oauth/introspect (RFC 7662), /oauth/revoke (RFC 7009): for registered clients,
// which sign in by HTTP Basic. Refusals are those RFCs' own, not problem documents.
import type { LatchkeyError } from 'latchkey'
import type { z } from 'zod'
import { authenticateClient, signClientToken } from '../../auth/clients.ts'
import { introspect, revoke } from '../../auth/introspection.ts'
import type { ClientRecord } from '../../store/records.ts'
import { basicCredentials } from '../basic.ts'
import type { Call } from '../call.ts'
import { json } from '../reply.ts'
import type { tokenQuestion, tokenRequest } from '../shapes.ts'

const noStore = { 'cache-control': 'no-store' }

/** Codes of RFC 6749 5.2, with the status that each has there. */
const statuses = {
  invalid_client: 401,
  invalid_request: 400,
  invalid_scope: 400,
  unsupported_grant_type: 400,
}

function refuse(error: keyof typeof statuses, description: string): Response {
  const challenge = error === 'invalid_client' ? { 'www-authenticate': 'Basic realm="latchkey"' } : {}
  return json({ error, error_description: description }, { ...noStore, ...challenge }, statuses[error])
}

/** What may stand in a description (RFC 6749 5.2): a part of ASCII, without the quote and the backslash. */
const notDescribable = /[^\x20\x21\x23-\x5b\x5d-\x7e]/g
const bodyCodes = new Set(['malformed_body', 'validation_failed', 'unsupported_media_type', 'body_too_large'])

/** A body that cannot be read, as RFC 6749 5.2 tells it; RFC 7662 2.3 and RFC 7009 2.2.1 refer to that. */
export function bodyRefusal(error: LatchkeyError): Response | undefined {
  if (!bodyCodes.has(error.code)) return undefined
  const [first] = error.errors ?? []
  const why = first === undefined ? error.detail : `${first.path}: ${first.message}`
  return refuse('invalid_request', (why ?? error.title).replaceAll(notDescribable, "'"))
}

/** Answers a client that is who it says it is. */
async function forClient(
  { request, services, caller }: Call<unknown>,
  answer: (client: ClientRecord) => Promise<Response> | Response,
): Promise<Response> {
  const credentials = basicCredentials(request.headers.get('authorization'))
  const client = credentials && (await authenticateClient(services.auth, credentials, caller))
  if (client === undefined)
    return refuse('invalid_client', 'Send the client id and secret of an enabled client by HTTP Basic.')
  return answer(client)
}

export function giveToken(call: Call<z.output<typeof tokenRequest>>): Promise<Response> {
  const { grant_type: grant, scope } = call.body
  return forClient(call, client => {
    if (grant === undefined) return refuse('invalid_request', 'grant_type is missing.')
    if (grant !== 'client_credentials')
      return refuse('unsupported_grant_type', 'This server knows grant_type=client_credentials.')
    const granted = signClientToken(call.services.auth, client, scope)
    if (granted === undefined) return refuse('invalid_scope', 'The client does not have one of these scopes.')
    return json({
      access_token: granted.token,
      token_type: 'Bearer',
      expires_in: granted.expiresInSeconds,
      scope: granted.scope,
    })
  })
}

export function answerQuestion(call: Call<z.output<typeof tokenQuestion>>): Promise<Response> {
  const { token } = call.body
  return forClient(call, async client => {
    if (token === undefined) return refuse('invalid_request', 'token is missing.')
    const read = call.services.readToken
    const claims = await introspect(call.services.auth, client, { token, read })
    return json(claims === undefined ? { active: false } : { active: true, token_type: 'Bearer', ...claims })
  })
}

export function withdrawToken(call: Call<z.output<typeof tokenQuestion>>): Promise<Response> {
  const { token } = call.body
  return forClient(call, async client => {
    if (token === undefined) return refuse('invalid_request', 'token is missing.')
    await revoke(call.services.auth, client, { token, read: call.services.readToken }, call.caller)
    return new Response(null, { status: 200, headers: noStore })
  })
}
