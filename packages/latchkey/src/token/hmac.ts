// HMAC (RFC 2104) as two one-shot hashes. `crypto.hash` on a buffer that already holds the padded key costs half of
// what createHmac does, and text as its result half of what a Buffer does.
import { hash, timingSafeEqual } from 'node:crypto'
import type { Key } from '../keys/key.ts'
import { materialOf } from '../keys/key.ts'
import { textAt } from './scratch.ts'

/** A key's two padded blocks, and the buffers that its codes are compared in. */
export interface HmacState {
  readonly hash: string
  readonly blockBytes: number
  readonly innerPad: Uint8Array
  /** The outer block, with room for the inner digest behind it. */
  readonly outer: Buffer
  readonly codeChars: number
  readonly expected: Buffer
  readonly given: Buffer
}

const states = new WeakMap<Key, HmacState>()

/** Computed once a key. */
export function hmacStateOf(key: Key): HmacState {
  const known = states.get(key)
  if (known !== undefined) return known
  const { row, secret } = materialOf(key)
  if (row.kty !== 'oct' || secret === undefined) throw new TypeError('HMAC needs a secret')
  const { blockBytes, hashBytes } = row
  const block = Buffer.alloc(blockBytes)
  // A secret longer than a block is hashed first (RFC 2104 2).
  block.set(secret.length > blockBytes ? hash(row.hash, secret, 'buffer') : secret)
  const outer = Buffer.alloc(blockBytes + hashBytes)
  outer.set(block.map(byte => byte ^ 0x5c))
  const codeChars = Math.ceil((hashBytes * 4) / 3)
  const state: HmacState = {
    hash: row.hash,
    blockBytes,
    innerPad: Uint8Array.from(block, byte => byte ^ 0x36),
    outer,
    codeChars,
    expected: Buffer.alloc(codeChars),
    given: Buffer.alloc(codeChars),
  }
  states.set(key, state)
  return state
}

/** The code of `textBytes` bytes that stand in `scratch` at `textAt`, as base64url text. */
export function hmacOfScratch(state: HmacState, scratch: Buffer, textBytes: number): string {
  const start = textAt - state.blockBytes
  scratch.set(state.innerPad, start)
  const inner = hash(state.hash, scratch.subarray(start, textAt + textBytes), 'binary')
  state.outer.write(inner, state.blockBytes, 'latin1')
  return hash(state.hash, state.outer, 'base64url')
}

/**
 * Whether `code` is the code. Compared as text: base64url has one spelling of a code, so other spellings fail too.
 * In constant time (RFC 7518 3.2): both texts are copied to buffers of one length.
 */
export function isSameCode(state: HmacState, code: string, expected: string): boolean {
  if (code.length !== state.codeChars) return false
  state.expected.write(expected, 0, 'latin1')
  state.given.write(code, 0, 'latin1')
  return timingSafeEqual(state.expected, state.given)
}
