// The shapes of answers, in one place: the API's description is made of them, and a test compares what the routes
// really answer. Each is strict here; readers are told that more may come.
import { z } from 'zod'

const text = (description: string, example: string) => z.string().meta({ description, examples: [example] })
const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] })
const instant = (description: string, example = 1_767_225_600) =>
  z.int().meta({ description: `${description} Seconds since 1970.`, examples: [example] })
const names = (description: string, ...examples: string[]) =>
  z.array(z.string()).meta({ description, examples: [examples] })

const userId = text('The user’s id.', 'AZt2qDgAgrJ5aR4m1d0XwA')
const username = text('The name to sign in with.', 'ada')
const roles = names('Names of roles.', 'editor')
const accessToken = text('A JWT (RFC 9068). Send it as `Authorization: Bearer …`.', 'eyJhbGciOiJFUzI1NiIs…')
const secondsLeft = count('Seconds from now.', 3600)

/** What everybody may know of a user. */
export const user = z.strictObject({ id: userId, username, roles })

export const newAccount = z.strictObject({ user })

export const grant = z.strictObject({
  access_token: accessToken,
  token_type: z.literal('Bearer'),
  expires_in: secondsLeft,
  refresh_token: text(
    'Keep it, and send it to /user/refresh. It travels in the cookie alone where the session is kept there.',
    'lkr_AQGb0kFz…',
  ).optional(),
  refresh_expires_in: count('Seconds from now, if it is not used.', 2_592_000),
  user,
})

/** Claims of an access token; an application may add its own. */
const claims = z
  .looseObject({
    iss: text('Who issued it.', 'http://localhost:4000'),
    sub: text(
      'Whom it is about: a user’s id, or `client:` and the id of a client.',
      'AZt2qDgAgrJ5aR4m1d0XwA',
    ),
    aud: z
      .union([z.string(), z.array(z.string())])
      .meta({ description: 'For whom it is meant.', examples: ['http://localhost:4000'] }),
    iat: instant('When it was issued.'),
    exp: instant('When it ends. An API key may have none.', 1_767_229_200).optional(),
    jti: text('The token’s own id.', 'h3Zc6p9sD2fK5jX8wQ1uTg').optional(),
    client_id: text('Through which client.', 'latchkey').optional(),
    sid: text('What the session is called in tokens.', 'q7Yt0x2mR5vJ8bW1kL4nSg').optional(),
    auth_time: instant('When the user signed in.').optional(),
    amr: names('How the user signed in (RFC 8176).', 'pwd').optional(),
    scope: text('Scopes, with spaces between.', 'posts:write').optional(),
    user: user.optional(),
  })
  .meta({ description: 'The verified claims. An application may have added its own.' })

export const data = z.strictObject({ message: z.literal('Successful log in'), authorizedData: claims })

export const profile = z.strictObject({
  id: userId,
  username,
  roles,
  name: z.nullable(text('As the user wants to be called.', 'Ada Lovelace')),
  locale: z.nullable(text('The language of mails and pages.', 'en-GB')),
  email: z.nullable(text('The verified address.', 'ada@example.com')),
  unverified_email: z.nullable(text('An address that waits for its link to be opened.', 'later@example.com')),
  created_at: instant('When the account was made.'),
  password_changed_at: instant('When the password was last set.'),
})

export const ownProfile = z.strictObject({ user: profile })

const next = z.nullable(
  text('Give it as `cursor` for the next page; null on the last one.', 'AZt2qDgAgrJ5aR4m1d0XwA'),
)
const pageOf = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item), next })

export const session = z.strictObject({
  id: text('The session’s id.', 'AZt2qDgCk9v3Pq0sYh2Zrg'),
  device: z.nullable(text('What the device calls itself.', 'Firefox on Linux')),
  created_at: instant('When somebody signed in.'),
  last_seen: instant('When it was last renewed.'),
  expires_at: instant('When it ends, if it is not renewed.', 1_769_817_600),
})
const address = z.nullable(text('The address that signed in.', '192.0.2.7'))
export const placedSession = session.extend({ address })

export const ownSessions = pageOf(
  session.extend({
    current: z.boolean().meta({ description: 'Whether it is the one that asks.', examples: [true] }),
  }),
)

