// The shapes of request bodies, one a route: what is asked for and what stands in the error when it is not there.
import { LatchkeyError } from 'latchkey'
import { z } from 'zod'

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
const username = text('The username', 320)
const password = text('The password', 8_192)
const refreshToken = text('The refresh token', 4_096)

export const registration = z.object({
  username,
  password,
  email: z
    .email('That is not an e-mail address.')
    .max(254, 'An e-mail address has up to 254 characters.')
    .optional(),
  invitation: text('The invitation', 512).optional(),
})

export const credentials = z.object({
  username,
  password,
  device: text('The device', 200).optional(),
  session: z.enum(['body', 'cookie'], { error: 'Write "body" or "cookie".' }).optional(),
})

export const renewal = z.object({
  refresh_token: refreshToken.optional(),
  attempt: z
    .string({ error: 'The attempt has to be text.' })
    .regex(/^[\w-]{22,128}$/, 'An attempt is 22 to 128 characters of base64url: 128 random bits or more.')
    .optional(),
})

export const farewell = z.object({ refresh_token: refreshToken.optional(), all: flag.optional() })

export const nothing = z.object({})

/** Checks fields against a shape; unknown fields are dropped. Throws `validation_failed` with a line for each error. */
export function parseShape<T>(shape: z.ZodType<T>, fields: unknown): T {
  const result = shape.safeParse(fields)
  if (result.success) return result.data
  const errors = result.error.issues.map(issue => ({ path: issue.path.join('.'), message: issue.message }))
  throw new LatchkeyError('validation_failed', { errors })
}
