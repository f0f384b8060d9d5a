// How the mail server is spoken to.
import { isLoopbackHost } from '../config.ts'

export interface SmtpOptions {
  url: string
  connectionTimeout: number
  greetingTimeout: number
  socketTimeout: number
  /** Gives up where the connection cannot be encrypted. */
  requireTLS: boolean
  disableFileAccess: true
  disableUrlAccess: true
}

const timeoutMs = 10_000

/** Neither a password nor a mail with a link in it crosses a network in the clear; times are milliseconds. */
export function smtpOptions(url: string): SmtpOptions {
  const { protocol, hostname } = new URL(url)
  return {
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    requireTLS: protocol === 'smtp:' && !isLoopbackHost(hostname),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