export const apiKey = z.strictObject({
  id: text('The key’s id.', 'AZt2qDgDm5s8Vd1pUj3Wtw'),
  name: text('What its user calls it.', 'nightly script'),
  scopes: names('What it may do.', 'user:read'),
  created_at: instant('When it was made.'),
  expires_at: z.nullable(instant('When it ends; null for never.', 1_769_817_600)),
  last_used_at: z.nullable(instant('When it was last used, to the minute or so.')),
})

export const ownApiKeys = pageOf(apiKey)
export const newKey = apiKey.extend({
  key: text('The key itself. No answer shows it again.', 'lk_AZt2qDgDm5s8Vd1pUj3Wtw_x3Jv…'),
})

export const auditRow = z.strictObject({
  at: text('When, ISO 8601.', '2026-01-01T00:00:00.000Z'),
  event: text('What happened.', 'login'),
  user: z.nullable(text('Whom it is about.', 'AZt2qDgAgrJ5aR4m1d0XwA')),
  actor: z.nullable(text('Who did it, where that is somebody else.', 'AZt2qDgBx1Jw0bTQm8UuLg')),
  session: z.nullable(
    text('SHA-256 of the session’s id, in base64url.', 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg'),
  ),
  address,
  detail: z.nullable(text('More, where there is more.', 'editor')),
})

export const everythingStored = z.strictObject({
  user: profile,
  sessions: z.array(placedSession),
  api_keys: z.array(apiKey),
  audit: z.array(auditRow.omit({ actor: true })),
})

export const mailed = z.strictObject({
  message: text('What happens next.', 'A mail with a link is on its way.'),
})

export const administeredUser = profile.extend({
  disabled_at: z.nullable(instant('Since when the account is disabled.')),
})
const link = text(
  'A one-time link to pass on, where there is no address to mail it to.',
  'http://localhost:4000/reset?token=lko_AQ…',
)
const linkEnd = instant('When the link ends.', 1_767_830_400)

export const users = pageOf(administeredUser)
export const oneUser = z.strictObject({ user: administeredUser })
export const madeUser = z.strictObject({
  user: administeredUser,
  link: link.optional(),
  expires_at: linkEnd.optional(),
})
export const resetSent = mailed.extend({ link: link.optional(), expires_at: linkEnd.optional() })
export const sessionsOfUser = pageOf(placedSession)
export const invitations = pageOf(
  z.strictObject({
    id: text('The invitation’s id. It opens nothing.', 'AZt2qDgFh8u2Tc9pYk4Dqw'),
    email: z.nullable(text('Whom it was mailed to; null for whoever has the link.', 'grace@example.com')),
    roles,
    created_at: instant('When it was made.'),
    expires_at: linkEnd,
  }),
)
export const madeInvitation = z.strictObject({
  invitation: text('The invitation itself, for POST /user/register.', 'lko_AQGb0kFz…'),
  link,
  expires_at: linkEnd,
})

export const signingKey = z.strictObject({
  kid: text('The key’s id (RFC 7638).', 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'),
  alg: text('The algorithm.', 'ES256'),
  state: z
    .enum(['next', 'active', 'retiring', 'gone'])
    .meta({ description: 'Published, signing, still verifying, gone.', examples: ['active'] }),
  published_at: instant('When it was published.'),
  active_at: z.nullable(instant('Since when it signs.')),
  rotate_at: z.nullable(instant('When the next one takes over.', 1_775_001_600)),
  retired_until: z.nullable(instant('Until when it still verifies.', 1_775_005_260)),
  revoked_at: z.nullable(instant('When it was revoked.')),
})
export const signingKeys = pageOf(signingKey)

export const client = z.strictObject({
  id: text('The client’s id.', 'AZt2qDgEw4t7Rb6nXk1Cfg'),
  name: text('What it is called.', 'reports'),
  scopes: names('What it may ask for.', 'orders:read'),
  audiences: names('Whose tokens it may ask about.', 'https://orders.example'),
  created_at: instant('When it was made.'),
  disabled_at: z.nullable(instant('Since when it is disabled.')),
})
export const clients = pageOf(client)
export const madeClient = z.strictObject({
  client,
  client_secret: text('The secret. No answer shows it again.', 'Yk1c…'),
})

export const auditLog = pageOf(auditRow)

export const figures = z.strictObject({
  users: count('Accounts.', 1200),
  disabled_users: count('Of them disabled.', 3),
  live_sessions: count('Sessions that could be renewed now.', 900),
  api_keys: count('API keys that are good now.', 40),
  waiting_mails: count('Mails that wait to be sent.', 0),
  revocations: count('Revoked ids that are held in memory.', 17),
  revocation_age_ms: count('Milliseconds since the list of them was read.', 80),
  revocation_listeners: count('Guards that listen at GET /revocations.', 4),
  events: z.record(z.string(), z.int()).meta({
    description: 'Audit events of the last 24 hours, by kind.',
    examples: [{ login: 310, refresh_reused: 0 }],
  }),
})

export const jwks = z.strictObject({
  keys: z
    .array(
      z.looseObject({
        kty: text('The kind of key.', 'EC'),
        kid: text('The key’s id.', 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'),
        alg: text('The algorithm.', 'ES256'),
        use: z.literal('sig'),
      }),
    )
    .meta({ description: 'Public keys (RFC 7517). Empty under HS256.' }),
})

export const metadata = z.strictObject({
  issuer: text('The issuer.', 'http://localhost:4000'),
  jwks_uri: text('Where the public keys are.', 'http://localhost:4000/.well-known/jwks.json'),
  token_endpoint: text('For clients.', 'http://localhost:4000/oauth/token'),
  token_endpoint_auth_methods_supported: names('How clients sign in.', 'client_secret_basic'),
  grant_types_supported: names('What clients may ask with.', 'client_credentials'),
  response_types_supported: names('None: no flow goes through a browser.'),
  introspection_endpoint: text('RFC 7662.', 'http://localhost:4000/oauth/introspect'),
  introspection_endpoint_auth_methods_supported: names('How clients sign in.', 'client_secret_basic'),
  revocation_endpoint: text('RFC 7009.', 'http://localhost:4000/oauth/revoke'),
  revocation_endpoint_auth_methods_supported: names('How clients sign in.', 'client_secret_basic'),
})

export const clientToken = z.strictObject({
  access_token: accessToken,
  token_type: z.literal('Bearer'),
  expires_in: secondsLeft,
  scope: text('Scopes, with spaces between.', 'orders:read'),
})

/** RFC 7662: the claims beside `active`, or `active: false` alone. */
export const introspection = z.union([
  z.looseObject({ active: z.literal(true), token_type: z.literal('Bearer') }),
  z.strictObject({ active: z.literal(false) }),
])

export const status = z.strictObject({ status: z.literal('ok') })
export const unavailable = z.strictObject({
  status: z.literal('unavailable'),
  missing: names('What is missing.', 'store'),
})

export const inspection = z.strictObject({
  accepted: z
    .boolean()
    .meta({ description: 'Whether a guard of this server lets it in now.', examples: [false] }),
  stopped_at: z.nullable(text('The step that it did not pass.', 'expiry')),
  code: z.nullable(text('The problem code that a guard answers with.', 'token_expired')),
  reason: z.nullable(text('The same in words.', 'The token has expired.')),
  steps: z
    .array(
      z.strictObject({
        step: text('Its name.', 'expiry'),
        state: z
          .enum(['passed', 'stopped', 'not_reached'])
          .meta({ description: 'What came of it.', examples: ['stopped'] }),
      }),
    )
    .meta({ description: 'The steps, in the order in which they are taken.' }),
  checked_at: instant('When it was asked, by this server’s clock.'),
})

export const problem = z
  .strictObject({
    type: text('`urn:latchkey:problem:` and the code.', 'urn:latchkey:problem:invalid_token'),
    title: text('The code’s own sentence.', 'The token is not valid.'),
    status: z.int().meta({ description: 'The status of the answer.', examples: [403] }),
    detail: text('More about this one.', 'Write ‘Bearer ’ with a space before the token.').optional(),
    code: text('Decide by this.', 'invalid_token'),
    errors: z
      .array(
        z.strictObject({
          path: text('Which field.', 'username'),
          message: text('What to change.', 'The username is missing.'),
        }),
      )
      .optional()
      .meta({ description: 'With `validation_failed`: what is wrong with which field.' }),
  })
  .meta({ description: 'A refusal (RFC 9457).' })

export const oauthError = z
  .strictObject({
    error: text('A code of RFC 6749 5.2.', 'invalid_client'),
    error_description: text('The same in words.', 'Send the client id and secret by HTTP Basic.'),
  })
  .meta({ description: 'A refusal of the OAuth endpoints (RFC 6749 5.2).' })
