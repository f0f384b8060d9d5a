// Every setting once: its variable, default, parser and sentence. The settings page in docs/ is made from this
// table. Where values come from (environment, files, code) is here too; what they do is not.
import { existsSync, readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Hooks, hookNames } from './hooks.ts'
import { readTheme, type Theme, type ThemeInput } from './theme/read-theme.ts'

/** A setting that is wrong, missing or unknown. The command line prints its message and exits 2. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Proxies whose forwarding headers count: a number of hops, or the addresses they connect from. */
export type TrustedProxies = { kind: 'hops'; hops: number } | { kind: 'addresses'; list: BlockList }

interface Setting<T> {
  env: `LATCHKEY_${string}`
  /** What applies when nothing is set, as text that the parser reads; undefined when there is none. */
  default: string | undefined
  /** What the page and `latchkey config` show instead of the default, where that depends on other settings. */
  defaultShown?: string
  accepts: string
  meaning: string
  secret?: true
  /** Set on a setting that is read and checked but takes effect only in a later version. */
  notYet?: true
  parse(text: string): T | undefined
}

const setting = <T>(row: Setting<T>): Setting<T> => row

/** Every setting by its name in `latchkey.config.ts`. */
export const settings = {
  host: setting({
    env: 'LATCHKEY_HOST',
    default: '127.0.0.1',
    accepts: 'an address of this machine, or localhost',
    meaning: 'Where the server listens.',
    parse: text => (isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) ? text : undefined),
  }),
  port: setting({
    env: 'LATCHKEY_PORT',
    default: '4000',
    accepts: 'a port, 0 to 65535; 0 takes a free one',
    meaning: 'The port it listens on.',
    parse: wholeNumber(0, 65_535),
  }),
  issuer: setting({
    env: 'LATCHKEY_ISSUER',
    default: undefined,
    defaultShown: 'http://localhost:<port>, https with a certificate',
    accepts: 'an https URL without query, fragment or closing slash (http only for localhost)',
    meaning:
      '`iss` of every token and the base of every link that leaves the server. Never taken from a request.',
    parse: issuerUrl,
  }),
  audience: setting({
    env: 'LATCHKEY_AUDIENCE',
    default: undefined,
    defaultShown: 'the issuer',
    accepts: 'one name, or several with commas between',
    meaning: '`aud` of access tokens.',
    parse: list(text => (/\s/.test(text) ? undefined : text)),
  }),
  databaseUrl: setting({
    env: 'LATCHKEY_DATABASE_URL',
    default: 'sqlite:./data/latchkey.db',
    accepts: 'sqlite:<path> or postgres://<user>:<password>@<host>/<database>',
    meaning: 'Where everything is kept. PostgreSQL is for several nodes.',
    secret: true,
    parse: databaseUrl,
  }),
  masterKey: setting({
    env: 'LATCHKEY_MASTER_KEY',
    default: undefined,
    defaultShown: 'made at the first start, `master.key` beside the database (mode 0600)',
    accepts: '32 bytes or more in base64url',
    meaning: 'Wraps secrets at rest and derives refresh tokens. Not the JWT secret.',
    secret: true,
    parse: keyBytes,
  }),
  masterKeyPrevious: setting({
    env: 'LATCHKEY_MASTER_KEY_PREVIOUS',
    default: undefined,
    accepts: '32 bytes or more in base64url',
    meaning: 'A master key that is still accepted and no longer used to derive.',
    secret: true,
    parse: keyBytes,
  }),
  signingAlg: setting({
    env: 'LATCHKEY_SIGNING_ALG',
    default: 'ES256',
    accepts:
      'HS256, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K, Ed25519, Ed448, ML-DSA-44, ML-DSA-65 or ML-DSA-87',
    meaning: 'How access tokens are signed.',
    parse: oneOf(
      'ES256',
      'ES384',
      'ES512',
      'ES256K',
      'Ed25519',
      'Ed448',
      'RS256',
      'RS384',
      'RS512',
      'PS256',
      'PS384',
      'PS512',
      'ML-DSA-44',
      'ML-DSA-65',
      'ML-DSA-87',
      'HS256',
    ),
  }),
  jwtSecret: setting({
    env: 'LATCHKEY_JWT_SECRET',
    default: undefined,
    accepts: '32 bytes or more of text, with LATCHKEY_SIGNING_ALG=HS256 only',
    meaning: 'The secret shared with services that verify HS256 tokens.',
    secret: true,
    parse: text => (Buffer.byteLength(text) >= 32 ? text : undefined),
  }),
  accessTtl: setting({
    env: 'LATCHKEY_ACCESS_TTL',
    default: '1h',
    accepts: 'a time from 1s to 24h, such as 15m',
    meaning: 'How long an access token lives, exactly.',
    parse: seconds(1, 86_400),
  }),
  clockTolerance: setting({
    env: 'LATCHKEY_CLOCK_TOLERANCE',
    default: '0s',
    accepts: 'a time from 0s to 60s',
    meaning:
      'How far apart the clocks of servers may be: each takes a token of another for this long beyond its end.',
    parse: seconds(0, 60),
  }),
  sessionIdle: setting({
    env: 'LATCHKEY_SESSION_IDLE',
    default: '30d',
    accepts: 'a time from 1s to 400d, such as 30d',
    meaning: 'A session that was not refreshed for this long has ended.',
    parse: seconds(1, 400 * 86_400),
  }),
  sessionMax: setting({
    env: 'LATCHKEY_SESSION_MAX',
    default: '90d',
    accepts: 'a time from 1s to 3650d, such as 90d',
    meaning: 'A session ends this long after the sign-in, used or not.',
    parse: seconds(1, 3650 * 86_400),
  }),
  refreshGrace: setting({
    env: 'LATCHKEY_REFRESH_GRACE',
    default: '30s',
    accepts: 'a time from 1s to 5m',
    meaning: 'How long a refresh may be repeated: parallel tabs, lost answers.',
    parse: seconds(1, 300),
  }),
  keyRotation: setting({
    env: 'LATCHKEY_KEY_ROTATION',
    default: '90d',
    accepts: 'a time from 1s to 3650d',
    meaning: 'A new signing key takes over this often.',
    parse: seconds(1, 3650 * 86_400),
  }),
  jwksMaxAge: setting({
    env: 'LATCHKEY_JWKS_MAX_AGE',
    default: '5m',
    accepts: 'a time from 1s to 24h',
    meaning: 'How long others may keep the published keys.',
    parse: seconds(1, 86_400),
  }),
  denyStatus: setting({
    env: 'LATCHKEY_DENY_STATUS',
    default: '403',
    accepts: '403 or 401',
    meaning: 'What `/user/*` answers to a missing or bad credential: 403, or 401 as RFC 6750 recommends.',
    parse: (text): 401 | 403 | undefined => (text === '403' ? 403 : text === '401' ? 401 : undefined),
  }),
  tlsCert: setting({
    env: 'LATCHKEY_TLS_CERT',
    default: undefined,
    accepts: 'the path of a PEM file',
    meaning: 'The certificate chain. With it the server speaks HTTPS.',
    parse: filled,
  }),
  tlsKey: setting({
    env: 'LATCHKEY_TLS_KEY',
    default: undefined,
    accepts: 'the path of a PEM file',
    meaning: "The certificate's private key.",
    parse: filled,
  }),
  trustProxy: setting({
    env: 'LATCHKEY_TRUST_PROXY',
    default: '0',
    accepts: 'a number of hops, or addresses and CIDR ranges with commas between',
    meaning: 'The proxies whose forwarding headers count.',
    parse: proxies,
  }),
  origins: setting({
    env: 'LATCHKEY_ORIGINS',
    default: undefined,
    defaultShown: 'none',
    accepts: 'origins with commas between, such as https://app.example.com',
    meaning: 'Origins that may call with credentials and refresh by cookie.',
    parse: list(text => (URL.canParse(text) && new URL(text).origin === text ? text : undefined)),
  }),
  registration: setting({
    env: 'LATCHKEY_REGISTRATION',
    default: 'open',
    accepts: 'open, invite or closed',
    meaning: 'Who may make an account.',
    parse: oneOf('open', 'invite', 'closed'),
  }),
  requireVerifiedEmail: setting({
    env: 'LATCHKEY_REQUIRE_VERIFIED_EMAIL',
    default: 'off',
    accepts: 'on or off',
    meaning: 'Whether a user needs a verified address to sign in.',
    parse: oneOf('on', 'off'),
  }),
  passwordMin: setting({
    env: 'LATCHKEY_PASSWORD_MIN',
    default: '8',
    accepts: 'a number from 8 to 64',
    meaning: 'The shortest password, in characters.',
    parse: wholeNumber(8, 64),
  }),
  breachCheckUrl: setting({
    env: 'LATCHKEY_BREACH_CHECK_URL',
    default: undefined,
    defaultShown: 'none: nothing is asked',
    accepts:
      'an https URL that the first five hex digits of a SHA-1 are put behind (http only for localhost)',
    meaning:
      'A service that knows leaked passwords, such as https://api.pwnedpasswords.com/range/. It learns 20 bits of a ' +
      'hash, never a password. While it is away no password can be chosen.',
    parse: text => (/\/$|=$/.test(text) && !/\s/.test(text) && isSafeUrl(text) ? text : undefined),
  }),
  smtpUrl: setting({
    env: 'LATCHKEY_SMTP_URL',
    default: undefined,
    accepts: 'smtp://… or smtps://…',
    meaning: 'The mail server. Off the loopback smtp:// takes STARTTLS: a mail may carry a link.',
    secret: true,
    parse: text => (/^smtps?:\/\/.+/.test(text) && URL.canParse(text) ? text : undefined),
  }),
  mailFrom: setting({
    env: 'LATCHKEY_MAIL_FROM',
    default: undefined,
    accepts: 'an address, such as Latchkey <no-reply@example.com>',
    meaning: 'The sender of mails.',
    parse: text => (/^[^\r\n]*@[^\r\n]+$/.test(text) ? text : undefined),
  }),
  productName: setting({
    env: 'LATCHKEY_PRODUCT_NAME',
    default: 'Latchkey',
    accepts: 'up to 60 characters on one line',
    meaning: 'What mails and pages call the service.',
    parse: text => (/^[^\p{Cc}<>]{1,60}$/u.test(text) ? text : undefined),
  }),
  limits: setting({
    env: 'LATCHKEY_LIMITS',
    default: 'on',
    accepts: 'on, or off on the loopback',
    meaning: 'Whether attempts are limited. Off is for load tests.',
    parse: oneOf('on', 'off'),
  }),
  maxConnections: setting({
    env: 'LATCHKEY_MAX_CONNECTIONS',
    default: '10000',
    accepts: 'a number from 1 to 1000000',
    meaning:
      'Connections at a time; one more is closed at once. Keep it below the open files that the system allows.',
    parse: wholeNumber(1, 1_000_000),
  }),
  auditRetention: setting({
    env: 'LATCHKEY_AUDIT_RETENTION',
    default: '365d',
    accepts: 'a time from 1d to 3650d',
    meaning:
      'How long a row of the audit log says from which address and with which device. Then both are blanked, and the row stays.',
    parse: seconds(86_400, 3650 * 86_400),
  }),
  auditRows: setting({
    env: 'LATCHKEY_AUDIT_ROWS',
    default: undefined,
    defaultShown: 'none: rows stay',
    accepts: 'a time from 1d to 3650d',
    meaning: 'Rows of the audit log that are older than this are deleted, for a log that has to stay small.',
    parse: seconds(86_400, 3650 * 86_400),
  }),
  logLevel: setting({
    env: 'LATCHKEY_LOG_LEVEL',
    default: 'info',
    accepts: 'trace, debug, info, warn, error, fatal or silent',
    meaning: 'What is logged: JSON lines, readable ones on a terminal.',
    parse: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  }),
}

