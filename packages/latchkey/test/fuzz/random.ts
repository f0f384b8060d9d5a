// Randomness that can be had again: the same seed and the same number of the case give the same case.

/** One case's source of choices (the mulberry32 generator). */
export class Random {
  #state: number

  constructor(seed: number, caseNumber: number) {
    // Two multiplications by odd constants, so that neighbouring cases share nothing.
    this.#state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(caseNumber + 1, 0xc2b2ae35)) >>> 0
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0
  }

  of<Item>(items: readonly Item[]): Item {
    // The lists of the fuzzer are never empty.
    return items[this.below(items.length)] as Item
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)))
  }
}
