// scrypt (RFC 7914), and Firebase's, which encrypts a key of the project under what scrypt derives.
import { createCipheriv, scryptSync } from 'node:crypto'
import type { HashFormat } from './kept-hash.ts'

interface ScryptCost {
  /** The logarithm of N. */
  ln: number
  r: number
  p: number
}

/** 256 MiB, and about a second of one core. */
const maxMemoryBytes = 2 ** 28
const maxBlocks = 2 ** 21

function isBearable({ ln, r, p }: ScryptCost): boolean {
  if (ln < 1 || ln > 20 || r < 1 || p < 1) return false
  return 128 * 2 ** ln * r <= maxMemoryBytes && 2 ** ln * r * p <= maxBlocks
}

function deriveScrypt(
  password: string,
  salt: Uint8Array,
  { ln, r, p, tagBytes }: ScryptCost & { tagBytes: number },
): Uint8Array {
  const N = 2 ** ln
  return scryptSync(password, salt, tagBytes, { N, r, p, maxmem: 256 * N * r + 2 ** 20 })
}

/** `$scrypt$ln=15,r=8,p=1$salt$tag` in base64 without padding, the PHC string format. */
export const scrypt: HashFormat = {
  pattern:
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{0,172})\$([A-Za-z0-9+/]{22,172})$/,
  read(ln, r, p, salt = '', tag = '') {
    const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
    if (!isBearable(cost)) return 'too_costly'
    const kept = Buffer.from(tag, 'base64')
    return {
      tag: kept,
      isFast: false,
      derive: password =>
        deriveScrypt(password, Buffer.from(salt, 'base64'), { ...cost, tagBytes: kept.length }),
    }
  },
}

/** `$firebase-scrypt$ln=14,r=8$salt and separator$signer key$tag`, each in base64 without padding. */
export const firebaseScrypt: HashFormat = {
  pattern:
    /^\$firebase-scrypt\$ln=(\d{1,2}),r=(\d{1,3})\$([A-Za-z0-9+/]{2,172})\$([A-Za-z0-9+/]{22,172})\$([A-Za-z0-9+/]{22,172})$/,
  read(ln, r, salt = '', signerKey = '', tag = '') {
    const cost = { ln: Number(ln), r: Number(r), p: 1 }
    if (!isBearable(cost)) return 'too_costly'
    return {
      tag: Buffer.from(tag, 'base64'),
      isFast: false,
      derive(password) {
        const key = deriveScrypt(password, Buffer.from(salt, 'base64'), { ...cost, tagBytes: 32 })
        const cipher = createCipheriv('aes-256-ctr', key, new Uint8Array(16))
        return cipher.update(Buffer.from(signerKey, 'base64'))
      },
    }
  },
}