type Settings = typeof settings
export type SettingName = keyof Settings
type Parsed<K extends SettingName> = Exclude<ReturnType<Settings[K]['parse']>, undefined>
type Optional =
  | 'issuer'
  | 'audience'
  | 'masterKey'
  | 'masterKeyPrevious'
  | 'jwtSecret'
  | 'tlsCert'
  | 'tlsKey'
  | 'origins'
  | 'breachCheckUrl'
  | 'smtpUrl'
  | 'mailFrom'
  | 'auditRows'

/** Names of roles with the scopes each gives. `*` stands for every scope. */
export type Roles = Readonly<Record<string, readonly string[]>>

/** The settings in force, parsed. Times are seconds. */
export type Config = { readonly [K in Exclude<SettingName, Optional>]: Parsed<K> } & {
  readonly [K in Optional]: Parsed<K> | undefined
} & { readonly roles: Roles; readonly hooks: Hooks; readonly theme: Theme }

/** What `latchkey.config.ts` and `createLatchkey` take: each setting as text, number or list, the roles, the hooks, the theme. */
export type ConfigInput = { readonly [K in SettingName]?: string | number | readonly string[] } & {
  readonly roles?: Roles
  readonly hooks?: Hooks
  readonly theme?: ThemeInput
}

/** Types a configuration file; returns what it was given. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config
}

type ConfigSource = 'environment' | 'file' | 'default'

export interface LoadedConfig {
  config: Config
  sources: Readonly<Record<SettingName, ConfigSource>>
  /** Lines worth showing at the start: what was ignored and what has no effect yet. */
  notes: readonly string[]
}

