// The shapes of request bodies, one a route: what is asked for and what stands in the error when it is not there.
import { LatchkeyError } from 'latchkey'
import { z } from 'zod'
import { maxAskedLength } from '../words/ladder.ts'

const text = (field: string, most: number) =>
  z
    .string({
      error: issue => (issue.input === undefined ? `${field} is missing.` : `${field} has to be text.`),
    })
    .min(1, `${field} is empty.`)
    .max(most, `${field} has more than ${most} characters.`)

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform(word => word === 'true')], {
  error: 'Write true or false.',
})

// A body that could hold more than this is stopped by its size; these bounds keep single fields sane.
const username = text('The username', 320).describe(
  '3 to 64 letters, digits and `._-`; the case does not count.',
)
const password = text('The password', 8_192).describe('A sentence is fine; common passwords are refused.')
const refreshToken = text('The refresh token', 4_096).describe('The refresh token of the last answer.')

export const registration = z.object({
  username,
  password,
  email: text('The address', 320).optional().describe('A mail asks its owner to verify it.'),
  invitation: text('The invitation', 512).optional().describe('The invitation, where one is needed.'),
})

export const credentials = z.object({
  username: text('The username', 320).describe('A username, or a verified e-mail address.'),
  password: text('The password', 8_192).describe('The password.'),
  device: text('The device', 200)
    .optional()
    .describe('What to call the device in lists; the User-Agent unless given.'),
  device_token: text('The device token', 512)
    .optional()
    .describe('What an earlier login on this device gave: it keeps its own count of wrong passwords.'),
  session: z
    .enum(['body', 'cookie'], { error: 'Write "body" or "cookie".' })
    .optional()
    .describe('Where the refresh token travels; `body` unless given.'),
})

export const renewal = z.object({
  refresh_token: refreshToken.optional(),
  attempt: z
    .string({ error: 'The attempt has to be text.' })
    .regex(/^[\w-]{22,128}$/, 'An attempt is 22 to 128 characters of base64url: 128 random bits or more.')
    .optional()
    .describe('128 random bits or more, kept by the client before they are sent.'),
})

export const farewell = z.object({
  refresh_token: refreshToken.optional(),
  all: flag.optional().describe('Whether every session of the user ends.'),
})

const email = text('The address', 320).describe('An e-mail address.')
const newPassword = text('The new password', 8_192).describe('A sentence is fine; common ones are refused.')
const currentPassword = text('The current password', 8_192).describe('The password as it is now.')
const link = text('The token', 512).describe('The token of the mailed link.')
const shown = (field: string) => z.union([z.null(), text(field, 200)])

/** What a user may change of their profile: this and nothing else. */
export const profileChange = z.strictObject({
  username: username.optional(),
  name: shown('The name').optional().describe('As the user wants to be called; null for nothing.'),
  locale: z
    .union([
      z.null(),
      z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'A locale looks like de or en-GB.'),
    ])
    .optional()
    .describe('The language of mails and pages; null for none.'),
})

export const deletion = z.object({ current_password: currentPassword })
export const passwordChange = z.object({ current_password: currentPassword, new_password: newPassword })
export const forgotten = z.object({ email })
export const passwordReset = z.object({ token: link, new_password: newPassword })
export const addressChange = z.object({ email, current_password: currentPassword })
export const addressVerification = z.object({ token: link })

const scopes = z
  .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'A scope has no spaces or quotes.'))
  .max(64, 'That is more than 64 scopes.')

export const newApiKey = z.object({
  name: text('The name', 100).describe('What to call it in lists.'),
  scopes: z
    .union([scopes, z.string().transform(list => list.split(' ').filter(one => one !== ''))])
    .optional()
    .describe('What it may do: a list, or text with spaces between.'),
  expires_in: z.coerce
    .number()
    .int()
    .min(60, 'At least a minute.')
    .max(10 * 366 * 86_400, 'At most ten years.')
    .optional()
    .describe('Seconds until it ends; never unless given.'),
})

const roles = z
  .array(text('A role', 64))
  .max(64, 'That is more than 64 roles.')
  .describe('Names of roles; all of them, not those to add.')

export const newUser = z.strictObject({ username, email: email.optional(), roles: roles.optional() })
export const userChange = z.strictObject({
  disabled: flag.optional().describe('Whether the account is disabled.'),
  roles: roles.optional(),
})
export const newInvitation = z.strictObject({ email: email.optional(), roles: roles.optional() })

export const newClient = z.object({
  name: text('The name', 100).describe('What to call it in lists.'),
  scopes: scopes.optional().describe('What it may ask for.'),
  audiences: z
    .array(text('An audience', 512))
    .max(64, 'That is more than 64 audiences.')
    .optional()
    .describe('Whose tokens it may ask about.'),
})

const typed = z.string({ error: 'A field of a form is text.' }).max(4_096, 'A field is too long.').default('')

/** Forms of the console as a browser sends them; ticked roles are fields `role.<name>`. See the shapes above for more. */
export const newUserForm = z.looseObject({ username: typed, email: typed })
export const rolesForm = z.looseObject({})
export const userStateForm = z.object({ disabled: flag })
export const newClientForm = z.object({ name: typed, scopes: typed, audiences: typed })
export const invitationForm = z.looseObject({ email: typed })
/** An empty parameter is an absent one (RFC 6749 3.1). */
const parameter = (most: number) =>
  z
    .string()
    .max(most)
    .transform(value => value || undefined)
    .optional()

/** What is missing here is told as the OAuth endpoints tell it. */
export const tokenRequest = z.object({
  grant_type: parameter(100).describe('`client_credentials`.'),
  scope: parameter(4_096).describe('Scopes, with spaces between; all of the client’s unless given.'),
})
export const tokenQuestion = z.object({ token: parameter(16_384).describe('The token.') })

/** A field of a page's form: what is left empty is told by the page itself, in its reader's language. */
const written = (most: number) => z.string().max(most).default('')

const returnTo = written(2_048)
const signIn = { username: written(320), password: written(8_192), return_to: returnTo }
export const signInForm = z.object({ ...signIn, again: written(1) })
export const signUpForm = z.object({ ...signIn, email: written(320), invitation: written(512) })
export const forgotForm = z.object({ email: written(320) })
export const resetForm = z.object({ token: written(512), new_password: written(8_192) })
export const verifyForm = z.object({ token: written(512) })
export const profileForm = z.object({ username: written(320), name: written(200) })
export const passwordForm = z.object({ current_password: written(8_192), new_password: written(8_192) })
export const addressForm = z.object({ email: written(320), current_password: written(8_192) })
export const apiKeyForm = z.object({
  name: written(100),
  scopes: written(8_192),
  expires: z.enum(['day', 'month', 'year', 'never']).default('month'),
})
export const appearanceForm = z.object({
  scheme: z.enum(['system', 'light', 'dark']).default('system'),
  locale: z.enum(['', 'en', 'de', 'es']).default(''),
})
export const deletionForm = z.object({ confirm: written(320), current_password: written(8_192) })

export const inspected = z.object({ token: text('The token', maxAskedLength).describe('The token.') })

export const nothing = z.object({})

/** Checks fields against a shape; unknown fields are dropped. Throws `validation_failed` with a line for each error. */
export function parseShape<T>(shape: z.ZodType<T>, fields: unknown): T {
  const result = shape.safeParse(fields)
  if (result.success) return result.data
  const errors = result.error.issues.map(issue => ({ path: issue.path.join('.'), message: issue.message }))
  throw new LatchkeyError('validation_failed', { errors })
}
