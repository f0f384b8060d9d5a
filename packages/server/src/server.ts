// The composition root: opens the store, the keys and the revocation set, and ties rules to routes.
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { createVerifier, LatchkeyError } from 'latchkey'
import { createGuard, type GuardOptions } from 'latchkey/guard'
import { countedLimiter, createAddressLimiter, noAddressLimits } from './auth/address-limiter.ts'
import { openApiKeyReader } from './auth/api-key-reader.ts'
import { openAuditSink } from './auth/audit-sink.ts'
import type { AuthContext, Clock } from './auth/context.ts'
import type { ReadToken } from './auth/introspection.ts'
import { openKeyRing } from './auth/key-ring.ts'
import { oneTimeToken } from './auth/one-time.ts'
import { openMasterKey } from './auth/open-master-key.ts'
import { createOverview } from './auth/overview.ts'
import { openRevocations, type Revocations } from './auth/revocations.ts'
import {
  type Config,
  ConfigError,
  type ConfigInput,
  isLoopbackHost,
  issuerOf,
  type LoadedConfig,
  loadConfig,
} from './config.ts'
import {
  type Clients,
  createClientsFace,
  createSessionsFace,
  createUsersFace,
  type Sessions,
  type Users,
} from './embedding.ts'
import { watchEventLoop } from './figures/event-loop.ts'
import { createMetrics, type Metrics } from './figures/metrics.ts'
import { createRecorder, type Recorder } from './figures/recorder.ts'
import { createHasher, type HashObserver } from './hash/hasher.ts'
import { openApiDescription } from './http/api-description.ts'
import { apiKeyResolver } from './http/api-key-resolver.ts'
import { createHandler, type Handler } from './http/app.ts'
import type { RequestLog, Services } from './http/call.ts'
import { sessionCookie } from './http/cookies.ts'
import { openInspector } from './http/inspect-token.ts'
import { metricsText } from './http/metrics-text.ts'
import { openRevocationStream } from './http/revocation-stream.ts'
import { openMailQueue } from './mail/queue.ts'
import { type MailTransport, noTransport, type Outbox, openOutbox, smtpTransport } from './mail/transport.ts'
import { themeAssets } from './pages/theme-assets.ts'
import { showSettings } from './shown-settings.ts'
import { masterKeySource } from './store/master-key-file.ts'
import { measuredStore } from './store/measured-store.ts'
import { openStore, type PgPool } from './store/open.ts'
import type { Store } from './store/store.ts'
import { openTracing } from './tracing.ts'
import { version } from './version.ts'

/** A running Latchkey without a socket: everything an application embeds. */
export interface Latchkey {
  /** The whole server as a function from Request to Response. */
  readonly handler: Handler
  /** Options for `protect` of any framework: keys, issuer, audience, revocations and API keys of this server. */
  readonly guard: GuardOptions
  /** What `GET /metrics` answers, for an application that has a `/metrics` of its own. */
  metrics(): string
  readonly users: Users
  readonly sessions: Sessions
  readonly clients: Clients
  /** Says that it is not ready any more and ends what would stay open: for the moment before `close`. */
  drain(): void
  /** Finishes what is being written and closes the store. */
  close(): Promise<void>
}

export interface Surroundings {
  log: RequestLog
  clock: Clock
  /** An open pool of `pg`, used instead of one of our own where the database is a PostgreSQL. */
  databasePool: PgPool
  /** Where each setting comes from. */
  sources: LoadedConfig['sources']
  /** Where mails are shown on a machine without a mail server: a terminal, never a log, since links are in them. */
  print(text: string): void
}

/**
 * Opens Latchkey inside an application. Takes each setting as `latchkey.config.ts` does; variables of the
 * environment come first. Throws ConfigError for a wrong setting, LatchkeyError `store_unavailable`.
 */
export async function createLatchkey(
  input: ConfigInput = {},
  surroundings: Pick<Partial<Surroundings>, 'databasePool'> = {},
): Promise<Latchkey> {
  const { config, sources } = loadConfig({ env: process.env, input })
  return openLatchkey(config, { ...surroundings, sources })
}

const silentLog: RequestLog = { request() {}, failure() {}, note() {} }
const tendEachMs = 1_000
const mailEachMs = 1_000
const auditEachMs = 1_000
const sweepEachMs = 60_000
/** Between two turns of a sweep that has more to do than one turn does. */
const sweepAgainMs = 1_000
const measureEachMs = 60_000