export interface ConfigPlaces {
  /** The environment's variables. */
  env: Readonly<Record<string, string | undefined>>
  /** What a configuration file or the caller gave. */
  input?: ConfigInput
}

/**
 * Reads the settings: environment first, then `input`, then the defaults, and checks them against each other.
 * Throws ConfigError with one line that names the setting and says what it accepts.
 */
export function loadConfig({ env, input = {} }: ConfigPlaces): LoadedConfig {
  const notes: string[] = []
  const fromEnvironment = readEnvironment(env, notes)
  refuseUnknownInput(input)
  const values: Record<string, unknown> = {
    roles: checkRoles(input.roles ?? { admin: ['*'] }),
    hooks: checkHooks(input.hooks ?? {}),
    theme: checkTheme(input.theme ?? {}),
  }
  const sources: Partial<Record<SettingName, ConfigSource>> = {}
  for (const [name, row] of Object.entries(settings) as [SettingName, Setting<unknown>][]) {
    const { text, source } = chooseText(name, row, fromEnvironment, input)
    sources[name] = source
    values[name] =
      text === undefined ? undefined : parseSetting(row, text, source === 'file' ? name : row.env)
    if (row.notYet && source !== 'default')
      notes.push(`${row.env} is accepted but has no effect in this version.`)
  }
  // The loop above put each setting under its own name with its own parser's type.
  const config = values as unknown as Config
  checkTogether(config)
  return { config, sources: sources as Record<SettingName, ConfigSource>, notes }
}

