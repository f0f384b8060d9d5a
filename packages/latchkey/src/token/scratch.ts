// One buffer that signing inputs are written to, so that a check allocates nothing. Safe because whoever uses it
// does so from beginning to end without awaiting and without calling the caller's code in between.

/** Room in front of the text for the longest HMAC block (RFC 2104: 128 bytes for SHA-384 and SHA-512). */
export const textAt = 128

const usualTextBytes = 16_384
const buffer = Buffer.allocUnsafeSlow(textAt + usualTextBytes)

/** The buffer, with room for `textBytes` of text. Larger ones are not kept. */
export function scratchFor(textBytes: number): Buffer {
  return textBytes <= usualTextBytes ? buffer : Buffer.allocUnsafeSlow(textAt + textBytes)
}

/** A stretch of the buffer, made again only when it moves: tokens of one issuer are of one length, mostly. */
export class ScratchView {
  #view = buffer
  #start = 0
  #end = buffer.length

  of(scratch: Buffer, start: number, end: number): Buffer {
    // A view of a larger one would keep it alive.
    if (scratch !== buffer) return scratch.subarray(start, end)
    if (start !== this.#start || end !== this.#end) {
      this.#view = buffer.subarray(start, end)
      this.#start = start
      this.#end = end
    }
    return this.#view
  }
}
