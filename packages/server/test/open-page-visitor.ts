// A browser without scripts, as far as forms need one: it keeps cookies, sends Origin and Referer, follows 303.
import type { Caller } from '../../../test/account.ts'

export interface Visited {
  status: number
  /** Where the visitor ended up. */
  path: string
  text: string
  headers: Headers
}

export interface Visitor {
  cookies: Map<string, string>
  /** The cookies as a request carries them. */
  cookieHeader(): string
  /** Goes to a page as somebody who follows a link. */
  open(path: string, headers?: Record<string, string>): Promise<Visited>
  /** Sends a form from the page that is open. */
  submit(action: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Visited>
}

const origin = 'http://localhost:4000'
const html = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

export function openPageVisitor(call: Caller): Visitor {
  const cookies = new Map<string, string>()
  let at = '/'

  const cookieHeader = (): string => [...cookies].map(pair => pair.join('=')).join('; ')

  async function go(path: string, init: RequestInit): Promise<Visited> {
    const headers = new Headers({ accept: html, referer: origin + at, ...init.headers })
    headers.set('cookie', cookieHeader())
    const answer = await call(path, { ...init, headers })
    for (const line of answer.headers.getSetCookie()) keep(line)
    if (answer.status === 303) return go(answer.headers.get('location') ?? '', {})
    at = path
    return { status: answer.status, path, text: await answer.text(), headers: answer.headers }
  }

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map(part => part.trim())
    const [name = '', value = ''] = pair.split('=')
    if (attributes.includes('Max-Age=0')) cookies.delete(name)
    else cookies.set(name, value)
  }

  return {
    cookies,
    cookieHeader,
    open: (path, headers = {}) => go(path, { headers }),
    submit: (action, fields, headers = {}) =>
      go(action, { method: 'POST', body: new URLSearchParams(fields), headers: { origin, ...headers } }),
  }
}
