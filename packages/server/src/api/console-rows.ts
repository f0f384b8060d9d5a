// What is said of the console's pages.
import type { OperationRow } from './operation.ts'
import { form, page } from './page-rows.ts'

const one = (what: string) => ({ param: `The ${what}’s id.`, codes: ['not_found'] }) as const
const user = one('user')
const session = one('session')
const key = one('key')
const client = one('client')
/** Forms that show what they made, this once. */
const made = {
  answers: [{ status: 201, words: 'The page, with what was made.', media: 'text/html' }],
} as const

export const consoleRows: Readonly<Record<string, OperationRow>> = {
  'GET /admin': page('consoleOverview', 'Figures and charts'),
  'GET /admin/settings': page('consoleSettings', 'The settings in force'),
  'GET /admin/users': page('consoleUsers', 'Users', { query: ['q', 'cursor'] }),
  'GET /admin/users/new': page('consoleNewUser', 'Add a user'),
  'POST /admin/users': page('consoleNewUserForm', 'Add one', {
    ...made,
    example: { username: 'grace', email: 'grace@example.com' },
    codes: ['username_taken'],
  }),
  'GET /admin/users/:id': page('consoleUser', 'A user', user),
  'POST /admin/users/:id/roles': form('consoleRolesForm', 'Change a user’s roles', {
    ...user,
    example: { 'role.editor': 'on' },
  }),
  'POST /admin/users/:id/state': form('consoleStateForm', 'Disable or enable a user', {
    ...user,
    example: { disabled: 'true' },
  }),
  'POST /admin/users/:id/reset': form('consoleResetForm', 'Send a reset link', user),
  'POST /admin/users/:id/sessions/end': form('consoleUserSessionsForm', 'Sign a user out everywhere', user),
  'GET /admin/sessions': page('consoleSessions', 'Sessions', { query: ['q', 'cursor'] }),
  'GET /admin/sessions/:id': page('consoleSession', 'A session', session),
  'POST /admin/sessions/:id/end': form('consoleSessionForm', 'End a session', session),
  'GET /admin/keys': page('consoleKeys', 'Signing keys on a time line'),
  'POST /admin/keys/rotate': form('consoleRotationForm', 'Rotate the signing key'),
  'GET /admin/keys/:kid': page('consoleKey', 'A signing key', key),
  'POST /admin/keys/:kid/retire': form('consoleRetirementForm', 'Retire a signing key', key),
  'GET /admin/keys/:kid/revoke': page('consoleRevocation', 'What revoking a key does', key),
  'POST /admin/keys/:kid/revoke': form('consoleRevocationForm', 'Revoke a signing key', key),
  'GET /admin/clients': page('consoleClients', 'Clients'),
  'GET /admin/clients/new': page('consoleNewClient', 'Add a client'),
  'POST /admin/clients': page('consoleNewClientForm', 'Add one; the page shows its secret, this once', {
    ...made,
    example: { name: 'orders', scopes: 'orders:read', audiences: 'https://orders.example' },
  }),
  'GET /admin/clients/:id': page('consoleClient', 'A client', client),
  'POST /admin/clients/:id/disable': form('consoleClientForm', 'Disable a client', client),
  'GET /admin/invitations': page('consoleInvitations', 'Invite somebody'),
  'POST /admin/invitations': page('consoleInvitationForm', 'Invite; the page shows the link, this once', {
    ...made,
    example: { email: 'grace@example.com' },
  }),
  'GET /admin/audit': page('consoleAudit', 'The audit log', { query: ['user', 'event', 'cursor'] }),
  'GET /admin/audit/export': page('consoleAuditExport', 'The audit log as a file', {
    query: ['user', 'event'],
    answers: [
      { status: 200, words: 'The rows.', media: 'text/csv' },
      { status: 200, words: 'The rows.', media: 'application/jsonl' },
    ],
  }),
}