/** Reads `.env` and `latchkey.config.ts` or `.js` in a folder, if there, then `loadConfig`. */
export async function loadConfigFrom(folder: string): Promise<LoadedConfig> {
  const dotEnv = join(folder, '.env')
  if (existsSync(dotEnv)) process.loadEnvFile(dotEnv)
  for (const name of ['latchkey.config.ts', 'latchkey.config.js']) {
    const file = join(folder, name)
    if (existsSync(file)) return loadConfig({ env: process.env, input: await importConfig(file, name) })
  }
  return loadConfig({ env: process.env })
}

/** The issuer in force: the configured one, or this machine's. Throws ConfigError where the port is not known. */
export function issuerOf(config: Config): string {
  if (config.issuer !== undefined) return config.issuer
  if (config.port === 0)
    throw new ConfigError('LATCHKEY_ISSUER is required with LATCHKEY_PORT=0 when nothing listens.')
  return `${config.tlsCert === undefined ? 'http' : 'https'}://localhost:${config.port}`
}

/** Whether a host name is this machine and nobody else's. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '')
  return (
    bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare)
  )
}

async function importConfig(file: string, name: string): Promise<ConfigInput> {
  try {
    const module: { default?: ConfigInput } = await import(pathToFileURL(file).href)
    if (typeof module.default !== 'object' || module.default === null) {
      throw new ConfigError(`${name} must export its settings as default: export default defineConfig({ … })`)
    }
    return module.default
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError(
      `${name} could not be read: ${error instanceof Error ? error.message : 'unknown error'}`,
      {
        cause: error,
      },
    )
  }
}

function chooseText(
  name: SettingName,
  row: Setting<unknown>,
  fromEnvironment: Map<string, string>,
  input: ConfigInput,
): { text: string | undefined; source: ConfigSource } {
  const text = fromEnvironment.get(row.env)
  if (text !== undefined) return { text, source: 'environment' }
  const given = input[name]
  if (given !== undefined)
    return { text: typeof given === 'object' ? given.join(',') : String(given), source: 'file' }
  return { text: row.default, source: 'default' }
}

function parseSetting(row: Setting<unknown>, text: string, shownName: string): unknown {
  const value = row.parse(text)
  if (value === undefined) throw new ConfigError(refusal(shownName, row, text))
  return value
}

function refusal(shownName: string, row: Setting<unknown>, text: string): string {
  const got = row.secret ? '' : ` Got: ${JSON.stringify(text.slice(0, 80))}.`
  return `${shownName} accepts ${row.accepts}.${got}`
}

const byVariable = new Map<string, Setting<unknown>>(
  Object.values(settings).map(row => [row.env, row as Setting<unknown>]),
)

/** Names that Kubernetes puts into every pod beside a service called `latchkey`. */
const kubernetesName =
  /^LATCHKEY_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/
