// What is said of the pages of accounts.
import type { OperationRow } from './operation.ts'
import { form, page } from './page-rows.ts'

const password = 'a lantern on the sill'
const device = { param: 'The session’s id.', codes: ['not_found'] } as const
const key = { param: 'The key’s id.', codes: ['not_found'] } as const
const newPassword = { current_password: password, new_password: 'a new lantern here' }

export const accountPageRows: Readonly<Record<string, OperationRow>> = {
  'GET /login': page('loginPage', 'Sign in', { query: ['return_to'] }),
  'POST /login': form('loginForm', 'Sign in, by form; both cookies of a browser session are set', {
    example: { username: 'ada', password },
    codes: [
      'origin_refused',
      'invalid_credentials',
      'account_disabled',
      'email_unverified',
      'rate_limited',
      'overloaded',
    ],
  }),
  'GET /signed-out': page('signedOutPage', 'After signing out', { isStoreless: true }),
  'POST /account/sign-out': form('signOutForm', 'Sign out of this browser'),
  'GET /.well-known/change-password': form(
    'changePasswordPlace',
    'Where password managers find the page for it',
    {
      isStoreless: true,
    },
  ),
  'GET /account': page('profilePage', 'Name and username'),
  'POST /account': form('profileForm', 'Change them', {
    example: { username: 'ada', name: 'Ada Lovelace' },
    codes: ['username_taken'],
  }),
  'GET /account/password': page('passwordPage', 'Change the password'),
  'POST /account/password': form('passwordForm', 'Change it; every other device is signed out', {
    example: newPassword,
    codes: ['invalid_credentials', 'weak_password', 'rate_limited', 'overloaded'],
  }),
  'GET /account/email': page('addressPage', 'The e-mail address'),
  'POST /account/email': form('addressForm', 'Ask for another; a link goes there', {
    example: { email: 'ada@example.com', current_password: password },
    codes: ['invalid_credentials', 'rate_limited', 'overloaded'],
  }),
  'POST /account/email/send': form('addressLinkForm', 'Send that link again'),
  'GET /account/devices': page('devicesPage', 'Where the account is signed in'),
  'POST /account/devices/end-all': form('signOutEverywhereForm', 'Sign out everywhere'),
  'POST /account/devices/:id/end': form('deviceForm', 'Sign out a device', device),
  'GET /account/keys': page('apiKeysPage', 'API keys'),
  'POST /account/keys': page('apiKeyForm', 'Make a key; the page shows its text, this once', {
    example: { name: 'backup', scopes: 'user:read', expires: 'month' },
    codes: ['insufficient_scope'],
  }),
  'POST /account/keys/:id/revoke': form('apiKeyRevocationForm', 'Revoke a key', key),
  'GET /account/appearance': page('appearancePage', 'Colours and language'),
  'POST /account/appearance': form('appearanceForm', 'Choose them', {
    example: { scheme: 'dark', locale: 'de' },
  }),
  'GET /account/data': page('dataPage', 'What is stored about a user'),
  'POST /account/data/export': form('dataForm', 'All of it in one file', {
    answers: [{ status: 200, words: 'The file.', media: 'application/json' }],
  }),
  'GET /account/delete': page('deletionPage', 'Delete the account'),
  'POST /account/delete': form('deletionForm', 'Delete it, with the name typed and the password', {
    example: { confirm: 'ada', current_password: password },
    codes: ['invalid_credentials', 'rate_limited', 'overloaded'],
  }),
}
