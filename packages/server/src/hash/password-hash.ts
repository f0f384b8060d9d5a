// How passwords are kept: what is made today, what a check compares, and what stands in for nobody's hash. The formats
// are in formats.ts.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Argon2 } from './argon2.ts'
import { readHash } from './formats.ts'
import { readPhc, unpadded, writePhc } from './phc.ts'

/** OWASP Password Storage: argon2id with 19 MiB, two passes, one lane. */
const today = { memoryKiB: 19_456, passes: 2, lanes: 1 }
const saltBytes = 16
const tagBytes = 32

/** Whether a right password should be hashed again: all that is not argon2id with today's parameters or more. */
function isOutdated(hash: string): boolean {
  const kept = readPhc(hash)
  return (
    kept?.kind !== 'argon2id' ||
    kept.memoryKiB < today.memoryKiB ||
    kept.passes < today.passes ||
    kept.salt.length < saltBytes ||
    kept.tag.length < tagBytes
  )
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

/**
 * Puts a hash that is computed too fast inside an argon2id one, so that no stolen copy of the database holds it bare.
 * Any other comes back as it is. Takes about 10 ms of CPU.
 */
export function wrapHash(hash: string, argon2: Argon2): string {
  const kept = readHash(hash)
  if (kept === undefined || kept === 'too_costly' || !kept.isFast) return hash
  const outer = hashPassword(unpadded(kept.tag), argon2)
  return `$wrapped${outer.slice('$argon2id$v=19'.length)}${hash.slice(0, hash.lastIndexOf('$') + 1)}`
}

/**
 * Checks a password against a kept hash of any known format. An unknown format matches nothing. Ours are of the NFKC
 * form; other systems hashed what was typed, so both are tried, for every hash alike.
 */
export function checkPassword(hash: string, password: string, argon2: Argon2): PasswordCheck {
  const kept = readHash(hash)
  const normal = password.normalize('NFKC')
  const matches =
    kept !== undefined &&
    kept !== 'too_costly' &&
    [...new Set([normal, password])].some(form => isTag(kept.tag, kept.derive(form, argon2)))
  const renew = matches && isOutdated(hash)
  return { matches, replacement: renew ? hashPassword(normal, argon2) : undefined }
}

function isTag(kept: Uint8Array, derived: Uint8Array): boolean {
  return kept.length === derived.length && timingSafeEqual(kept, derived)
}
