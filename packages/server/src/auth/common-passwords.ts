// The passwords that everybody tries first, read from data/ when somebody chooses one for the first time.
import { readFileSync } from 'node:fs'

let known: ReadonlySet<string> | undefined

function list(): ReadonlySet<string> {
  // From src/auth and from dist/auth it is the same way.
  known ??= new Set(
    readFileSync(new URL('../../passwords/common-passwords.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter(Boolean),
  )
  return known
}

/** Whether a password, in its canonical form, is a common one, or one with digits and signs after it. */
export function isCommonPassword(canonical: string): boolean {
  return list().has(canonical) || list().has(canonical.replace(/[^\p{L}]{1,6}$/u, ''))
}
