// The text that an argon2 hash is kept in: `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`, salt and tag in base64 without
// padding (the PHC string format, as the reference program of RFC 9106 writes it).
import type { Argon2Kind } from './argon2.ts'

export interface Argon2Hash {
  /** argon2id where nothing is said. */
  kind?: Argon2Kind
  memoryKiB: number
  passes: number
  lanes: number
  salt: Uint8Array
  tag: Uint8Array
}

export function writePhc({ kind = 'argon2id', memoryKiB, passes, lanes, salt, tag }: Argon2Hash): string {
  return `$${kind}$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(tag)}`
}

const phc =
  /^\$(argon2id|argon2i|argon2d)\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

/** Undefined for what is no argon2 string of version 19, or asks for more memory or time than we would spend. */
export function readPhc(text: string): Argon2Hash | undefined {
  const hash = readAnyPhc(text)
  return hash !== undefined && isBearable(hash) ? hash : undefined
}

/** An argon2 string of version 19, whatever it costs. */
export function readAnyPhc(text: string): Argon2Hash | undefined {
  const [, kind, memory, passes, lanes, salt, tag] = phc.exec(text) ?? []
  if (kind === undefined || salt === undefined || tag === undefined) return undefined
  return {
    // The pattern has these three names alone.
    kind: kind as Argon2Kind,
    memoryKiB: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

const maxMemoryKiB = 262_144
const maxPasses = 16
const maxLanes = 16
/** About a second of one core. */
const maxFilledKiB = 1_048_576

export function isBearable({ memoryKiB, passes, lanes }: Omit<Argon2Hash, 'salt' | 'tag'>): boolean {
  const isSmall = memoryKiB <= maxMemoryKiB && passes <= maxPasses && lanes <= maxLanes
  // RFC 9106 3.1: at least one pass, one lane, and eight blocks of 1 KiB for each lane.
  const isPossible = passes > 0 && lanes > 0 && memoryKiB >= 8 * lanes
  return isSmall && isPossible && memoryKiB * passes <= maxFilledKiB
}

/** Base64 without padding. */
export function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
