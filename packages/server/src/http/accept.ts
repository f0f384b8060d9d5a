// Content negotiation, as far as it is needed: the tutorial's bare token, pages for browsers, the reader's language.

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

/** Whether a caller names text/html: browsers do when they go to a page, scripts and tools do not. */
export function acceptsHtml(accept: string | null): boolean {
  return (accept ?? '').split(',').some(part => {
    const [type = '', ...parameters] = part.split(';').map(piece => piece.trim().toLowerCase())
    return type === 'text/html' && weightOf(parameters) > 0
  })
}

/** The locales of Accept-Language, the most wanted first (RFC 9110 12.5.4). */
export function wantedLocales(acceptLanguage: string | null): readonly string[] {
  const wanted = (acceptLanguage ?? '').split(',').map(part => {
    const [locale = '', ...parameters] = part.split(';').map(piece => piece.trim())
    return { locale, weight: weightOf(parameters) }
  })
  const asked = wanted.filter(({ locale, weight }) => locale !== '' && weight > 0)
  return asked.toSorted((a, b) => b.weight - a.weight).map(({ locale }) => locale)
}

function weightOf(parameters: readonly string[]): number {
  const weight = parameters.find(parameter => /^q\s*=/.test(parameter))
  if (weight === undefined) return 1
  const value = Number(weight.split('=')[1]?.trim())
  return value >= 0 && value <= 1 ? value : 0
}
