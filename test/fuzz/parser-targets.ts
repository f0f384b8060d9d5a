// The server's parsers, each with what must be true of whatever it reads: bodies, cookies, forwarding headers, names and
// addresses, its own tokens, the place in the feed, settings.
import { mkdtempSync, rmSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { LatchkeyError } from 'latchkey'
import { jsonText, membersText, mutateText } from '../../packages/latchkey/test/fuzz/generate.ts'
import type { Random } from '../../packages/latchkey/test/fuzz/random.ts'
import { Finding, type Target, type TargetTable } from '../../packages/latchkey/test/fuzz/targets.ts'
import { readEmail } from '../../packages/server/src/auth/email.ts'
import { deriveMasterKey } from '../../packages/server/src/auth/master-key.ts'
import { makeRefreshToken, readRefreshToken } from '../../packages/server/src/auth/refresh-token.ts'
import { openRevocations } from '../../packages/server/src/auth/revocations.ts'
import { canonicalName, readUsername } from '../../packages/server/src/auth/username.ts'
import { ConfigError, loadConfig, settings } from '../../packages/server/src/config.ts'
import { readPhc, writePhc } from '../../packages/server/src/hash/phc.ts'
import { prefersPlainText } from '../../packages/server/src/http/accept.ts'
import { basicCredentials } from '../../packages/server/src/http/basic.ts'
import { readFields } from '../../packages/server/src/http/body.ts'
import { callerAddress, isFromLoopback, isUnencrypted } from '../../packages/server/src/http/connection.ts'
import { sessionCookie } from '../../packages/server/src/http/cookies.ts'
import { openRevocationStream } from '../../packages/server/src/http/revocation-stream.ts'
import type { SessionId } from '../../packages/server/src/store/records.ts'
import { openSqlite } from '../../packages/server/src/store/sqlite/engine.ts'
import { seedsOf } from './corpus.ts'

/** A seed of the corpus as it is, or changed in a few places. */
function seeded(random: Random, name: string): string {
  let text = random.of(seedsOf(name))
  for (let times = random.below(4); times > 0; times--) text = mutateText(random, text)
  return text
}

/** Only refusals that a client is told: never a fault of ours. */
function refusalOf(error: unknown, input: unknown): string {
  if (error instanceof LatchkeyError && error.status < 500) return error.code
  throw new Finding('an error that is none of ours', input, error)
}

/** A header as HTTP lets it through: bytes, none of them a control character but the tab. */
function headersWith(values: Readonly<Record<string, string>>): Headers | undefined {
  try {
    return new Headers(values)
  } catch {
    return undefined
  }
}

const bodyTypes = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'text/plain',
  '',
]

/** A body is an object of its own members, or a refusal; a form's fields are texts that come once. */
const bodies: Target = async random => {
  const isJson = random.chance(2)
  const text = isJson && random.chance(2) ? jsonText(random) : seeded(random, isJson ? 'json' : 'forms')
  const bytes = random.chance(6)
    ? Buffer.from(text, random.chance(2) ? 'utf16le' : 'latin1')
    : Buffer.from(text)
  const type = random.of(bodyTypes)
  const request = new Request('http://localhost/', {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: { 'content-type': type },
  })
  let fields: Record<string, unknown>
  try {
    fields = await readFields(request)
  } catch (error) {
    return refusalOf(error, { type, text })
  }
  if (Object.hasOwn(Object.prototype, 'isAdmin')) throw new Finding('a prototype was changed', text)
  if (Array.isArray(fields) || typeof fields !== 'object') throw new Finding('a body that is no object', text)
  const isForm = !type.startsWith('application/json')
  if (isForm && Object.values(fields).some(value => typeof value !== 'string'))
    throw new Finding('a form with something else than text', { type, text })
  return isForm ? 'form' : 'JSON'
}

