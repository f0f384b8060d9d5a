// Calls of the account routes, as a client would make them, and the answers they give.

export const ada = { username: 'ada', password: 'a lantern on the sill' }

export interface TokenAnswer {
  access_token: string
  token_type: string
  expires_in: number
  refresh_token: string
  refresh_expires_in: number
  user: { id: string; username: string; roles: string[] }
}

/** The part of fetch that is used: a real one with a URL in front, or a handler in this process. */
export type Caller = (path: string, init?: RequestInit) => Promise<Response>

export function callerAt(url: string): Caller {
  return (path, init) => fetch(url + path, init)
}

export function post(
  call: Caller,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return call(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
}

/** Registers, if need be, and signs in. */
export async function signIn(call: Caller, user = ada): Promise<TokenAnswer> {
  await post(call, '/user/register', user)
  return tokens(await post(call, '/user/login', user))
}

export function refresh(call: Caller, refreshToken: string, attempt?: string): Promise<Response> {
  return post(call, '/user/refresh', {
    refresh_token: refreshToken,
    ...(attempt !== undefined && { attempt }),
  })
}

/** The tokens of an answer that has to be 200. */
export async function tokens(answer: Response): Promise<TokenAnswer> {
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`expected tokens, got ${answer.status} ${text}`)
  // Tests compare the fields they use.
  return JSON.parse(text) as TokenAnswer
}

export function bearer(token: string): RequestInit {
  return { headers: { authorization: `Bearer ${token}` } }
}

/** The status and the code of a refusal. */
export async function refusal(answer: Response): Promise<string> {
  const { code } = (await answer.json()) as { code: string }
  return `${answer.status} ${code}`
}