const kubernetesPort = /^LATCHKEY_(\w+_)?PORT$/

function readEnvironment(env: ConfigPlaces['env'], notes: string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('LATCHKEY_') || value === undefined) continue
    if (kubernetesName.test(name) || (kubernetesPort.test(name) && /^(tcp|udp|sctp):\/\//.test(value))) {
      notes.push(
        `${name} is ignored: a Kubernetes service injects it (enableServiceLinks: false stops that).`,
      )
      continue
    }
    const base = name.endsWith('_FILE') && !byVariable.has(name) ? name.slice(0, -'_FILE'.length) : name
    if (!byVariable.has(base)) throw new ConfigError(unknownName(name, [...byVariable.keys()]))
    if (value === '') continue
    if (found.has(base)) throw new ConfigError(`${base} and ${base}_FILE are both set. Keep one.`)
    found.set(base, base === name ? value : readValueFile(name, value))
  }
  return found
}

function readValueFile(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new ConfigError(`${name} names a file that cannot be read: ${file}`, { cause: error })
  }
}

/** What has no variable: it is more than a text. */
const codeOnly = ['roles', 'hooks', 'theme']

function refuseUnknownInput(input: ConfigInput): void {
  for (const name of Object.keys(input)) {
    if (!codeOnly.includes(name) && !Object.hasOwn(settings, name)) {
      throw new ConfigError(unknownName(name, [...Object.keys(settings), ...codeOnly]))
    }
  }
}

function unknownName(name: string, known: readonly string[]): string {
  const near = known.toSorted((a, b) => distance(name, a) - distance(name, b))[0]
  return `${name} is not a setting of Latchkey. The nearest one is ${near}.`
}

/** Levenshtein's distance, in one row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function checkRoles(roles: Roles): Roles {
  for (const [role, scopes] of Object.entries(roles)) {
    if (!/^[\w.-]{1,64}$/.test(role))
      throw new ConfigError(`roles: "${role}" is not a name of letters, digits, ._-`)
    if (!Array.isArray(scopes) || scopes.some(scope => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(String(scope)))) {
      throw new ConfigError(
        `roles.${role} takes a list of scopes without spaces or quotes, such as ['posts:write'].`,
      )
    }
  }
  return roles
}

function checkHooks(hooks: Hooks): Hooks {
  for (const [name, hook] of Object.entries(hooks)) {
    if (!hookNames.some(known => known === name))
      throw new ConfigError(`hooks: ${name} is no hook. The hooks are: ${hookNames.join(', ')}.`)
    if (hook !== undefined && typeof hook !== 'function')
      throw new ConfigError(`hooks.${name} takes a function.`)
  }
  return hooks
}

function checkTheme(input: ThemeInput): Theme {
  const theme = readTheme(input)
  if (typeof theme === 'string') throw new ConfigError(`theme: ${theme}`)
  return theme
}

/** Rules that hold between settings. */
function checkTogether(config: Config): void {
  if (config.signingAlg === 'HS256' && config.jwtSecret === undefined) {
    throw new ConfigError(
      'LATCHKEY_JWT_SECRET is required by LATCHKEY_SIGNING_ALG=HS256: 32 bytes or more. Make one with node -e "console.log(crypto.randomBytes(32).toString(\'base64url\'))"',
    )
  }
  if (config.signingAlg !== 'HS256' && config.jwtSecret !== undefined) {
    throw new ConfigError(
      `LATCHKEY_JWT_SECRET is used by LATCHKEY_SIGNING_ALG=HS256 only, and the algorithm is ${config.signingAlg}. Remove one.`,
    )
  }
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    throw new ConfigError('LATCHKEY_TLS_CERT and LATCHKEY_TLS_KEY go together. Set both or none.')
  }
  if (isPostgres(config.databaseUrl) && config.masterKey === undefined) {
    throw new ConfigError(
      'LATCHKEY_MASTER_KEY is required by LATCHKEY_DATABASE_URL=postgres://…, the same on every node: 32 bytes or more. Make one with node -e "console.log(crypto.randomBytes(32).toString(\'base64url\'))"',
    )
  }
  if (config.smtpUrl !== undefined && config.mailFrom === undefined) {
    throw new ConfigError(
      `LATCHKEY_MAIL_FROM is required with LATCHKEY_SMTP_URL: ${settings.mailFrom.accepts}.`,
    )
  }
  const isPublic = config.issuer !== undefined && !isLoopbackHost(new URL(config.issuer).hostname)
  if (config.limits === 'off' && (isPublic || !isLoopbackHost(config.host))) {
    throw new ConfigError('LATCHKEY_LIMITS accepts off on the loopback only.')
  }
}

