// Ids that are revoked, each until the last token it could concern is dead. Open addressing over one typed array, so
// that a million entries cost tens of bytes each and a check touches one line of memory. No clock, no input, no output.
import { randomSeed } from '../base/random.ts'

const idLength = 22
const smallest = 1 << 10
/** Words of a slot: four of the id, then its expiry; no expiry means that the slot is empty. */
const slotWords = 5
const expiryWord = 4
const fullest = 0.7
const emptiest = 0.15

/** The alphabet of base64url (RFC 4648 5), and what each letter stands for. */
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const sextets = new Int8Array(128).fill(-1)
for (let i = 0; i < letters.length; i++) sextets[letters.charCodeAt(i)] = i

/** The id that is being looked at, as four words: variables, because an array would be a detour in every check. */
let a = 0
let b = 0
let c = 0
let d = 0

/** What a letter of base64url stands for; negative for every other one. */
function sextetAt(id: string, at: number): number {
  return sextets[id.charCodeAt(at)] ?? -1
}

/** Five letters as 30 bits; negative when one is no letter of base64url. */
function fiveLetters(id: string, at: number): number {
  const first = sextetAt(id, at)
  const second = sextetAt(id, at + 1)
  const third = sextetAt(id, at + 2)
  const fourth = sextetAt(id, at + 3)
  const fifth = sextetAt(id, at + 4)
  if ((first | second | third | fourth | fifth) < 0) return -1
  return (first << 24) | (second << 18) | (third << 12) | (fourth << 6) | fifth
}

/** Spreads an id of 128 bits over the four words, each id differently; false for every other spelling. */
function readId(id: string): boolean {
  if (id.length !== idLength) return false
  a = fiveLetters(id, 0)
  b = fiveLetters(id, 5)
  c = fiveLetters(id, 10)
  d = fiveLetters(id, 15)
  const high = sextetAt(id, 20)
  const low = sextetAt(id, 21)
  // 22 letters have room for four bits more than an id: those are zero in the one spelling that we write.
  if ((a | b | c | d | high | low) < 0 || (low & 15) !== 0) return false
  a = (a | ((high >> 4) << 30)) >>> 0
  b = (b | (((high >> 2) & 3) << 30)) >>> 0
  c = (c | ((high & 3) << 30)) >>> 0
  d = (d | ((low >> 4) << 30)) >>> 0
  return true
}

/** The id that four words of a table stand for. */
function textOf(words: Uint32Array, at: number): string {
  let text = ''
  let rest = 0
  for (let i = 0; i < 4; i++) {
    const bits = words[at + i] ?? 0
    for (let shift = 24; shift >= 0; shift -= 6) text += letters[(bits >> shift) & 63]
    rest = (rest << 2) | (bits >>> 30)
  }
  return text + letters[rest >> 2] + letters[(rest & 3) << 4]
}

/**
 * A set of revoked ids, each with the second until which it counts. Ids of 128 bits in base64url lie in the table;
 * other spellings (key ids) are few and lie in a map. `seed` makes where an id lands unknown to whoever chooses ids.
 */
export class RevocationSet {
  #words = new Uint32Array(smallest * slotWords)
  #mask = smallest - 1
  #count = 0
  #hand = 0
  readonly #seed: number
  readonly #others = new Map<string, number>()

  constructor(seed: number = randomSeed()) {
    this.#seed = seed
  }

  get size(): number {
    return this.#count + this.#others.size
  }

  /** Whether an id was added and not forgotten. */
  has(id: string): boolean {
    return readId(id) ? this.#words[this.#find() + expiryWord] !== 0 : this.#others.has(id)
  }

  /**
   * Remembers an id until `expiresAt`, in whole seconds; of two instants the later one counts. Whether that was news. Throws a
   * TypeError for an instant that is no number.
   */
  add(id: string, expiresAt: number): boolean {
    // What is no number would be in the set for no time at all.
    if (typeof expiresAt !== 'number' || Number.isNaN(expiresAt))
      throw new TypeError('RevocationSet: expiresAt must be a number of seconds')
    if (readId(id)) return this.#add(expiresAt)
    const before = this.#others.get(id) ?? Number.NEGATIVE_INFINITY
    if (expiresAt > before) this.#others.set(id, expiresAt)
    return expiresAt > before
  }

