// Password hash formats, a row each: how to recognise one, check it, and whether it is what we make today.
import { hashSync, verifySync } from '@node-rs/argon2'

/** OWASP Password Storage: argon2id with 19 MiB, two passes, one lane. */
const memoryKiB = 19_456
const passes = 2
const lanes = 1

interface HashFormat {
  recognises(hash: string): boolean
  verify(hash: string, password: string): boolean
  /** Whether a right password should be hashed again with today's parameters. */
  isOutdated(hash: string): boolean
}

const formats: Record<string, HashFormat> = {
  argon2id: {
    recognises: hash => hash.startsWith('$argon2id$'),
    verify: (hash, password) => verifySync(hash, password),
    isOutdated: hash => !hash.startsWith(`$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$`),
  },
}

/** Hashes a password for keeping: a PHC string with its own random salt. Takes about 10 ms of CPU. */
export function hashPassword(password: string): string {
  // 2 names argon2id in the library's table of variants.
  return hashSync(password, { algorithm: 2, memoryCost: memoryKiB, timeCost: passes, parallelism: lanes })
}

export interface PasswordCheck {
  matches: boolean
  /** A fresh hash to keep instead, when the kept one is outdated and the password was right. */
  replacement: string | undefined
}

/** Checks a password against a kept hash of any known format. An unknown format matches nothing. */
export function checkPassword(hash: string, password: string): PasswordCheck {
  const format = Object.values(formats).find(row => row.recognises(hash))
  const matches = format?.verify(hash, password) ?? false
  const renew = matches && format?.isOutdated(hash) === true
  return { matches, replacement: renew ? hashPassword(password) : undefined }
}
