// Which passwords are refused when one is chosen. No rule asks for kinds of characters (NIST SP 800-63B-4 3.1.1.2).
import { LatchkeyError } from 'latchkey'
import type { AuthContext } from './context.ts'
import { canonicalName } from './username.ts'

export const maxPasswordBytes = 1024

/** The form that is hashed: one for all the ways a keyboard may compose a letter. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC')
}

/** What a user's password is measured against: its length, and words that others can guess. */
export function passwordContext(
  context: AuthContext,
  user: { username: string; email: string | undefined },
): { minLength: number; words: readonly string[] } {
  const words = [user.username, user.email?.split('@')[0] ?? '', new URL(context.issuer).hostname, 'latchkey']
  return { minLength: context.rules.passwordMin, words }
}

/** Throws `weak_password` with a sentence that says what to change. */
export function checkNewPassword(
  password: string,
  context: { minLength: number; words: readonly string[] },
): void {
  const reason = refusalOf(normalisePassword(password), context)
  if (reason !== undefined) throw new LatchkeyError('weak_password', { detail: reason })
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
  if (commonPasswords.has(plain)) return 'That password is among the most common ones. Try a sentence.'
  const word = context.words.map(canonicalName).find(one => one.length > 3 && isMostly(plain, one))
  if (word !== undefined)
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

/** A word with a handful of characters around it, such as `ada1234`. */
function isMostly(password: string, word: string): boolean {
  return password.includes(word) && password.length - word.length < 5
}

/** The head of every published list of leaked passwords with eight characters or more. */
const commonPasswords = new Set(
  (
    'password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword qwertyuiop qwerty123 qwerty1234 ' +
    'qwerty12345 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc zaq12wsx qazwsxedc asdfghjkl zxcvbnm1 zxcvbnm123 ' +
    'iloveyou iloveyou1 sunshine sunshine1 princess princess1 football football1 baseball baseball1 basketball superman ' +
    'superman1 trustno1 whatever whatever1 starwars starwars1 computer computer1 corvette jennifer michelle jessica1 ' +
    'mustang1 maverick samantha victoria charlie1 butterfly elizabeth alexander nicholas danielle benjamin liverpool ' +
    'chelsea1 arsenal1 manchester letmein1 letmein123 welcome1 welcome12 welcome123 changeme changeme1 changeme123 ' +
    'administrator admin123 admin1234 admin12345 rootroot toor1234 default1 guest123 test1234 testtest test12345 ' +
    'secret123 secret1234 mypassword mysecret monkey123 dragon123 dragon12 master123 shadow123 batman123 pokemon1 ' +
    'pokemon123 naruto123 minecraft minecraft1 fuckyou1 fuckyou123 abcd1234 abc12345 a1b2c3d4 aa123456 qwer1234 asdf1234 ' +
    'zxcv1234 google123 facebook facebook1 linkedin linkedin1 summer2024 summer2025 summer2026 winter2024 winter2025 ' +
    'winter2026 spring2025 spring2026 autumn2025 autumn2026 123456789a a123456789 147258369 987654321 123321123 ' +
    '11223344 112233445566 12341234 123123123 121212121 87654321 1234567890 0987654321 123qweasd qweasdzxc 1password ' +
    'correcthorsebatterystaple privatekey latchkey latchkey1 latchkey123'
  ).split(' '),
)
