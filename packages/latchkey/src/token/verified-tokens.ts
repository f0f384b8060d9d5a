// The cache of verified tokens. A set of slots is chosen by the token's tail, the end of its signature, and a slot is
// hit only when the whole token is the same: no collision ever answers with another token's claims
// (GHSA-rp9m-7r4c-75qg). What it hands out is frozen at every depth. Times and the keys' generation are looked at on
// each hit here, revocation by the caller. Of access tokens of 470 characters one takes 1.1 KB: 18 MB for 16,384,
// 200 KB for the first (measured, Node 24).
import type { SignedToken, Verified } from './verdict.ts'

/** What is known of a token, and the instants between which it is. */
export interface KnownToken {
  readonly token: string
  readonly fromMs: number
  readonly endMs: number
}

export interface CachedToken extends KnownToken {
  readonly verified: Verified
  /** What revocation is asked about: what was signed, whatever a schema made of it. */
  readonly asked: SignedToken
}

export const usualCacheSize = 16_384
const tailChars = 6
/** Of a set: with fewer, a working set of two thirds of the size would keep pushing itself out. */
const mostWays = 16

export class VerifiedTokens<Entry extends KnownToken = CachedToken> {
  readonly #ways: number
  readonly #shift: number
  readonly #length: number
  #generation = 0
  /** Made with the first entry. */
  #slots: (Entry | undefined)[] = []
  /** Each slot's tail: the tokens of one issuer begin alike, so comparing them whole costs more than this. */
  #tails = new Int32Array()
  /** Each set's slot that is filled next. */
  #turns = new Uint8Array()

  /** `size` is rounded up to a power of two, at least 2. */
  constructor(size = usualCacheSize) {
    const bits = Math.max(1, Math.ceil(Math.log2(size)))
    this.#length = 2 ** bits
    this.#ways = Math.min(mostWays, this.#length)
    this.#shift = 32 - bits + Math.log2(this.#ways)
  }

  get size(): number {
    return this.#slots.reduce((count, slot) => count + (slot === undefined ? 0 : 1), 0)
  }

  /** The entry of this very token, if it holds now under keys of this generation. */
  find(token: string, nowMs: number, generation: number): Entry | undefined {
    if (generation !== this.#generation) this.#startGeneration(generation)
    if (this.#slots.length === 0) return undefined
    const at = this.#slotOf(token)
    if (at < 0) return undefined
    const entry = this.#slots[at]
    if (entry !== undefined && nowMs < entry.endMs && nowMs >= entry.fromMs) return entry
    this.#slots[at] = undefined
    return undefined
  }

  /** Keeps an entry that was verified under keys of this generation; the oldest one of its set makes room. */
  add(entry: Entry, generation: number): void {
    // Its keys were changed while it was judged.
    if (generation < this.#generation) return
    if (generation > this.#generation) this.#startGeneration(generation)
    if (this.#slots.length === 0) this.#makeRoom()
    const tail = tailOf(entry.token)
    const set = this.#setOf(tail)
    const turn = this.#turns[set] ?? 0
    const at = set * this.#ways + turn
    this.#turns[set] = (turn + 1) % this.#ways
    this.#slots[at] = entry
    this.#tails[at] = tail
  }

  /** Forgets one token. */
  remove(token: string): void {
    if (this.#slots.length === 0) return
    for (let at = this.#slotOf(token); at >= 0; at = this.#slotOf(token)) this.#slots[at] = undefined
  }

  clear(): void {
    this.#slots = []
  }

  #startGeneration(generation: number): void {
    this.#generation = generation
    this.clear()
  }

  #makeRoom(): void {
    this.#slots = new Array<Entry | undefined>(this.#length).fill(undefined)
    this.#tails = new Int32Array(this.#length)
    this.#turns = new Uint8Array(this.#length / this.#ways)
  }

  /** Where this very token stands; -1 when it does not. */
  #slotOf(token: string): number {
    const tail = tailOf(token)
    const first = this.#setOf(tail) * this.#ways
    for (let at = first; at < first + this.#ways; at++) {
      if (this.#tails[at] === tail && this.#slots[at]?.token === token) return at
    }
    return -1
  }

  /** Multiplicative hashing. With one set the shift would be 32, which JavaScript takes for 0. */
  #setOf(tail: number): number {
    return this.#shift === 32 ? 0 : Math.imul(tail, 0x9e3779b1) >>> this.#shift
  }
}

/** A number of the characters before the last one, which may carry two bits only. */
function tailOf(token: string): number {
  let tail = 0
  for (let at = token.length - 1 - tailChars; at < token.length - 1; at++) {
    tail = Math.imul(tail, 67) + token.charCodeAt(at)
  }
  return tail | 0
}
