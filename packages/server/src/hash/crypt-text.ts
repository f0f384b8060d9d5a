// The base64 of crypt(3): little-endian groups, its own alphabet, bytes in an order that each algorithm shuffles.

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Three bytes as four characters, the lowest six bits first; fewer bytes give as many as they fill. */
function group(bytes: readonly number[]): string {
  let value = bytes.reduce((sum, byte, i) => sum + byte * 256 ** i, 0)
  let text = ''
  for (let i = 0; i <= bytes.length; i++) {
    text += alphabet[value % 64] ?? ''
    value = Math.floor(value / 64)
  }
  return text
}

/** The bytes of a tag in the given order, three at a time; without an order, as they stand. */
export function cryptText(tag: Uint8Array, order: readonly number[] = [...tag.keys()]): string {
  const groups = Array.from({ length: Math.ceil(order.length / 3) }, (_, i) => order.slice(3 * i, 3 * i + 3))
  return groups.map(places => group(places.map(place => tag[place] ?? 0))).join('')
}

/** What a character of the alphabet stands for. */
export function cryptValue(character: string): number {
  return alphabet.indexOf(character)
}
