// Which passwords are refused when one is chosen. No rule asks for kinds of characters (NIST SP 800-63B-4 3.1.1.2).
import { LatchkeyError } from 'latchkey'
import { countLeaks } from './breached-passwords.ts'
import { isCommonPassword } from './common-passwords.ts'
import type { AuthContext } from './context.ts'
import { canonicalName } from './username.ts'

export const maxPasswordBytes = 1024

/** The form that is hashed: one for all the ways a keyboard may compose a letter. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC')
}

/**
 * Throws `weak_password` with a sentence that says what to change; `overloaded` when leaked passwords are asked for
 * and whoever knows them does not answer.
 */
export async function checkNewPassword(
  context: AuthContext,
  user: { username: string; email: string | undefined },
  password: string,
): Promise<void> {
  const normal = normalisePassword(password)
  const reason = refusalOf(normal, {
    minLength: context.rules.passwordMin,
    words: guessableWords(context, user),
  })
  if (reason !== undefined) throw new LatchkeyError('weak_password', { detail: reason })
  const { breachCheckUrl } = context.rules
  if (breachCheckUrl !== undefined && (await countLeaks(breachCheckUrl, normal)) > 0) {
    throw new LatchkeyError('weak_password', {
      detail: 'That password is among those that leaked from other services. Try a sentence.',
    })
  }
}

/** What others can guess about a user and a service: names, the parts of addresses. */
function guessableWords(
  context: AuthContext,
  user: { username: string; email: string | undefined },
): readonly string[] {
  const hosts = [new URL(context.issuer).hostname, user.email?.split('@')[1] ?? '']
  return [
    user.username,
    user.email ?? '',
    user.email?.split('@')[0] ?? '',
    ...hosts,
    ...hosts.flatMap(host => host.split('.')),
    context.rules.productName,
    context.rules.productName.replaceAll(/[^\p{L}\p{N}]/gu, ''),
    'latchkey',
  ].map(canonicalName)
}

function refusalOf(
  password: string,
  context: { minLength: number; words: readonly string[] },
): string | undefined {
  const length = [...password].length
  if (length < context.minLength) {
    return `That password has ${length} characters. Use ${context.minLength} or more; a sentence is easy to remember.`
  }
  if (Buffer.byteLength(password) > maxPasswordBytes)
    return `A password may have up to ${maxPasswordBytes} bytes.`
  const plain = canonicalName(password)
  if (isOneUnitRepeated(plain)) return 'That password repeats itself. Try a sentence.'
  if (isRun(plain)) return 'That password is a run of neighbouring characters. Try a sentence.'
  if (isCommonPassword(plain)) return 'That password is among the most common ones. Try a sentence.'
  if (context.words.some(word => word.length > 2 && isMostly(plain, word)))
    return 'That password is little more than a name that others can guess. Try a sentence.'
  return undefined
}

function isOneUnitRepeated(text: string): boolean {
  return /^(.{1,4}?)\1+$/u.test(text)
}

function isRun(text: string): boolean {
  const codes = [...text].map(letter => letter.codePointAt(0) ?? 0)
  const step = (codes[1] ?? 0) - (codes[0] ?? 0)
  return Math.abs(step) === 1 && codes.every((code, i) => i === 0 || code - (codes[i - 1] ?? 0) === step)
}

/** A word with a handful of characters around it, such as `grace1906!`; at least half of it is the word. */
function isMostly(password: string, word: string): boolean {
  const around = password.length - word.length
  return password.includes(word) && around < 6 && around <= word.length * 2
}