/**
 * Refuses a listening address that would carry passwords in the clear, and an issuer nobody could reach.
 * Called by whoever opens the socket; an embedded server's socket is the application's own.
 */
export function checkListening(config: Config): void {
  if (isLoopbackHost(config.host)) return
  const proxied = config.trustProxy.kind === 'addresses' || config.trustProxy.hops > 0
  if (config.tlsCert === undefined && !proxied) {
    throw new ConfigError(
      `LATCHKEY_HOST=${config.host} is not the loopback and HTTPS is mandatory there. Three ways out: ` +
        'set LATCHKEY_TLS_CERT and LATCHKEY_TLS_KEY; or put it behind a proxy that speaks HTTPS and set LATCHKEY_TRUST_PROXY; ' +
        'or listen on LATCHKEY_HOST=127.0.0.1.',
    )
  }
  if (config.issuer === undefined) {
    throw new ConfigError(
      `LATCHKEY_ISSUER is required when LATCHKEY_HOST is not the loopback: ${settings.issuer.accepts}.`,
    )
  }
  if (!config.issuer.startsWith('https:')) {
    throw new ConfigError('LATCHKEY_ISSUER accepts https URLs only when LATCHKEY_HOST is not the loopback.')
  }
}

// Parsers: text in, value out, undefined when it is not accepted.

function filled(text: string): string | undefined {
  return text.trim() === '' ? undefined : text
}

function wholeNumber(least: number, most: number): (text: string) => number | undefined {
  return text => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? value : undefined
  }
}

const secondsOfUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** A time as settings have it, `90` or `15m`; undefined for what is none. */
export function secondsOf(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,9})(s|m|h|d)?$/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * (secondsOfUnit[unit ?? 's'] ?? 1)
}

function seconds(least: number, most: number): (text: string) => number | undefined {
  return text => {
    const value = secondsOf(text)
    return value !== undefined && value >= least && value <= most ? value : undefined
  }
}

function oneOf<const T extends string>(...names: T[]): (text: string) => T | undefined {
  return text => names.find(name => name === text)
}

function list(
  parseOne: (text: string) => string | undefined,
): (text: string) => readonly string[] | undefined {
  return text => {
    const values = text.split(',').map(part => parseOne(part.trim()))
    return values.every(value => value !== undefined && value !== '') ? (values as string[]) : undefined
  }
}

function keyBytes(text: string): Buffer | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length >= 32 ? bytes : undefined
}

/** Whether a database's URL names a PostgreSQL. */
export function isPostgres(databaseUrl: string): boolean {
  return /^postgres(ql)?:/.test(databaseUrl)
}

function databaseUrl(text: string): string | undefined {
  if (isPostgres(text)) return /^\w+:\/\/./.test(text) && URL.canParse(text) ? text : undefined
  return /^sqlite:(?!:memory:).+/.test(text) ? text : undefined
}

function issuerUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const plain =
    url.username === '' && url.password === '' && url.search === '' && url.hash === '' && !/[?#]/.test(text)
  return plain && isSafeUrl(text) && !text.endsWith('/') ? text : undefined
}

/** Whether what goes there cannot be read on the way: https, or http that stays on this machine. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
}

function proxies(text: string): TrustedProxies | undefined {
  const hops = wholeNumber(0, 32)(text)
  if (hops !== undefined) return { kind: 'hops', hops }
  const addresses = new BlockList()
  for (const part of text.split(',')) {
    const [address = '', prefix, ...rest] = part.trim().split('/')
    const version = isIP(address)
    const bits =
      prefix === undefined ? (version === 6 ? 128 : 32) : wholeNumber(0, version === 6 ? 128 : 32)(prefix)
    if (version === 0 || bits === undefined || rest.length > 0) return undefined
    addresses.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4')
  }
  return { kind: 'addresses', list: addresses }
}
