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

/** Why a password is refused, in facts that a page can tell in its reader's language. */
export interface Weakness {
  kind: keyof typeof weaknessSentences
  /** Characters that it has, and that it needs at least. */
  length: number
  least: number
}

/** What to change about a password, a sentence for each kind of weakness. */
export const weaknessSentences = {
  too_short: ({ length, least }: { length: number; least: number }) =>
    `That password has ${length} characters. Use ${least} or more; a sentence is easy to remember.`,
  too_long: () => `A password may have up to ${maxPasswordBytes} bytes.`,
  repeated: () => 'That password repeats itself. Try a sentence.',
  run: () => 'That password is a run of neighbouring characters. Try a sentence.',
  common: () => 'That password is among the most common ones. Try a sentence.',
  name: () => 'That password is little more than a name that others can guess. Try a sentence.',
  leaked: () => 'That password is among those that leaked from other services. Try a sentence.',
}

/** The weakness behind a `weak_password`; undefined for any other error. */
export function weaknessIn(error: LatchkeyError): Weakness | undefined {
  // Thrown by this file alone, and always with its reason.
  return error.code === 'weak_password' ? (error.cause as Weakness) : undefined
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
  const facts = { length: [...normal].length, least: context.rules.passwordMin }
  const kind = weaknessOf(normal, { ...facts, words: guessableWords(context, user) })
  if (kind !== undefined) throw refusalFor({ kind, ...facts })
  const { breachCheckUrl } = context.rules
  if (breachCheckUrl !== undefined && (await countLeaks(breachCheckUrl, normal)) > 0)
    throw refusalFor({ kind: 'leaked', ...facts })
}

function refusalFor(weakness: Weakness): LatchkeyError {
  return new LatchkeyError('weak_password', {
    detail: weaknessSentences[weakness.kind](weakness),
    cause: weakness,
  })
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

function weaknessOf(
  password: string,
  { length, least, words }: { length: number; least: number; words: readonly string[] },
): Weakness['kind'] | undefined {
  if (length < least) return 'too_short'
  if (Buffer.byteLength(password) > maxPasswordBytes) return 'too_long'
  const plain = canonicalName(password)
  if (isOneUnitRepeated(plain)) return 'repeated'
  if (isRun(plain)) return 'run'
  if (isCommonPassword(plain)) return 'common'
  return words.some(word => word.length > 2 && isMostly(plain, word)) ? 'name' : undefined
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
