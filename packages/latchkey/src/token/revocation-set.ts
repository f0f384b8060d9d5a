// What is revoked, in memory: ids and when each may be forgotten. Open addressing in typed arrays: 20 bytes a place,
// and a look-up that allocates nothing. Ids are ours, 128 bits in base64url; others are few and lie in a Map.

const idLength = 22
const wordsOfId = 4
const leastPlaces = 1024
const fullest = 0.75

/** The value of each base64url character (RFC 4648 5), 255 for every other. */
const sixBitsOf = new Uint8Array(128).fill(255)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
for (let i = 0; i < alphabet.length; i++) sixBitsOf[alphabet.charCodeAt(i)] = i

/** A set of revoked ids. Instants are seconds since 1970. */
export class RevocationSet {
  #words = new Uint32Array(leastPlaces * wordsOfId)
  /** When the entry at a place is over; 0 where there is none. */
  #ends = new Uint32Array(leastPlaces)
  #count = 0
  readonly #others = new Map<string, number>()
  readonly #scratch = new Uint32Array(wordsOfId)

  get size(): number {
    return this.#count + this.#others.size
  }

  has(id: string): boolean {
    if (!pack(id, this.#scratch)) return this.#others.size > 0 && this.#others.has(id)
    return this.#ends[this.#placeOf(this.#scratch)] !== 0
  }

  /** Adds an id, or keeps it longer. Whether that was news. */
  add(id: string, expiresAt: number): boolean {
    if (!pack(id, this.#scratch)) {
      if ((this.#others.get(id) ?? 0) >= expiresAt) return false
      this.#others.set(id, expiresAt)
      return true
    }
    let place = this.#placeOf(this.#scratch)
    const known = this.#ends[place] ?? 0
    if (known >= expiresAt) return false
    if (known === 0) {
      if (this.#count >= this.#ends.length * fullest) {
        this.#rebuild(this.#ends.length * 2, 0)
        pack(id, this.#scratch)
        place = this.#placeOf(this.#scratch)
      }
      this.#words.set(this.#scratch, place * wordsOfId)
      this.#count += 1
    }
    this.#ends[place] = Math.min(expiresAt, 0xffff_ffff)
    return true
  }

  /** Forgets what is over, and gives memory back when little is left. */
  forget(now: number): void {
    for (const [id, expiresAt] of this.#others) if (expiresAt <= now) this.#others.delete(id)
    let left = 0
    for (const end of this.#ends) if (end > now) left += 1
    if (left === this.#count) return
    let places = leastPlaces
    while (left >= places * fullest) places *= 2
    this.#rebuild(places, now)
  }

  *entries(): IterableIterator<[id: string, expiresAt: number]> {
    // A set that grows meanwhile has other arrays: these stay as they were.
    const [words, ends] = [this.#words, this.#ends]
    for (let place = 0; place < ends.length; place++) {
      const end = ends[place] ?? 0
      if (end !== 0) yield [unpack(words, place * wordsOfId), end]
    }
    yield* this.#others
  }

  /** The place of a packed id, or the free one where it would go. There is always a free one. */
  #placeOf(packed: Uint32Array): number {
    const [words, ends] = [this.#words, this.#ends]
    const mask = ends.length - 1
    const [a = 0, b = 0, c = 0, d = 0] = packed
    let place = mixed(a, b, c, d) & mask
    for (; ends[place] !== 0; place = (place + 1) & mask) {
      const at = place * wordsOfId
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return place
    }
    return place
  }

  #rebuild(places: number, now: number): void {
    const [words, ends] = [this.#words, this.#ends]
    this.#words = new Uint32Array(places * wordsOfId)
    this.#ends = new Uint32Array(places)
    this.#count = 0
    for (let old = 0; old < ends.length; old++) {
      const end = ends[old] ?? 0
      if (end <= now) continue
      const packed = words.subarray(old * wordsOfId, (old + 1) * wordsOfId)
      const place = this.#placeOf(packed)
      this.#words.set(packed, place * wordsOfId)
      this.#ends[place] = end
      this.#count += 1
    }
  }
}

/** The finalizer of MurmurHash3 over the four words: ids begin with the time, so each bit has to count. */
function mixed(a: number, b: number, c: number, d: number): number {
  let h = a ^ Math.imul(b, 0x9e3779b1) ^ Math.imul(c, 0x85ebca77) ^ Math.imul(d, 0xc2b2ae3d)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * Packs the 22 characters of 128 bits, each spelling to its own four words: five characters a word, and the last two
 * in the words' upper bits. False for any other text.
 */
function pack(id: string, into: Uint32Array): boolean {
  if (id.length !== idLength) return false
  let all = 0
  for (let word = 0; word < wordsOfId; word++) {
    let value = 0
    for (let i = word * 5; i < word * 5 + 5; i++) {
      const six = sixBitsOf[id.charCodeAt(i)] ?? 255
      all |= six
      value = (value << 6) | six
    }
    into[word] = value & 0x3fff_ffff
  }
  const [first, last] = [sixBitsOf[id.charCodeAt(20)] ?? 255, sixBitsOf[id.charCodeAt(21)] ?? 255]
  // The last character has two bits of the 128; a spelling with others set is not one of ours.
  if ((all | first | last) > 63 || (last & 15) !== 0) return false
  const rest = (first << 2) | (last >> 4)
  for (let word = 0; word < wordsOfId; word++)
    into[word] = ((into[word] ?? 0) | (((rest >> (word * 2)) & 3) << 30)) >>> 0
  return true
}

function unpack(words: Uint32Array, at: number): string {
  let text = ''
  let rest = 0
  for (let word = 0; word < wordsOfId; word++) {
    const value = words[at + word] ?? 0
    for (let shift = 24; shift >= 0; shift -= 6) text += alphabet[(value >>> shift) & 63]
    rest |= (value >>> 30) << (word * 2)
  }
  return text + (alphabet[rest >> 2] ?? '') + (alphabet[(rest & 3) << 4] ?? '')
}
