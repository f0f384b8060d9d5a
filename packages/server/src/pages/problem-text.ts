// Why a form was refused, in the reader's language.
import type { LatchkeyError } from 'latchkey'
import { weaknessIn } from '../auth/password-rules.ts'
import type { Texts } from './texts.ts'

type Problems = Texts['problems']
type Sentence = { [Name in keyof Problems]: Problems[Name] extends string ? Name : never }[keyof Problems]

/** The sentence for each code that a form may be refused with. */
const sentences: Readonly<Record<string, Sentence>> = {
  invalid_credentials: 'wrongPassword',
  account_disabled: 'account_disabled',
  email_unverified: 'email_unverified',
  username_taken: 'username_taken',
  invitation_invalid: 'invitation_invalid',
  registration_closed: 'registration_closed',
  invalid_link: 'invalid_link',
  insufficient_scope: 'insufficient_scope',
  token_revoked: 'token_revoked',
  overloaded: 'overloaded',
}

/** The sentence for each field that may be wrong. */
const fields: Readonly<Record<string, Sentence>> = {
  username: 'username',
  email: 'email',
  scopes: 'scopes',
  // The one thing that can be wrong with a key's name is that there are too many keys.
  name: 'tooManyKeys',
}

export function problemText(error: LatchkeyError, { problems, weak }: Texts): string {
  const weakness = weaknessIn(error)
  if (weakness !== undefined) return weak[weakness.kind](weakness)
  if (error.code === 'rate_limited') return waitText(error.retryAfterSeconds ?? 1, problems)
  const wrongField = error.errors?.[0]?.path.split('.')[0]
  if (wrongField !== undefined)
    return problems[(Object.hasOwn(fields, wrongField) && fields[wrongField]) || 'empty']
  const sentence = Object.hasOwn(sentences, error.code) ? sentences[error.code] : undefined
  // What an application's hook refuses with says what that application wrote.
  return sentence === undefined ? (error.detail ?? error.title) : problems[sentence]
}

function waitText(seconds: number, problems: Problems): string {
  return seconds > 90 ? problems.waitMinutes(Math.ceil(seconds / 60)) : problems.waitSeconds(seconds)
}
