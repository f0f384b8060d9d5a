// Where a token or a password may go: https, or http that never leaves the machine.

/**
 * Reads a URL that credentials are sent to; a relative one is read from the page's address, where there is a page.
 * Throws a TypeError for http off the loopback, for other schemes, and for a URL with a name and a password.
 */
export function secureUrl(option: string, text: string): URL {
  const url = new URL(text, globalThis.document?.baseURI)
  if (url.username !== '' || url.password !== '')
    throw new TypeError(`${option} carries a user name or a password`)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url
  throw new TypeError(`${option} has to be an https: URL; http: is for the loopback alone`)
}

function isLoopback(host: string): boolean {
  return /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/.test(host)
}
