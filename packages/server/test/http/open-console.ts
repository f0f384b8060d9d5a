// An administrator in front of the console: pages got and forms sent with the cookie that pages know them by.
import { post } from '../../../../test/account.ts'
import type { ConfigInput } from '../../src/config.ts'
import { type AdministeredServer, openAdministrator, root } from '../open-administrator.ts'

export const origin = 'http://localhost:4000'

export interface ConsoleServer extends AdministeredServer {
  /** A page; throws for one that is not there. */
  page(path: string): Promise<string>
  get(path: string): Promise<Response>
  /** Sends a form as a browser does. */
  send(path: string, fields?: Record<string, string>): Promise<Response>
}

export async function openConsole(input: ConfigInput = {}): Promise<ConsoleServer> {
  const server = await openAdministrator({
    roles: { admin: ['*'], editor: ['posts:write'] },
    ...input,
  })
  const { call } = server
  const answer = await post(call, '/user/login', { ...root, session: 'cookie' }, { origin })
  const cookies = answer.headers.getSetCookie().map(one => one.split(';')[0] ?? '')
  const cookie = cookies.find(one => one.startsWith('latchkey-page-')) ?? ''
  const get = (path: string) => call(path, { headers: { cookie } })
  return {
    ...server,
    get,
    async page(path) {
      const shown = await get(path)
      if (shown.status !== 200) throw new Error(`${path}: ${shown.status} ${await shown.text()}`)
      return shown.text()
    },
    send: (path, fields = {}) =>
      call(path, {
        method: 'POST',
        headers: { cookie, origin, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      }),
  }
}

/** The words of a page, as somebody reads them. */
export function wordsOf(page: string): string {
  return page
    .replaceAll(/<(style|script|title)[\s\S]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
