// A server with an administrator who has just signed in, and the calls of an administrator.
import { ada, bearer, type Caller, post, signIn, type TokenAnswer } from '../../../test/account.ts'
import type { ConfigInput } from '../src/config.ts'
import { openTestServer, type TestPlaces, type TestServer } from './open-test-server.ts'

export const root = { username: 'root', password: ada.password }

export interface AdministeredServer extends TestServer {
  admin: TokenAnswer
  /** Calls /admin/api as the administrator. */
  ask(method: string, path: string, body?: unknown): Promise<Response>
  /** The JSON of an answer that has to be good. */
  read<T>(path: string): Promise<T>
}

export function sendAs(
  call: Caller,
  token: string,
  method: string,
  path: string,
  body: unknown = {},
): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(bearer(token).headers as Record<string, string>) }
  return call(path, { method, headers, ...(method !== 'GET' && { body: JSON.stringify(body) }) })
}

export async function openAdministrator(
  input: ConfigInput = {},
  places: TestPlaces = {},
): Promise<AdministeredServer> {
  const server = await openTestServer(input, places)
  const { call, latchkey } = server
  const link = (await latchkey.users.inviteFirstAdministrator())?.link ?? ''
  await post(call, '/user/register', { ...root, invitation: /lko_[\w-]+/.exec(link)?.[0] })
  const admin = await signIn(call, root)
  const ask = (method: string, path: string, body?: unknown) =>
    sendAs(call, admin.access_token, method, `/admin/api/${path}`, body)
  return {
    ...server,
    admin,
    ask,
    async read<T>(path: string) {
      const answer = await ask('GET', path)
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${answer.status} ${text}`)
      // Tests compare the fields they use.
      return JSON.parse(text) as T
    },
  }
}
