// The server's log: JSON lines on stderr, readable ones on a terminal. Nothing that could be presented is in a line:
// a request is named by its route, an error by its code and our own words.
import { LatchkeyError } from 'latchkey'
import { destination, type Logger, pino } from 'pino'
import type { Config } from '../config.ts'
import type { RequestLine, RequestLog } from '../http/call.ts'

export interface ServerLog extends RequestLog {
  info(message: string, fields?: Record<string, unknown>): void
  error(message: string, error: unknown, requestId?: string): void
}

const redacted = ['authorization', 'cookie', 'password', 'token', 'access_token', 'refresh_token', 'secret']

export function openLog(level: Config['logLevel']): ServerLog {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: redacted.flatMap(name => [name, `*.${name}`]), censor: '[hidden]' },
  }
  const stream = process.stderr.isTTY ? { write: writeReadable } : destination({ dest: 2, sync: true })
  return serverLog(pino(options, stream))
}

function serverLog(logger: Logger): ServerLog {
  return {
    info: (message, fields) => logger.info(fields ?? {}, message),
    error: (message, error, requestId) => logger.error({ ...named(requestId), ...describe(error) }, message),
    request: (line: RequestLine) => {
      if (line.status >= 500) logger.warn(line, 'request')
      else if (isProbe(line)) logger.debug(line, 'request')
      else logger.info(line, 'request')
    },
    note: (line, error, requestId) => {
      if (error === undefined) logger.info(named(requestId), line)
      else logger.warn({ ...named(requestId), ...describe(error) }, line)
    },
    failure: (requestId, error) => logger.error({ requestId, ...describe(error) }, 'a request failed'),
  }
}

/** What machines ask all day: worth a line only where every line is wanted. */
function isProbe({ route, status }: RequestLine): boolean {
  return route.startsWith('/health/') || (route === '/metrics' && status < 400)
}

function named(requestId: string | undefined): { requestId?: string } {
  return requestId === undefined ? {} : { requestId }
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const cause = error.cause instanceof Error ? { cause: error.cause.message } : {}
  if (error instanceof LatchkeyError) return { code: error.code, detail: error.detail, ...cause }
  return { error: error.message, stack: error.stack, ...cause }
}

/** One line for a person: time, words, and what a request came to. */
function writeReadable(text: string): void {
  const { time, level, msg, method, route, status, ms, code, ...rest } = JSON.parse(text)
  const clock = String(time).slice(11, 19)
  const request =
    method === undefined
      ? msg
      : `${status} ${method} ${route}${code === undefined ? '' : ` ${code}`} ${ms} ms`
  const more = method === undefined && Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : ''
  process.stderr.write(`${clock} ${level === 'info' ? '' : `${level} `}${request}${more}\n`)
}
