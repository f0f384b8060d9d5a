// Content negotiation, as far as one route needs it.

/** Whether a caller asks for text/plain more than for JSON (RFC 9110 12.5.1). Wildcards ask for neither. */
export function prefersPlainText(accept: string | null): boolean {
  let plain = 0
  let json = 0
  for (const part of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = part.split(';').map(piece => piece.trim().toLowerCase())
    if (type === 'text/plain') plain = Math.max(plain, weightOf(parameters))
    if (type === 'application/json') json = Math.max(json, weightOf(parameters))
  }
  return plain > json
}

function weightOf(parameters: readonly string[]): number {
  const weight = parameters.find(parameter => /^q\s*=/.test(parameter))
  if (weight === undefined) return 1
  const value = Number(weight.split('=')[1]?.trim())
  return value >= 0 && value <= 1 ? value : 0
}