  /**
   * Forgets what expired at `now` or before, in whole seconds, looking at no more than `slots` places of the table:
   * called again and again with few it comes round, and no call takes long.
   */
  forget(now: number, slots: number = Number.POSITIVE_INFINITY): void {
    for (const [id, expiresAt] of this.#others) if (expiresAt <= now) this.#others.delete(id)
    // What moves over the end of the table to its beginning is looked at in the next round: a whole one is two.
    for (let left = Math.min(slots, 2 * (this.#mask + 1)); left > 0; left--) {
      const expiresAt = this.#words[this.#hand * slotWords + expiryWord] ?? 0
      // What moves into the gap is looked at in its turn.
      if (expiresAt !== 0 && expiresAt <= now) this.#remove(this.#hand)
      else this.#hand = (this.#hand + 1) & this.#mask
    }
    while (this.#mask + 1 > smallest && this.#count < (this.#mask + 1) * emptiest)
      this.#resize((this.#mask + 1) / 2)
  }

  /** Every id with its instant, to be read in one go. */
  *entries(): IterableIterator<[id: string, expiresAt: number]> {
    const words = this.#words
    for (let at = 0; at < words.length; at += slotWords) {
      const expiresAt = words[at + expiryWord] ?? 0
      if (expiresAt !== 0) yield [textOf(words, at), expiresAt]
    }
    yield* this.#others
  }

  /** The slot where the id in the four words is, or the empty one where it would be. */
  #find(): number {
    const words = this.#words
    const mask = this.#mask
    for (let slot = this.#homeOf(a, b, c, d); ; slot = (slot + 1) & mask) {
      const at = slot * slotWords
      if (words[at + expiryWord] === 0) return at
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return at
    }
  }

  #homeOf(one: number, two: number, three: number, four: number): number {
    let hash = Math.imul(one ^ this.#seed, 0x9e3779b1)
    hash = Math.imul((hash ^ (hash >>> 15)) + two, 0x85ebca77)
    hash = Math.imul((hash ^ (hash >>> 13)) + three, 0xc2b2ae3d)
    hash = Math.imul((hash ^ (hash >>> 16)) + four, 0x27d4eb2f)
    return (hash ^ (hash >>> 15)) & this.#mask
  }

  #homeAt(at: number): number {
    const words = this.#words
    return this.#homeOf(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0)
  }

  #add(expiresAt: number): boolean {
    const at = this.#find()
    const words = this.#words
    const before = words[at + expiryWord] ?? 0
    // An expiry of nought would be an empty slot.
    const until = Math.min(Math.max(expiresAt, 1), 0xffff_ffff)
    if (until <= before) return false
    words[at + expiryWord] = until
    if (before !== 0) return true
    words[at] = a
    words[at + 1] = b
    words[at + 2] = c
    words[at + 3] = d
    this.#count += 1
    if (this.#count > (this.#mask + 1) * fullest) this.#resize((this.#mask + 1) * 2)
    return true
  }

  #resize(slots: number): void {
    const old = this.#words
    this.#words = new Uint32Array(slots * slotWords)
    this.#mask = slots - 1
    this.#hand = 0
    for (let from = 0; from < old.length; from += slotWords) {
      if (old[from + expiryWord] === 0) continue
      a = old[from] ?? 0
      b = old[from + 1] ?? 0
      c = old[from + 2] ?? 0
      d = old[from + 3] ?? 0
      this.#words.set(old.subarray(from, from + slotWords), this.#find())
    }
  }

  /** Empties a slot and moves up what had to give way to it, so that no search ends too early. */
  #remove(slot: number): void {
    const words = this.#words
    const mask = this.#mask
    this.#count -= 1
    let gap = slot
    for (let next = (slot + 1) & mask; words[next * slotWords + expiryWord] !== 0; next = (next + 1) & mask) {
      const at = next * slotWords
      const staysBehindGap = ((next - this.#homeAt(at)) & mask) < ((next - gap) & mask)
      if (staysBehindGap) continue
      words.copyWithin(gap * slotWords, at, at + slotWords)
      gap = next
    }
    words[gap * slotWords + expiryWord] = 0
  }
}