/** A JSON body in which a name comes twice, at any depth, is refused; any other is read as JSON.parse reads it [S78]. */
const repeatedNames: Target = async random => {
  const { text, repeats } = membersText(random)
  const headers = { 'content-type': 'application/json' }
  const request = new Request('http://localhost/', { method: 'POST', body: text, headers })
  let fields: Record<string, unknown>
  try {
    fields = await readFields(request)
  } catch (error) {
    if (!repeats) throw new Finding('a name once is refused as one that comes twice', text, error)
    return refusalOf(error, text)
  }
  if (repeats) throw new Finding('a name that comes twice is read', text)
  if (!isDeepStrictEqual(fields, JSON.parse(text))) throw new Finding('JSON is read otherwise', text)
  return 'JSON'
}

const cookies = [sessionCookie('https://a.example'), sessionCookie('http://localhost:4000')]

/** A cookie is read when it comes once, whatever stands around it, and is a part of what was sent. */
const sessionCookies: Target = random => {
  const text = seeded(random, 'cookies')
  const headers = headersWith({ cookie: text })
  if (headers === undefined) return 'not sendable'
  try {
    const value = random.of(cookies).read(headers)
    if (value === undefined) return 'none'
    if (value === '' || /[;\r\n]/.test(value) || !text.includes(value))
      throw new Finding('read otherwise', text)
    return 'read'
  } catch (error) {
    if (error instanceof Finding) throw error
    return refusalOf(error, text)
  }
}

const trustedRows = ['0', '1', '2', '10.0.0.0/8', '10.0.0.1,fd00::/8'].map(text => {
  const trusted = settings.trustProxy.parse(text)
  if (trusted === undefined) throw new Error(`${text} is no list of proxies`)
  return { text, trusted }
})
const ours = ['10.0.0.1', '::ffff:10.0.0.1', 'fd00::1']
const callers = ['203.0.113.7', '2001:db8::7', '198.51.100.9']

/** Who writes further out than the proxies reach changes nothing; without proxies nobody changes anything. */
const forwarded: Target = random => {
  const { text, trusted } = random.of(trustedRows)
  const socket = random.of(ours)
  const caller = random.of(callers)
  const junk = seeded(random, 'forwarded')
  const others = { 'x-forwarded-proto': random.of(['https', 'http', junk, 'https, http']), via: '1.1 x' }
  const connection = { address: socket, encrypted: random.chance(2) }
  const alone = headersWith({ 'x-forwarded-for': caller, ...others })
  const behind = headersWith({ 'x-forwarded-for': `${junk}, ${caller}`, ...others })
  if (alone === undefined || behind === undefined) return 'not sendable'
  const [one, two] = [alone, behind].map(headers => callerAddress(headers, connection, trusted))
  if (one === undefined || isIP(one) === 0) throw new Finding('an address that is none', { text, junk })
  // With two hops the second last is somebody's whom we trust to have looked.
  if (text !== '2' && one !== two)
    throw new Finding('the caller chose their address', { text, junk, one, two })
  if (text === '0' && isIP(one) === 4 && one !== '10.0.0.1')
    throw new Finding('a header counted', { junk, one })
  const request = { headers: behind, url: 'http://localhost:4000/' }
  isUnencrypted(request, connection, { trustProxy: trusted, issuer: 'https://a.example' })
  if (isFromLoopback(request, { address: '127.0.0.1' }, 'http://localhost:4000'))
    throw new Finding('a forwarded request took the loopback’s privileges', junk)
  return text
}

