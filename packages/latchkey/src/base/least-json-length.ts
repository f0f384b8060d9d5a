// How short a JSON text can be. A text without room for one more member than its value shows repeats no name: most
// tokens are cleared so by looking at their values, and no byte is looked at twice.

/** `"":0` and its comma. */
export const leastMemberLength = 5

/**
 * The length of the shortest JSON text that has this value, or less; -1 when a name is `__proto__`, or for values
 * that nest deeper than `levels`. For values that JSON.parse gave. Lengths are those of JavaScript texts.
 */
export function leastJsonLength(value: object, levels: number): number {
  if (levels === 0) return -1
  // The brackets, and a comma less than there are members.
  let length = 1
  if (Array.isArray(value)) {
    for (const item of value) {
      const inside = leastLengthOf(item, levels)
      if (inside < 0) return -1
      length += inside + 1
    }
    return Math.max(length, 2)
  }
  for (const name in value) {
    if (name === '__proto__') return -1
    // JSON.parse makes own members only.
    const inside = leastLengthOf((value as Record<string, unknown>)[name], levels)
    if (inside < 0) return -1
    length += name.length + inside + 4
  }
  return Math.max(length, 2)
}

function leastLengthOf(value: unknown, levels: number): number {
  // An escape is never shorter than what it stands for.
  if (typeof value === 'string') return value.length + 2
  if (typeof value === 'number') return leastDigits(value)
  if (typeof value === 'object' && value !== null) return leastJsonLength(value, levels - 1)
  return value === false ? 5 : 4
}

/**
 * Whole numbers below 2^53 have no shorter form than their digits unless they end with three zeros (`1e3`). Of others
 * only this much is said: they have a digit.
 */
function leastDigits(value: number): number {
  if (!(value > 0 && value <= Number.MAX_SAFE_INTEGER) || value % 1000 === 0 || value % 1 !== 0) return 1
  // The instants of this age have ten digits.
  let digits = value < 1e9 ? 1 : 10
  for (let bound = value < 1e9 ? 10 : 1e10; value >= bound; bound *= 10) digits++
  return digits
}
