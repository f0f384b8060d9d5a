// The one source of randomness: the operating system's generator.
import { randomBytes } from 'node:crypto'

/** `bytes` random bytes as base64url text. 16 bytes are what a token id needs (RFC 7519 4.1.7). */
export function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}

/** A random unsigned integer of 32 bits: a seed that an attacker cannot know. */
export function randomSeed(): number {
  return randomBytes(4).readUInt32LE(0)
}
