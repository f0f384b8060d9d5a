// The keys derived from the master key, one for each use, and wrapping of secrets at rest.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { LatchkeyError } from 'latchkey'

export interface MasterKey {
  /** Which master key this is, as rows remember it. */
  version: number
  /** Whether others know it: then nothing it derived or wrapped counts any more. */
  isCompromised: boolean
  /** A key that is still accepted and derives nothing new. */
  previous: MasterKey | undefined
  /** Recognises the key without telling anything about it. */
  check: Uint8Array
  /** Marks refresh tokens as ours, so that junk costs no read. */
  refreshMark: KeyObject
  /** Under every refresh token's MAC, with the session's salt. */
  refresh: KeyObject
  /** Under the MAC of the handles by which pages know their session. */
  page: KeyObject
  /** Under the MAC of one-time tokens. */
  oneTime: KeyObject
  /** Under the kept hash of API keys' secrets. */
  apiKey: KeyObject
  /** Under the places of the table of attempts. */
  throttle: KeyObject
  /** Under the MAC of what tells a device that logged in before. */
  device: KeyObject
  wrapping: KeyObject
}

/** Derives each use's key by HKDF-SHA-256 (RFC 5869). Done once a process. */
export function deriveMasterKey(bytes: Uint8Array, version = 1): MasterKey {
  const derive = (use: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', bytes, '', `latchkey ${use} v1`, 32)))
  return {
    version,
    isCompromised: false,
    previous: undefined,
    check: createHmac('sha256', derive('check')).update('latchkey master key').digest(),
    refreshMark: derive('refresh mark'),
    refresh: derive('refresh'),
    page: derive('page'),
    oneTime: derive('one-time'),
    apiKey: derive('api key'),
    throttle: derive('throttle'),
    device: derive('device'),
    wrapping: derive('wrapping'),
  }
}

/** The accepted key that rows and tokens of a version name; undefined when it is not configured, or compromised. */
export function masterKeyOf(master: MasterKey, version: number): MasterKey | undefined {
  if (version === master.version) return master
  const { previous } = master
  return previous?.version === version && !previous.isCompromised ? previous : undefined
}

const ivBytes = 12
const tagBytes = 16

/** Encrypts a secret with AES-256-GCM; it opens only under the same `name`. Shape: iv, ciphertext, tag. */
export function wrapSecret(master: MasterKey, name: string, secret: string): Uint8Array {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', master.wrapping, iv).setAAD(Buffer.from(name))
  return Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Decrypts what `wrapSecret` made. Throws `internal_error` when the key, the name or a byte differs. */
export function unwrapSecret(master: MasterKey, name: string, wrapped: Uint8Array): string {
  try {
    const bytes = Buffer.from(wrapped)
    const decipher = createDecipheriv('aes-256-gcm', master.wrapping, bytes.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(-tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString(
      'utf8',
    )
  } catch (cause) {
    throw new LatchkeyError('internal_error', { detail: `the secret of ${name} does not open`, cause })
  }
}