/** Opens Latchkey with settings that are loaded already. `config.port` must be the real one where no issuer is set. */
export async function openLatchkey(
  config: Config,
  surroundings: Partial<Surroundings> = {},
): Promise<Latchkey> {
  const { log = silentLog, clock = Date.now, print = () => undefined, databasePool, sources } = surroundings
  const issuer = issuerOf(config)
  if (databasePool !== undefined && config.masterKey === undefined)
    throw new ConfigError('LATCHKEY_MASTER_KEY is required with a pool of your own: 32 bytes or more.')
  // Who sets the time sets it for the store as well.
  const storeClock = surroundings.clock === undefined ? 'database' : 'given'
  // Waits of this process are measured where setting the machine's time changes nothing.
  const monotonicMs = surroundings.clock ?? (() => performance.now())
  const tracing = await openTracing()
  const metrics = createMetrics()
  const store = tracing.wrap(
    'store',
    measuredStore(await openStore(config.databaseUrl, { pool: databasePool, clock: storeClock }), metrics),
  )
  try {
    const master = await openMasterKey(store, masterKeySource(config))
    const keyRing = await openKeyRing({
      store,
      master,
      alg: config.signingAlg,
      jwtSecret: config.jwtSecret,
      rotationSeconds: config.keyRotation,
      jwksMaxAgeSeconds: config.jwksMaxAge,
      accessLifetimeSeconds: config.accessTtl,
      clock,
    })
    const revocations = await openRevocations(store, clock)
    const figures = createRecorder(clock)
    const hasher = tracing.wrap('hasher', createHasher(hashObserver(figures, metrics)))
    const audience = config.audience ?? [issuer]
    const auth: AuthContext = {
      store,
      master,
      hasher,
      addressLimiter:
        config.limits === 'off'
          ? noAddressLimits
          : countedLimiter(createAddressLimiter(monotonicMs), metrics),
      keyRing,
      revocations,
      figures,
      metrics,
      clock,
      issuer,
      audience: audience.length === 1 && audience[0] !== undefined ? audience[0] : audience,
      roles: config.roles,
      rules: config,
      hooks: config.hooks,
      note: log.note,
    }

    const { transport, outbox } = openTransport(config, { auth, log, print })
    const mail = openMailQueue({
      store,
      transport,
      product: config.productName,
      issuer,
      clock,
      tokenOf: thing => oneTimeToken(master, thing),
      say: log.note,
      count: outcome => metrics.mails.at(outcome).add(),
    })
    const readApiKey = openApiKeyReader(auth)
    const guard: GuardOptions = {
      keys: keyRing.source,
      issuer,
      audience: [...audience],
      revocations: revocationSource(revocations),
      apiKeys: apiKeyResolver(auth, readApiKey, config.trustProxy),
      clockTolerance: config.clockTolerance,
      clock,
    }
    const cookie = sessionCookie(issuer)
    const revocationStream = openRevocationStream(revocations, clock)
    let isDraining = false
    let storeBytes: number | undefined
    const measureStore = async (): Promise<void> => {
      storeBytes = await store.size()
    }
    const certificateEnd = endOfCertificate(config.tlsCert)
    const readMetrics = (): string =>
      metricsText(metrics, { auth, revocationStream, storeBytes: () => storeBytes, certificateEnd })
    const handler = createHandler({
      auth,
      revocationStream,
      metrics: readMetrics,
      overview: createOverview(auth),
      settings: showSettings({ config: { ...config, issuer, audience }, sources }),
      readToken: tokenReader(guard),
      inspectToken: openInspector(guard, auth),
      admit: admission({ ...guard, denyStatus: config.denyStatus }),
      readSpentToken: spentTokenReader(auth, audience),
      missing: async () => (isDraining ? ['draining'] : await whatIsMissing(auth)),
      cookie,
      issuer,
      origins: new Set(config.origins),
      trustProxy: config.trustProxy,
      denyStatus: config.denyStatus,
      jwksMaxAgeSeconds: config.jwksMaxAge,
      log,
      tracing,
      outbox,
      version,
      theme: themeAssets(config.theme),
      apiDescription: openApiDescription({
        issuer,
        version,
        denyStatus: config.denyStatus,
        cookieNames: cookie.names,
      }),
    })

    // A key that was revoked elsewhere signs nothing more here: its successor is taken up at once.
    revocations.subscribe(entries => {
      if (entries.some(({ kind }) => kind === 'key')) keyRing.tend().catch(() => undefined)
    })
    store.onRevocation(() => revocations.catchUp().catch(() => undefined))
    const handOnAudit = await openAuditSink(auth)
    measureStore().catch(() => undefined)
    const stopWatching = watchEventLoop(metrics.loopDelay.at())
    const timers = [
      repeat(store.revocationPollMs, () => {
        figures.observe('revocation_age_ms', revocations.ageMs())
        return revocations.catchUp()
      }),
      repeat(tendEachMs, () => keyRing.tend()),
      repeat(mailEachMs, () => mail.run()),
      repeat(auditEachMs, () => handOnAudit().catch(error => log.note('the audit sink failed', error))),
      repeat(measureEachMs, measureStore),
      repeat(sweepEachMs, () => sweepAll(store, config, clock)),
    ]
    return {
      handler,
      guard,
      metrics: readMetrics,
      users: createUsersFace(auth),
      sessions: createSessionsFace(auth),
      clients: createClientsFace(auth),
      drain() {
        isDraining = true
        revocationStream.close()
      },
      async close() {
        revocationStream.close()
        stopWatching()
        for (const timer of timers) clearInterval(timer)
        mail.close()
        await handOnAudit().catch(error => log.note('the audit sink failed', error))
        await hasher.close()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** One synchronous look-up; a set that could not be read for too long refuses (503) instead of letting through. */
function revocationSource(revocations: Revocations): NonNullable<GuardOptions['revocations']> {
  return {
    isRevoked({ claims, header }) {
      if (revocations.isStale()) throw new LatchkeyError('revocations_stale')
      return revocations.isRevoked(claims['sid'], claims['jti'], header.kid)
    },
  }
}

/** Jobs of the hash queue, as the console's charts and /metrics count them. */
function hashObserver(figures: Recorder, metrics: Metrics): HashObserver {
  const rejections = metrics.hashRejected.at()
  return {
    queued: waiting => figures.observe('hash_queue', waiting),
    rejected: () => rejections.add(),
    done: (kind, seconds) => metrics.hashSeconds.at(kind).observe(seconds),
  }
}

/** When a certificate expires, in seconds since 1970; undefined without one, or with one that cannot be read. */
function endOfCertificate(file: string | undefined): number | undefined {
  if (file === undefined) return undefined
  try {
    return new X509Certificate(readFileSync(file)).validToDate.getTime() / 1000
  } catch {
    return undefined
  }
}

/** Mails go to the mail server; on a machine that has none, to its outbox; elsewhere nowhere, and the log says so. */
function openTransport(
  config: Config,
  { auth, log, print }: { auth: AuthContext; log: RequestLog; print: Surroundings['print'] },
): { transport: MailTransport; outbox: Outbox | undefined } {
  if (config.smtpUrl !== undefined && config.mailFrom !== undefined)
    return { transport: smtpTransport(config.smtpUrl, config.mailFrom), outbox: undefined }
  if (!isLoopbackHost(config.host) || !isLoopbackHost(new URL(auth.issuer).hostname)) {
    log.note('LATCHKEY_SMTP_URL is not set: no mail leaves this server')
    return { transport: noTransport, outbox: undefined }
  }
  const outbox = openOutbox(auth.clock, print)
  return { transport: outbox, outbox }
}

function admission(options: GuardOptions): Services['admit'] {
  const guard = createGuard(options)
  return async (request, { address }) => {
    const authorization = request.headers.get('authorization') ?? undefined
    const verdict = await guard.check({ authorization, method: request.method, url: request.url, address })
    if (verdict.kind === 'refused') {
      const { status, headers, body } = verdict
      return { kind: 'refused', response: new Response(body, { status, headers }), error: verdict.error }
    }
    if (verdict.kind !== 'admitted') throw new LatchkeyError('missing_token')
    const { claims, scopes, header } = verdict.auth
    return header.typ === 'api-key'
      ? { kind: 'admitted', claims, by: 'api_key', scopes }
      : { kind: 'admitted', claims, by: 'token' }
  }
}

/** Reads tokens that are good now, for whoever asks about them: nothing is remembered from one question to the next. */
function tokenReader(options: GuardOptions): ReadToken {
  const guard = createGuard({ ...options, cache: false })
  return async token => {
    const verdict = await guard.check({ authorization: `Bearer ${token}`, method: 'POST', url: '/' })
    if (verdict.kind === 'admitted') return verdict.auth.claims
    // A token is not called dead because something here is.
    if (verdict.kind === 'refused' && verdict.status >= 500) throw new LatchkeyError('revocations_stale')
    return undefined
  }
}

/** Reads tokens of ours whatever their age, for signing out: the signature still has to be right. */
function spentTokenReader(auth: AuthContext, audience: readonly string[]) {
  const verifier = createVerifier({
    keys: auth.keyRing.source,
    issuer: auth.issuer,
    audience: [...audience],
    typ: 'at+jwt',
    unsafeIgnoreExpiration: true,
    cache: false,
    clock: auth.clock,
  })
  return (token: string) => {
    const result = verifier.safe(token)
    return result.ok ? result.claims : undefined
  }
}

async function whatIsMissing({ store, revocations }: AuthContext): Promise<readonly string[]> {
  const missing: string[] = []
  await store.check().catch(() => missing.push('store'))
  if (revocations.isStale()) missing.push('revocations')
  return missing
}

/** Sweeps in turns, with time for other writes between, until nothing is left to do or the store is closed. */
async function sweepAll(store: Store, { auditRetention, auditRows }: Config, clock: Clock): Promise<void> {
  const turn = (): Promise<boolean> =>
    store.sweep({
      now: Math.floor(clock() / 1000),
      placesSeconds: auditRetention,
      rowsSeconds: auditRows,
    })
  while (await turn()) await pause(sweepAgainMs, undefined, { ref: false })
}

/** Runs a task again and again, one at a time, without keeping the process alive. What fails is tried the next time. */
function repeat(eachMs: number, task: () => Promise<void>): NodeJS.Timeout {
  let running = false
  const timer = setInterval(() => {
    if (running) return
    running = true
    task()
      .catch(() => undefined)
      .finally(() => {
        running = false
      })
  }, eachMs)
  return timer.unref()
}
