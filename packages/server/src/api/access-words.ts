// Who may call an operation, in words.
import type { Operation } from './openapi.ts'

const accessNames: Readonly<Record<string, string>> = {
  accessToken: 'whoever brings an access token',
  apiKey: 'an API key',
  clientSecret: 'a registered client, by HTTP Basic',
  sessionCookie: 'a browser with the session’s cookie',
  pageCookie: 'a browser that is signed in',
  nothing: 'whoever has what the body asks for',
}

/** Such as "whoever brings an access token, or an API key with the scope `user:read`." */
export function accessWords({ security, tags }: Operation): string {
  const ways = security.map(one => {
    const [name = 'nothing', scopes = []] = Object.entries(one)[0] ?? []
    const scope = scopes.length === 0 ? '' : ` with the scope \`${scopes.join(' ')}\``
    return `${accessNames[name] ?? name}${scope}`
  })
  const isAdministrators = tags[0] === 'Administration'
  if (ways.length === 0) return 'everybody.'
  return `${ways.join(', or ')}${isAdministrators ? ' of an administrator' : ''}.`
}
