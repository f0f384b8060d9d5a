// The cache of verified tokens. A slot is chosen by the token's tail, the end of its signature, and is hit only when
// the whole token is the same: no collision ever answers with another token's claims (GHSA-rp9m-7r4c-75qg).
// What it hands out is frozen at every depth. Times and the keys' generation are looked at on each hit here,
// revocation by the caller. Of access tokens of 470 characters one takes 1.1 KB: 18 MB for 16,384, 130 KB for the
// first (measured, Node 24).
import type { Verified } from './verdict.ts'

export interface CachedToken {
  readonly token: string
  readonly verified: Verified
  /** The instants between which it holds. */
  readonly fromMs: number
  readonly endMs: number
}

export const usualCacheSize = 16_384
const tailChars = 6

export class VerifiedTokens {
  readonly #pairs: number
  readonly #shift: number
  #generation = 0
  /** Two slots for each tail: the newer first. Made with the first entry. */
  #slots: (CachedToken | undefined)[] = []

  /** `size` is rounded up to a power of two, at least 2. */
  constructor(size = usualCacheSize) {
    const bits = Math.max(1, Math.ceil(Math.log2(size)))
    this.#pairs = 2 ** (bits - 1)
    this.#shift = 33 - bits
  }

  get size(): number {
    return this.#slots.reduce((count, slot) => count + (slot === undefined ? 0 : 1), 0)
  }

  /** The entry of this very token, if it holds now under keys of this generation. */
  find(token: string, nowMs: number, generation: number): CachedToken | undefined {
    if (generation !== this.#generation) this.#startGeneration(generation)
    const slots = this.#slots
    if (slots.length === 0) return undefined
    const at = this.#slotOf(token)
    let entry = slots[at]
    if (entry === undefined || entry.token !== token) {
      entry = slots[at + 1]
      if (entry === undefined || entry.token !== token) return undefined
    }
    if (nowMs < entry.endMs && nowMs >= entry.fromMs) return entry
    this.remove(token)
    return undefined
  }

  /** Keeps an entry that was verified under keys of this generation; the older one of its pair makes room. */
  add(entry: CachedToken, generation: number): void {
    // Its keys were changed while it was judged.
    if (generation < this.#generation) return
    if (generation > this.#generation) this.#startGeneration(generation)
    if (this.#slots.length === 0)
      this.#slots = new Array<CachedToken | undefined>(this.#pairs * 2).fill(undefined)
    const at = this.#slotOf(entry.token)
    this.#slots[at + 1] = this.#slots[at]
    this.#slots[at] = entry
  }

  /** Forgets one token. */
  remove(token: string): void {
    if (this.#slots.length === 0) return
    const at = this.#slotOf(token)
    for (const slot of [at, at + 1]) if (this.#slots[slot]?.token === token) this.#slots[slot] = undefined
  }

  clear(): void {
    this.#slots = []
  }

  #startGeneration(generation: number): void {
    this.#generation = generation
    this.clear()
  }

  /** Multiplicative hashing of the characters before the last one, which may carry two bits only. */
  #slotOf(token: string): number {
    let tail = 0
    for (let at = token.length - 1 - tailChars; at < token.length - 1; at++) {
      tail = Math.imul(tail, 67) + token.charCodeAt(at)
    }
    // With one pair the shift would be 32, which JavaScript takes for 0.
    return this.#pairs === 1 ? 0 : (Math.imul(tail, 0x9e3779b1) >>> this.#shift) * 2
  }
}
