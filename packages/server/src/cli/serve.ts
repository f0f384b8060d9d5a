// `latchkey serve`: opens the socket, says where, and ends cleanly.
import { readFileSync } from 'node:fs'
import { createServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, isIPv6 } from 'node:net'
import { type Config, ConfigError, checkListening, isLoopbackHost, type LoadedConfig } from '../config.ts'
import { nodeListener } from '../mount/listener.ts'
import { tryItLines } from '../pages/try-it.ts'
import { type Latchkey, openLatchkey } from '../server.ts'
import { openLog } from './log.ts'

const headersTimeoutMs = 10_000
const requestTimeoutMs = 15_000
/** An answer that is not read any further for so long is given up; nothing here takes longer to begin one. */
const unreadTimeoutMs = 15_000
/**
 * How often is looked for connections that are too slow. To end one takes a tenth of a millisecond, and those that came
 * within this time end together, while everybody else waits.
 */
const lookEachMs = 100
const finishWithinMs = 10_000

/** For the pasted lines only: it has to be the same at every start, and nobody's account has it until they are pasted. */
const tryItUser = { username: 'ada', password: 'brass-lantern-on-the-sill' }

/** Serves until SIGTERM or SIGINT. Throws ConfigError before anything listens. */
export async function serve(
  { config, sources, notes }: LoadedConfig,
  onListening: () => void,
): Promise<void> {
  checkListening(config)
  const log = openLog(config.logLevel)
  for (const note of notes) log.info(note)

  const server = createSocketServer(config)
  const opening = Promise.withResolvers<Latchkey>()
  opening.promise.catch(() => undefined)
  // The port is known only when it listens, and what opens needs it: who calls in between waits.
  const listener = nodeListener(async (request, connection) =>
    (await opening.promise).handler(request, connection),
  )
  server.on('request', (request, response) => {
    listener(request, response).catch(error => {
      log.error('an answer could not be written', error, String(response.getHeader('x-request-id')))
      response.destroy()
    })
  })
  await listen(server, config)
  const { port } = server.address() as AddressInfo
  let latchkey: Latchkey
  try {
    latchkey = await openLatchkey({ ...config, port }, { log, sources, print: printOnTerminal })
  } catch (error) {
    opening.reject(error)
    server.close()
    server.closeAllConnections()
    throw error
  }
  opening.resolve(latchkey)
  // Asked for before the address is told: whoever reads it may end the process the next moment.
  const ended = endSignal()
  announce({ ...config, port })
  await announceFirstAdministrator(latchkey)
  onListening()

  const signal = await ended
  log.info(`${signal}: finishing what is running`)
  latchkey.drain()
  await stop(server)
  await latchkey.close()
}

function createSocketServer(config: Config): Server {
  const options = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: lookEachMs,
    maxHeaderSize: 16 * 1024,
  }
  const server = openServer(config, options)
  server.maxConnections = config.maxConnections
  server.timeout = unreadTimeoutMs
  return server
}

function openServer(config: Config, options: ServerOptions): Server {
  if (config.tlsCert === undefined || config.tlsKey === undefined) return createServer(options)
  const cert = readPem('LATCHKEY_TLS_CERT', config.tlsCert)
  const key = readPem('LATCHKEY_TLS_KEY', config.tlsKey)
  try {
    return createTlsServer({
      ...options,
      cert,
      key,
      minVersion: 'TLSv1.2',
      handshakeTimeout: headersTimeoutMs,
    })
  } catch (error) {
    throw new ConfigError(
      'LATCHKEY_TLS_CERT and LATCHKEY_TLS_KEY do not hold a certificate and its key in PEM.',
      { cause: error },
    )
  }
}

function readPem(name: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new ConfigError(`${name} names a file that cannot be read: ${file}`, { cause: error })
  }
}

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen(port, host, () => resolve())
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new ConfigError(
      `Port ${port} is taken, perhaps by a Latchkey that still runs. End what listens there, or choose another ` +
        `port: LATCHKEY_PORT=${port === 65_535 ? port - 1 : port + 1}`,
      { cause: error },
    )
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new ConfigError(`LATCHKEY_HOST=${host} is no address of this machine.`, { cause: error })
  }
  return error
}

/** Says where it listens, which the issuer, a name for others, need not be. */
function announce(config: Config): void {
  const isLocal = isLoopbackHost(config.host)
  const scheme = config.tlsCert === undefined ? 'http' : 'https'
  const url = `${scheme}://${isLocal ? 'localhost' : hostInUrl(config.host)}:${config.port}`
  const lines = [`Latchkey is running on ${url}`]
  if (config.issuer !== undefined && config.issuer !== url) lines.push(`Its issuer is ${config.issuer}`)
  if (isLocal) {
    const heading = 'Paste these three lines into another terminal:'
    lines.push('', heading, '', ...tryItLines(url, tryItUser), '')
  }
  process.stdout.write(`${lines.join('\n')}\n`)
}

function hostInUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}

/** Mails hold links that work: they are shown to whoever sits at a terminal, and never written into a log. */
function printOnTerminal(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(text)
}

/** A link that makes an administrator goes to a terminal, where its owner sits; never into a log. */
async function announceFirstAdministrator({ users }: Latchkey): Promise<void> {
  if (await users.hasAdministrator()) return
  const made = process.stdout.isTTY ? await users.inviteFirstAdministrator() : undefined
  const line =
    made === undefined
      ? 'There is no administrator yet. This prints a link that makes one: npx latchkey invite --admin'
      : `There is no administrator yet. This link makes one, once, within an hour:\n${made.link}`
  process.stdout.write(`${line}\n`)
}

function endSignal(): Promise<string> {
  return new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}

/** Takes no new connection, lets running requests finish, and cuts what takes longer than it may. */
function stop(server: Server): Promise<void> {
  return new Promise(resolve => {
    const cut = setTimeout(() => server.closeAllConnections(), finishWithinMs)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}
