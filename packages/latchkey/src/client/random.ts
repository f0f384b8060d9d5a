// The client's source of randomness: Web Crypto, in browsers and in Node alike.

/** Throws a TypeError where there is none, as on a phone without the polyfill: found out before a password is sent. */
export function requireRandom(): void {
  if (typeof globalThis.crypto?.getRandomValues !== 'function')
    throw new TypeError('crypto.getRandomValues is missing: load react-native-get-random-values first')
}

/** 128 random bits as 32 hexadecimal digits. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** A number from 0 to below 1. */
export function randomShare(): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1))
  return word / 2 ** 32
}
