// How passwords are kept: formats of hashes, a row each; what is made today; and what stands in for nobody's hash.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Argon2 } from './argon2.ts'
import { readPhc, writePhc } from './phc.ts'

/** OWASP Password Storage: argon2id with 19 MiB, two passes, one lane. */
const today = { memoryKiB: 19_456, passes: 2, lanes: 1 }
const saltBytes = 16
const tagBytes = 32

interface HashFormat {
  recognises(hash: string): boolean
  verify(hash: string, password: string, argon2: Argon2): boolean
  /** Whether a right password should be hashed again with today's parameters. */
  isOutdated(hash: string): boolean
}

const formats: Record<string, HashFormat> = {
  argon2id: {
    recognises: hash => hash.startsWith('$argon2id$'),
    verify(hash, password, argon2) {
      const kept = readPhc(hash)
      if (kept === undefined) return false
      const { tag, ...parameters } = kept
      return timingSafeEqual(argon2({ ...parameters, password, tagBytes: tag.length }), tag)
    },
    isOutdated(hash) {
      const kept = readPhc(hash)
      return (
        kept === undefined ||
        kept.memoryKiB < today.memoryKiB ||
        kept.passes < today.passes ||
        kept.salt.length < saltBytes ||
        kept.tag.length < tagBytes
      )
    },
  },
}

/**
 * Compared when there is no user, or one who never chose a password: it costs what a real one costs, and no password
 * is known that gives a tag of zeros.
 */
export const nobodysHash = writePhc({
  ...today,
  salt: new Uint8Array(saltBytes),
  tag: new Uint8Array(tagBytes),
})

/** Hashes a password for keeping: a PHC string with its own random salt. Takes about 10 ms of CPU. */
export function hashPassword(password: string, argon2: Argon2): string {
  const salt = randomBytes(saltBytes)
  return writePhc({ ...today, salt, tag: argon2({ ...today, salt, password, tagBytes }) })
}

export interface PasswordCheck {
  matches: boolean
  /** A fresh hash to keep instead, when the kept one is outdated and the password was right. */
  replacement: string | undefined
}

/** Checks a password against a kept hash of any known format. An unknown format matches nothing. */
export function checkPassword(hash: string, password: string, argon2: Argon2): PasswordCheck {
  const format = Object.values(formats).find(row => row.recognises(hash))
  const matches = format?.verify(hash, password, argon2) ?? false
  const renew = matches && format?.isOutdated(hash) === true
  return { matches, replacement: renew ? hashPassword(password, argon2) : undefined }
}
