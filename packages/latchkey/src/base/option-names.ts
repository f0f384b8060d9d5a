// Unknown options are programmer's mistakes: the near name is suggested, so that a misspelled check is never
// silently left out.

/** Throws a TypeError for the first option that `caller` does not know. */
export function refuseUnknownOptions(caller: string, options: unknown, known: readonly string[]): void {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw new TypeError(`${caller}: the options must be an object`)
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const near = nearestName(name, known)
    const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean '${near}'?`
    throw new TypeError(`${caller}: there is no option '${name.slice(0, 64)}'; ${hint}`)
  }
}

/** The known name that is an edit or two away, or begins so (`aud`, `exp`), without looking at case. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > 64) return undefined
  const begun = known.find(candidate => candidate.toLowerCase().startsWith(name.toLowerCase()))
  if (begun !== undefined && name.length > 2) return begun
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance <= Math.max(1, Math.floor(candidate.length / 3)) && distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