/** A name's canonical form is the form of itself; an address has one `@` and nothing that ends a header [S115]. */
const identifiers: Target = random => {
  const text = seeded(random, 'identifiers')
  const name = readUsername(text)
  if (name !== undefined) {
    if (canonicalName(name.canonicalName) !== name.canonicalName) throw new Finding('folds twice', text)
    if (canonicalName(name.username) !== name.canonicalName) throw new Finding('two forms of a name', text)
    if (name.username.includes('@')) throw new Finding('a name with an @', text)
  }
  const email = readEmail(text)
  if (email !== undefined) {
    if (readEmail(email) !== email) throw new Finding('two forms of an address', text)
    if (email.split('@').length !== 2 || /[\s,<>"\p{Cc}]/u.test(email)) throw new Finding('no address', text)
    if (name !== undefined) throw new Finding('a name and an address', text)
  }
  return name !== undefined ? 'name' : email !== undefined ? 'address' : 'neither'
}

const master = deriveMasterKey(Buffer.alloc(32, 7))
const session = { id: 'c2Vzc2lvbi1vZi1mdXp6eg' as SessionId, salt: Buffer.alloc(16, 1), keyVersion: 1 }
const refreshTokens = [0, 1, 4_000_000_000].map(counter => makeRefreshToken(master, { ...session, counter }))

/** Nothing but the very text that was made is read as ours. */
const refreshTexts: Target = random => {
  const made = random.of(refreshTokens)
  const text = random.chance(8) ? seeded(random, 'refresh-tokens') : mutateText(random, made)
  const read = readRefreshToken(master, text)
  if (read === undefined) return 'refused'
  if (!refreshTokens.includes(text)) {
    // The mark covers the head alone; the MAC behind it is compared with the session's salt.
    const [marked] = refreshTokens.filter(one => one.slice(0, 42) === text.slice(0, 42))
    if (marked === undefined) throw new Finding('read though nobody made it', text)
    return 'marked'
  }
  return 'read'
}

/** Content negotiation, HTTP Basic and kept hashes: no text makes them throw, and what is read is what was written. */
const smallTexts: Target = random => {
  const text = seeded(random, 'small-texts')
  prefersPlainText(text)
  const basic = basicCredentials(text)
  const phc = readPhc(text)
  if (phc !== undefined && readPhc(writePhc(phc)) === undefined)
    throw new Finding('a hash that is not kept', text)
  return basic !== undefined ? 'basic' : phc !== undefined ? 'hash' : 'neither'
}

const variables = Object.values(settings)

/** A setting is read, or the start is refused with a line that names it and does not repeat a secret. */
const settingTexts: Target = random => {
  const row = random.of(variables)
  const text = seeded(random, 'settings')
  try {
    const { config } = loadConfig({ env: { [row.env]: text } })
    if (!Number.isSafeInteger(config.accessTtl) || config.accessTtl < 1 || config.accessTtl > 86_400)
      throw new Finding('a lifetime out of its bounds', text)
    return 'taken'
  } catch (error) {
    if (!(error instanceof ConfigError))
      throw new Finding('an error that is none of ours', { text, row }, error)
    const isTold = 'secret' in row && error.message.replace(row.accepts, '').includes(text) && text.length > 4
    if (isTold) throw new Finding('a secret is told', { text, row }, error)
    if (/[\r\n]/.test(error.message)) throw new Finding('more than a line', { text, row }, error)
    return 'refused'
  }
}

async function openFeed() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-fuzz-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const store = await openSqlite(join(folder, 'latchkey.db'))
  const revocations = await openRevocations(store, Date.now)
  revocations.apply([{ kind: 'session', id: 'gone', expiresAt: Math.floor(Date.now() / 1000) + 3_600 }])
  return openRevocationStream(revocations, Date.now)
}

let feed: ReturnType<typeof openFeed> | undefined

/** Whoever comes with a place that was never given gets everything, and never an error. */
const feedPlaces: Target = async random => {
  feed ??= openFeed()
  const lastEventId = seeded(random, 'event-ids')
  const compressed = random.chance(2)
  const body = (await feed).open({
    lastEventId,
    compressed,
    tokenIds: [undefined],
    expiresAtMs: Number.POSITIVE_INFINITY,
  })
  const reader = body.getReader()
  const { value } = await reader.read()
  await reader.cancel()
  if (compressed) return 'packed'
  if (value === undefined || !Buffer.from(value).toString().startsWith('event: snapshot'))
    throw new Finding('somebody unknown is not told everything', lastEventId)
  return 'snapshot'
}

export const parserTargets: TargetTable = [
  ['bodies', 4, bodies],
  ['repeated names in bodies', 2, repeatedNames],
  ['session cookies', 4, sessionCookies],
  ['forwarding headers', 4, forwarded],
  ['names and addresses', 5, identifiers],
  ['refresh tokens', 5, refreshTexts],
  ['small texts', 5, smallTexts],
  ['settings', 3, settingTexts],
  ['places in the feed', 1, feedPlaces],
]
