// What is said of the routes under /user.
import * as answers from './answers.ts'
import type { OperationRow } from './operation.ts'

const password = 'a lantern on the sill'
const newPassword = 'a new lantern here'
const guessed = ['invalid_credentials', 'rate_limited', 'overloaded'] as const
const chosen = ['weak_password', 'overloaded'] as const
const done = (words: string) => [{ status: 204, words }]

const readData = {
  tag: 'Sign in',
  description: 'The guarded route of the tutorial. An API key needs the scope `user:read`.',
  answers: [{ status: 200, words: 'The verified claims.', shape: answers.data }],
  isStoreless: true,
} as const

export const accountRows: Readonly<Record<string, OperationRow>> = {
  'POST /user/register': {
    id: 'register',
    tag: 'Sign in',
    summary: 'Make an account',
    description:
      'Usernames are public: 3 to 64 letters, digits and `._-`, one whatever the case. Addresses are not: one that is taken gets the same answer, and its owner a mail.',
    example: { username: 'ada', password },
    answers: [{ status: 201, words: 'The account is there.', shape: answers.newAccount }],
    codes: ['registration_closed', 'invitation_invalid', 'username_taken', ...chosen],
  },
  'POST /user/login': {
    id: 'signIn',
    tag: 'Sign in',
    summary: 'Sign in',
    description:
      'By username or by a verified e-mail address. A wrong password and an unknown user are answered alike. Where `Accept` prefers text/plain over JSON, the answer is the bare access token. With `session: "cookie"` the refresh token travels in a cookie alone, and a page of a listed origin has to ask.',
    example: { username: 'ada', password },
    answers: [
      { status: 200, words: 'Signed in.', shape: answers.grant },
      { status: 200, words: 'Signed in.', media: 'text/plain' },
    ],
    codes: [...guessed, 'account_disabled', 'email_unverified', 'origin_refused'],
  },
  'GET /user/data': { ...readData, id: 'readData', summary: 'Read the guarded data' },
  'GET /user/login': {
    ...readData,
    id: 'readDataAsSpelledInTheTutorial',
    summary: 'Read the guarded data, by the tutorial’s other address',
  },
  'POST /user/refresh': {
    id: 'refresh',
    tag: 'Sign in',
    summary: 'Renew both tokens',
    description:
      'Takes the refresh token of the last answer, or the session’s cookie. Repeated soon, it gives the same successor again; a token that was used before ends the session. `attempt` is 128 random bits or more that the client keeps before it sends them: with it a lost answer can be had again later.',
    example: { refresh_token: 'lkr_AQGb0kFz' },
    security: ['nothing', 'sessionCookie'],
    answers: [{ status: 200, words: 'Renewed.', shape: answers.grant }],
    codes: [
      'missing_token',
      'invalid_token',
      'refresh_reused',
      'refresh_expired',
      'session_revoked',
      'origin_refused',
      'invalid_request',
      'keys_unavailable',
    ],
  },
  'POST /user/logout': {
    id: 'signOut',
    tag: 'Sign in',
    summary: 'End the session at once',
    description:
      'Whatever proves the session ends it: the access token, the refresh token in the body or the cookie, expired ones too. With `all`, every session of the user ends.',
    example: { all: false },
    security: ['accessToken', 'sessionCookie', 'nothing'],
    answers: done('Ended; the second time as well.'),
    codes: ['missing_token', 'invalid_token', 'origin_refused', 'invalid_request', 'keys_unavailable'],
  },

  'GET /user': {
    id: 'readProfile',
    tag: 'Account',
    summary: 'Read your profile',
    answers: [{ status: 200, words: 'Your profile.', shape: answers.ownProfile }],
  },
  'PATCH /user': {
    id: 'changeProfile',
    tag: 'Account',
    summary: 'Change your profile',
    description: 'What is left out stays. A username that is given up stays reserved for 90 days.',
    example: { name: 'Ada Lovelace', locale: 'en-GB' },
    answers: [{ status: 200, words: 'Your profile as it is now.', shape: answers.ownProfile }],
    codes: ['username_taken', 'not_found'],
  },
  'DELETE /user': {
    id: 'deleteAccount',
    tag: 'Account',
    summary: 'Delete your account',
    description: 'Sessions and API keys end with it. There is no way back.',
    example: { current_password: password },
    answers: done('The account is gone.'),
    codes: guessed,
  },
  'GET /user/export': {
    id: 'exportAccount',
    tag: 'Account',
    summary: 'Take everything along',
    answers: [{ status: 200, words: 'Everything stored about you.', shape: answers.everythingStored }],
  },
  'GET /user/sessions': {
    id: 'listSessions',
    tag: 'Account',
    summary: 'List your devices',
    answers: [{ status: 200, words: 'Your sessions, the current one marked.', shape: answers.ownSessions }],
  },
  'DELETE /user/sessions/:id': {
    id: 'endSession',
    tag: 'Account',
    summary: 'Sign out one device',
    param: 'The session’s id.',
    answers: done('The device is signed out.'),
    codes: ['not_found'],
  },
  'POST /user/password': {
    id: 'changePassword',
    tag: 'Account',
    summary: 'Change your password',
    description: 'Every other session ends.',
    example: { current_password: password, new_password: newPassword },
    answers: done('The new password counts.'),
    codes: ['weak_password', ...guessed],
  },
  'POST /user/password/forgot': {
    id: 'forgotPassword',
    tag: 'Account',
    summary: 'Ask for a link to a new password',
    description: 'The same answer whoever asks for whomever.',
    example: { email: 'ada@example.com' },
    answers: [{ status: 202, words: 'A mail goes out, if the address is verified.', shape: answers.mailed }],
  },
  'POST /user/password/reset': {
    id: 'resetPassword',
    tag: 'Account',
    summary: 'Choose a new password by a link',
    description: 'All sessions end.',
    example: { token: 'lko_AQGb0kFz', new_password: newPassword },
    answers: done('The new password counts.'),
    codes: ['invalid_link', ...chosen],
  },
  'POST /user/email': {
    id: 'changeAddress',
    tag: 'Account',
    summary: 'Change your e-mail address',
    description: 'It counts once the link that is mailed to it has been opened.',
    example: { email: 'ada@example.com', current_password: password },
    answers: [{ status: 202, words: 'A mail is on its way.', shape: answers.mailed }],
    codes: guessed,
  },
  'POST /user/email/verify': {
    id: 'verifyAddress',
    tag: 'Account',
    summary: 'Verify an e-mail address by a link',
    example: { token: 'lko_AQGb0kFz' },
    answers: done('The address counts.'),
    codes: ['invalid_link'],
  },
  'POST /user/email/verify/send': {
    id: 'sendVerification',
    tag: 'Account',
    summary: 'Send that link again',
    answers: [{ status: 202, words: 'A mail is on its way, if an address waits.', shape: answers.mailed }],
  },
  'GET /user/keys': {
    id: 'listApiKeys',
    tag: 'Account',
    summary: 'List your API keys',
    answers: [{ status: 200, words: 'Your keys, without their secrets.', shape: answers.ownApiKeys }],
  },
  'POST /user/keys': {
    id: 'makeApiKey',
    tag: 'Account',
    summary: 'Make an API key',
    description: 'A key has scopes of its user at most, and `user:read` and `user:write` where asked for.',
    example: { name: 'nightly script', scopes: ['user:read'], expires_in: 86_400 },
    answers: [{ status: 201, words: 'The key, for this once.', shape: answers.newKey }],
    codes: ['insufficient_scope'],
  },
  'DELETE /user/keys/:id': {
    id: 'revokeApiKey',
    tag: 'Account',
    summary: 'Revoke an API key',
    param: 'The key’s id.',
    answers: done('The key is dead.'),
    codes: ['not_found'],
  },
}
