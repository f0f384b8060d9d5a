// What a kept password hash is, whatever made it.
import type { Argon2 } from './argon2.ts'

export interface KeptHash {
  tag: Uint8Array
  /** What the tag would be for a password. */
  derive(password: string, argon2: Argon2): Uint8Array
  /** A machine tries millions of guesses a second: such a hash is kept only inside an argon2id one. */
  isFast: boolean
}

export interface HashFormat {
  /** Its groups are handed to `read`. A tag may be empty: then the hash matches nothing, and stands inside another. */
  pattern: RegExp
  /** `too_costly`: one comparison would take seconds, or memory that others need. */
  read(...groups: string[]): KeptHash | 'too_costly'
}
