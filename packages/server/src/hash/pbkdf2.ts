// PBKDF2 (RFC 8018 5.2) over HMAC with SHA-1, SHA-256 or SHA-512.
import { pbkdf2Sync } from 'node:crypto'
import type { HashFormat } from './kept-hash.ts'

/** About a second of one core. */
const maxRounds = 2_500_000
/** Fewer than these cost a guesser next to nothing. */
const slowRounds = 10_000

const digests = { sha1: 20, sha256: 32, sha512: 64 } as const
export type Pbkdf2Digest = keyof typeof digests

/** `$pbkdf2-sha256$i=27500,l=64$salt$tag` in base64 without padding; `l` is the tag's length in bytes. */
const pbkdf2 = (digest: Pbkdf2Digest): HashFormat => ({
  pattern: new RegExp(
    `^\\$pbkdf2-${digest}\\$i=(\\d{1,9}),l=(\\d{1,3})\\$([A-Za-z0-9+/]{0,172})\\$([A-Za-z0-9+/]{0,172})$`,
  ),
  read(iterations, length, salt = '', tag = '') {
    const rounds = Number(iterations)
    const tagBytes = Number(length)
    const blocks = Math.ceil(tagBytes / digests[digest])
    if (rounds < 1 || tagBytes < 16 || tagBytes > 128 || rounds * blocks > maxRounds) return 'too_costly'
    return {
      tag: Buffer.from(tag, 'base64'),
      isFast: rounds < slowRounds,
      derive: password => pbkdf2Sync(password, Buffer.from(salt, 'base64'), rounds, tagBytes, digest),
    }
  },
})

export const pbkdf2Sha1 = pbkdf2('sha1')
export const pbkdf2Sha256 = pbkdf2('sha256')
export const pbkdf2Sha512 = pbkdf2('sha512')
