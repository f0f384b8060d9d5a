// What a username may be, and the one form that all its spellings share.
import type { Username } from './context.ts'

const allowed = /^[\p{L}\p{M}\p{Nd}._-]+$/u

/** A name in its kept and its canonical form; undefined when it is none: 3–64 letters, digits, `._-`. */
export function readUsername(text: string): Username | undefined {
  const username = text.trim().normalize('NFKC')
  const length = [...username].length
  if (length < 3 || length > 64 || !allowed.test(username)) return undefined
  return { username, canonicalName: canonicalName(username) }
}

/** Two names are the same user when these are equal: NFKC, then case folded letter by letter. */
export function canonicalName(text: string): string {
  const folded = [...text.trim().normalize('NFKC').toUpperCase()].map(letter => letter.toLowerCase())
  return folded.join('').normalize('NFKC')
}
