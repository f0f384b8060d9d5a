// How strong a password is, said while it is typed. An estimate that errs low; what is refused is decided by the server.

const bitsOf = { weak: 53, fair: 80 }

for (const meterLine of document.querySelectorAll<HTMLElement>('[data-strength]')) {
  const input = meterLine.parentElement?.querySelector('input')
  const meter = meterLine.querySelector('meter')
  const words = meterLine.querySelector('span')
  if (!input || !meter || !words) continue
  const names = meterLine.dataset['strength']?.split('|') ?? []
  input.addEventListener('input', () => {
    const level = levelOf(input.value, Number(meterLine.dataset['least']))
    meterLine.hidden = input.value === ''
    meter.value = level
    words.textContent = names[level] ?? ''
  })
}

/** 0 too short, 1 weak, 2 fair, 3 strong. */
function levelOf(password: string, least: number): number {
  if ([...password].length < least) return 0
  const bits = bitsIn(password)
  return bits < bitsOf.weak ? 1 : bits < bitsOf.fair ? 2 : 3
}

/** A character that repeats or follows its neighbour adds little; kinds of characters add less than people think. */
function bitsIn(password: string): number {
  const codes = [...password.toLowerCase()].map(character => character.codePointAt(0) ?? 0)
  const distinct = new Set(codes).size
  const surprising = codes.filter((code, i) => i === 0 || Math.abs(code - (codes[i - 1] ?? 0)) > 1).length
  const kinds = [/\p{L}/u, /\d/, /[^\p{L}\d]/u].filter(kind => kind.test(password)).length
  return Math.min(surprising + (codes.length - surprising) / 4, distinct * 2) * (4 + kinds / 2)
}
