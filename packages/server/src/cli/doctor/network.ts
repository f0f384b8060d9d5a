// What stands between callers and the server: the issuer's address, proxies, and whether the issuer answers as itself.
import { isIP } from 'node:net'
import { ConfigError, checkListening, isLoopbackHost } from '../../config.ts'
import { skewFindings } from './clock.ts'
import { error, type Finding, type Ground, note, warning } from './finding.ts'

export function checkProxies({ config, issuer }: Ground): readonly Finding[] {
  const { trustProxy, tlsCert, host } = config
  const isPublic = !isLoopbackHost(new URL(issuer).hostname)
  const findings: Finding[] = []
  try {
    checkListening(config)
  } catch (refusal) {
    if (!(refusal instanceof ConfigError)) throw refusal
    findings.push(
      error('listening_refused', refusal.message, 'Change one of these settings: serve refuses to start.'),
    )
  }
  if (
    trustProxy.kind === 'addresses' &&
    strangers.some(address => trustProxy.list.check(address, familyOf(address)))
  ) {
    const what =
      'LATCHKEY_TRUST_PROXY trusts the whole internet: any caller may say from where it calls, and how.'
    findings.push(
      error(
        'proxy_trusts_everybody',
        what,
        "Set it to the proxies' own addresses, such as 10.0.0.5 or 10.0.0.0/24.",
      ),
    )
  }
  const hasProxy = trustProxy.kind === 'addresses' || trustProxy.hops > 0
  if (trustProxy.kind === 'hops' && trustProxy.hops > 0 && !isLoopbackHost(host)) {
    const what = `LATCHKEY_TRUST_PROXY counts hops, and the server listens on ${host}: who reaches it past the proxy is believed.`
    findings.push(
      warning('proxy_by_hops', what, "Set it to the proxies' addresses, or let only them reach the port."),
    )
  }
  if (isPublic && !hasProxy && tlsCert === undefined) {
    const what = `The issuer is ${issuer}, the server speaks http on ${host}, and no proxy is trusted: every caller looks like the proxy.`
    findings.push(warning('proxy_not_trusted', what, 'Set LATCHKEY_TRUST_PROXY to the proxy, or to 1 hop.'))
  }
  if (!isPublic && hasProxy) {
    const what = `LATCHKEY_TRUST_PROXY is set, and the issuer ${issuer} is this machine's own.`
    findings.push(warning('proxy_without_issuer', what, 'Set LATCHKEY_ISSUER to the address that users see.'))
  }
  return findings
}

/** Addresses that belong to nobody's network (RFC 5737, RFC 3849): whoever trusts these trusts everybody. */
const strangers = ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1']

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

const answerWithinMs = 4_000

/** Asks the issuer who it is, by the address that tokens carry. */
export async function checkIssuer(ground: Ground): Promise<readonly Finding[]> {
  const { issuer } = ground
  const askedAtMs = Date.now()
  let answer: Response
  try {
    answer = await ask(`${issuer}/.well-known/oauth-authorization-server`)
  } catch (failure) {
    return [silence(ground, failure)]
  }
  const clock = skewFindings(ground, answer.headers.get('date'), { askedAtMs, answeredAtMs: Date.now() })
  const document: unknown = await answer.json().catch(() => undefined)
  const named = memberOf(document, 'issuer')
  if (named !== issuer) {
    const who =
      named === undefined
        ? `answers ${answer.status} and names no issuer`
        : `says that it is ${String(named)}`
    const what = `What answers at ${issuer} ${who}.`
    const fix =
      'Another program is there, or the proxy leads elsewhere: look at its target, and at LATCHKEY_ISSUER.'
    return [...clock, error('issuer_is_another', what, fix)]
  }
  return [...clock, ...(await checkPublishedKeys(ground))]
}

function silence({ issuer }: Ground, failure: unknown): Finding {
  const code = causeOf(failure)
  if (/CERT|SIGNED|ALTNAME|ISSUER|SSL/.test(code)) {
    const fix = 'Clients will refuse it too. Serve the whole chain of a certificate for this host.'
    return error('issuer_tls', `The certificate at ${issuer} is not trusted here: ${code}.`, fix)
  }
  if (isLoopbackHost(new URL(issuer).hostname))
    return note(
      'server_not_running',
      `Nothing answers at ${issuer} (${code}).`,
      'latchkey serve starts the server.',
    )
  const fix =
    'Is the server running, and does its name lead here? A machine may be unable to call its own public address.'
  return warning('issuer_unreachable', `Nothing answers at ${issuer} (${code}).`, fix)
}

function causeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'unknown'
  const { cause } = failure
  if (cause instanceof Error && 'code' in cause) return String(cause.code)
  return failure.name
}

/** Another server on another database may call itself the same: then its tokens are not these. */
async function checkPublishedKeys({ issuer, store, config }: Ground): Promise<readonly Finding[]> {
  if (store === undefined || config.signingAlg === 'HS256') return []
  const document: unknown = await ask(`${issuer}/.well-known/jwks.json`)
    .then(answer => answer.json())
    .catch(() => undefined)
  const published = memberOf(document, 'keys')
  const kids = Array.isArray(published) ? published.map(key => memberOf(key, 'kid')) : []
  const active = (await store.signingKeys()).find(
    key => key.state === 'active' && key.alg === config.signingAlg,
  )
  if (active === undefined || kids.includes(active.kid)) return []
  const what = `The server at ${issuer} does not publish ${active.kid}, the key that signs in this database.`
  const fix = 'It works on another database: compare LATCHKEY_DATABASE_URL of both.'
  return [error('issuer_other_keys', what, fix)]
}

function ask(url: string): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(answerWithinMs), redirect: 'error' })
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined
}
