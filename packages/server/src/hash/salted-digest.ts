// One round of a digest over a salt and a password, in either order: how passwords should never have been kept.
import { createHash } from 'node:crypto'
import type { HashFormat } from './kept-hash.ts'

export type SaltedDigest = 'md5' | 'sha1' | 'sha256' | 'sha512'

/** Where the salt stands: before the password, or behind it. */
export type SaltPlace = 'prefix' | 'suffix'

const inputs: Record<SaltPlace, (salt: Buffer, password: string) => Buffer> = {
  prefix: (salt, password) => Buffer.concat([salt, Buffer.from(password)]),
  suffix: (salt, password) => Buffer.concat([Buffer.from(password), salt]),
}

/** `$salted-sha1$prefix$salt$tag` in base64 without padding; the salt may be empty. */
const salted = (digest: SaltedDigest, place: SaltPlace): HashFormat => ({
  pattern: new RegExp(`^\\$salted-${digest}\\$${place}\\$([A-Za-z0-9+/]{0,344})\\$([A-Za-z0-9+/]{0,86})$`),
  read: (salt = '', tag = '') => ({
    tag: Buffer.from(tag, 'base64'),
    isFast: true,
    derive: password =>
      createHash(digest)
        .update(inputs[place](Buffer.from(salt, 'base64'), password))
        .digest(),
  }),
})

export const saltedMd5Prefix = salted('md5', 'prefix')
export const saltedMd5Suffix = salted('md5', 'suffix')
export const saltedSha1Prefix = salted('sha1', 'prefix')
export const saltedSha1Suffix = salted('sha1', 'suffix')
export const saltedSha256Prefix = salted('sha256', 'prefix')
export const saltedSha256Suffix = salted('sha256', 'suffix')
export const saltedSha512Prefix = salted('sha512', 'prefix')
export const saltedSha512Suffix = salted('sha512', 'suffix')
