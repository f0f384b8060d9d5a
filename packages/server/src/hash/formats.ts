// Every form in which a password hash may be kept, a row each. What is made today is argon2id; all else came from
// other systems, and is replaced at its user's next sign-in.
import type { Argon2Kind } from './argon2.ts'
import { bcrypt } from './bcrypt.ts'
import type { HashFormat, KeptHash } from './kept-hash.ts'
import { pbkdf2Sha1, pbkdf2Sha256, pbkdf2Sha512 } from './pbkdf2.ts'
import { isBearable, readAnyPhc, unpadded } from './phc.ts'
import { phpass } from './phpass.ts'
import {
  saltedMd5Prefix,
  saltedMd5Suffix,
  saltedSha1Prefix,
  saltedSha1Suffix,
  saltedSha256Prefix,
  saltedSha256Suffix,
  saltedSha512Prefix,
  saltedSha512Suffix,
} from './salted-digest.ts'
import { firebaseScrypt, scrypt } from './scrypt.ts'
import { md5Crypt, sha256Crypt, sha512Crypt } from './unix-crypt.ts'

const argon2 = (kind: Argon2Kind): HashFormat => ({
  pattern: new RegExp(`^(\\$${kind}\\$.*)$`),
  read(text = '') {
    const hash = readAnyPhc(text)
    if (hash === undefined) return nothing
    if (!isBearable(hash)) return 'too_costly'
    const { tag, ...job } = hash
    return {
      tag,
      isFast: false,
      derive: (password, compute) => compute({ ...job, password, tagBytes: tag.length }),
    }
  },
})

/** A text that begins like a hash and is none: it matches no password. */
const nothing: KeptHash = { tag: new Uint8Array(0), isFast: false, derive: () => new Uint8Array(1) }

/**
 * argon2id over what a fast hash gives: `$wrapped$m=19456,t=2,p=1$salt$tag` and the fast hash without its tag. Whoever
 * steals the database tries guesses at the price of argon2id.
 */
const wrapped: HashFormat = {
  pattern: /^\$wrapped(\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+)(\$[^w].*\$)$/,
  read(outerText = '', innerText = '') {
    const outer = argon2('argon2id').read(`$argon2id$v=19${outerText}`)
    const inner = readHash(innerText)
    if (outer === 'too_costly' || inner === 'too_costly') return 'too_costly'
    if (inner === undefined) return nothing
    return {
      tag: outer.tag,
      isFast: false,
      derive: (password, compute) => outer.derive(unpadded(inner.derive(password, compute)), compute),
    }
  },
}

export const formats = {
  argon2id: argon2('argon2id'),
  argon2i: argon2('argon2i'),
  argon2d: argon2('argon2d'),
  bcrypt,
  scrypt,
  'firebase-scrypt': firebaseScrypt,
  'pbkdf2-sha1': pbkdf2Sha1,
  'pbkdf2-sha256': pbkdf2Sha256,
  'pbkdf2-sha512': pbkdf2Sha512,
  'sha256-crypt': sha256Crypt,
  'sha512-crypt': sha512Crypt,
  'md5-crypt': md5Crypt,
  phpass,
  'salted-md5-prefix': saltedMd5Prefix,
  'salted-md5-suffix': saltedMd5Suffix,
  'salted-sha1-prefix': saltedSha1Prefix,
  'salted-sha1-suffix': saltedSha1Suffix,
  'salted-sha256-prefix': saltedSha256Prefix,
  'salted-sha256-suffix': saltedSha256Suffix,
  'salted-sha512-prefix': saltedSha512Prefix,
  'salted-sha512-suffix': saltedSha512Suffix,
  wrapped,
} as const satisfies Record<string, HashFormat>

/** Undefined for what is no hash that we know; `too_costly` for one whose comparison we refuse to compute. */
export function readHash(text: string): KeptHash | 'too_costly' | undefined {
  for (const { pattern, read } of Object.values(formats)) {
    const groups = pattern.exec(text)
    if (groups !== null) return read(...groups.slice(1))
  }
  return undefined
}
