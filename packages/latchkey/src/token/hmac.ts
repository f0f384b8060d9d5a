// HMAC (RFC 2104) as two one-shot hashes. `crypto.hash` on a buffer that already holds the padded key costs half of
// what createHmac does, and text as its result half of what a Buffer does.
import { hash, timingSafeEqual } from 'node:crypto'
import type { Key } from '../keys/key.ts'
import { materialOf } from '../keys/key.ts'
import { ScratchView, textAt } from './scratch.ts'

/** A key's two padded blocks, and what its codes are compared in. */
export interface HmacState {
  readonly hash: string
  readonly blockBytes: number
  readonly innerPad: Uint8Array
  /** The outer block, with room for the inner digest behind it. */
  readonly outer: Buffer
  readonly codeChars: number
  readonly expected: Buffer
  /** Where the padded text stands in the scratch, and where the code that was given. */
  readonly input: ScratchView
  readonly given: ScratchView
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
    input: new ScratchView(),
    given: new ScratchView(),
  }
  states.set(key, state)
  return state
}

/** The code of `textBytes` bytes that stand in `scratch` at `textAt`, as base64url text. */
export function hmacOfScratch(state: HmacState, scratch: Buffer, textBytes: number): string {
  const start = textAt - state.blockBytes
  scratch.set(state.innerPad, start)
  const inner = hash(state.hash, state.input.of(scratch, start, textAt + textBytes), 'binary')
  state.outer.write(inner, state.blockBytes, 'latin1')
  return hash(state.hash, state.outer, 'base64url')
}

/**
 * Whether the text in `scratch` has its code behind it, after a dot. The caller has seen that the code is of the right
 * length. Compared as text: base64url has one spelling of a code, so other spellings fail too. In constant time
 * (RFC 7518 3.2).
 */
export function hasItsCode(state: HmacState, scratch: Buffer, textBytes: number): boolean {
  const at = textAt + textBytes + 1
  state.expected.write(hmacOfScratch(state, scratch, textBytes), 0, 'latin1')
  return timingSafeEqual(state.expected, state.given.of(scratch, at, at + state.codeChars))
}
