// Many texts in one buffer, handed out in turn as strings that nobody has seen before: as a server's HTTP parser
// hands out a header. Cutting one out costs 0.1 µs, which is part of every figure.

export class TokenTexts {
  #bytes
  #ends
  #next = 0

  /** @param {string[]} texts ASCII */
  constructor(texts) {
    this.#bytes = Buffer.from(texts.join(''), 'latin1')
    let end = 0
    this.#ends = texts.map(text => {
      end += text.length
      return end
    })
  }

  /** The next text, as a fresh string. */
  take() {
    const at = this.#next
    this.#next = at + 1 === this.#ends.length ? 0 : at + 1
    return this.#bytes.latin1Slice(at === 0 ? 0 : this.#ends[at - 1], this.#ends[at])
  }

  get size() {
    return this.#ends.length
  }
}
