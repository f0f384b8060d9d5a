// What is said of the routes under /admin/api.
import * as answers from './answers.ts'
import type { OperationRow } from './operation.ts'

const tag = 'Administration'
const done = (words: string) => [{ status: 204, words }]
const paged = ['cursor', 'limit', 'q'] as const
const userParam = 'The user’s id.'

export const administrationRows: Readonly<Record<string, OperationRow>> = {
  'GET /admin/api/users': {
    id: 'listUsers',
    tag,
    summary: 'List users',
    query: paged,
    answers: [{ status: 200, words: 'A page of users.', shape: answers.users }],
    codes: ['validation_failed'],
  },
  'POST /admin/api/users': {
    id: 'addUser',
    tag,
    summary: 'Make an account for somebody',
    description:
      'Administrators set no password: the user chooses one by a link. It is mailed to the address; without one it is in the answer, to be passed on.',
    example: { username: 'grace', roles: [] },
    answers: [{ status: 201, words: 'The account is there.', shape: answers.madeUser }],
    codes: ['username_taken'],
  },
  'GET /admin/api/users/:id': {
    id: 'readUser',
    tag,
    summary: 'Read a user',
    param: userParam,
    answers: [{ status: 200, words: 'The user.', shape: answers.oneUser }],
    codes: ['not_found'],
  },
  'PATCH /admin/api/users/:id': {
    id: 'changeUser',
    tag,
    summary: 'Disable a user, or change their roles',
    description:
      'Disabling ends sessions and API keys. A change of roles ends access tokens; sessions go on. Nobody can disable themselves or take their own administration away.',
    param: userParam,
    example: { disabled: false },
    answers: [{ status: 200, words: 'The user as they are now.', shape: answers.oneUser }],
    codes: ['not_found'],
  },
  'POST /admin/api/users/:id/reset': {
    id: 'sendReset',
    tag,
    summary: 'Send a link to a new password',
    param: userParam,
    answers: [{ status: 202, words: 'Sent, or handed over.', shape: answers.resetSent }],
    codes: ['not_found', 'validation_failed'],
  },
  'GET /admin/api/users/:id/sessions': {
    id: 'listSessionsOfUser',
    tag,
    summary: 'List a user’s devices',
    param: userParam,
    query: paged,
    answers: [{ status: 200, words: 'A page of sessions.', shape: answers.sessionsOfUser }],
    codes: ['not_found', 'validation_failed'],
  },
  'DELETE /admin/api/users/:id/sessions': {
    id: 'endSessionsOfUser',
    tag,
    summary: 'Sign a user out everywhere',
    param: userParam,
    answers: done('All sessions have ended.'),
    codes: ['not_found'],
  },
  'DELETE /admin/api/sessions/:id': {
    id: 'endAnySession',
    tag,
    summary: 'End a session',
    param: 'The session’s id.',
    answers: done('It has ended.'),
    codes: ['not_found'],
  },
  'POST /admin/api/invitations': {
    id: 'invite',
    tag,
    summary: 'Invite somebody',
    example: { roles: [] },
    answers: [{ status: 201, words: 'The invitation.', shape: answers.madeInvitation }],
  },
  'GET /admin/api/keys': {
    id: 'listSigningKeys',
    tag,
    summary: 'List signing keys',
    query: paged,
    answers: [{ status: 200, words: 'The keys, without their secrets.', shape: answers.signingKeys }],
    codes: ['validation_failed'],
  },
  'POST /admin/api/keys/rotate': {
    id: 'rotateKeys',
    tag,
    summary: 'Let the next key take over',
    description: 'As soon as it has been published for longer than the key set may be cached.',
    answers: [{ status: 200, words: 'The keys as they are now.', shape: answers.signingKeys }],
    codes: ['keys_unavailable'],
  },
  'POST /admin/api/keys/:kid/retire': {
    id: 'retireKey',
    tag,
    summary: 'Retire a key early',
    param: 'The key’s id.',
    answers: done('It verifies nothing more.'),
    codes: ['not_found', 'validation_failed', 'keys_unavailable'],
  },
  'POST /admin/api/keys/:kid/revoke': {
    id: 'revokeKey',
    tag,
    summary: 'Revoke a key that leaked',
    description: 'Every token that it signed dies at every connected guard.',
    param: 'The key’s id.',
    answers: done('It is revoked, and the next one signs.'),
    codes: ['not_found', 'keys_unavailable'],
  },
  'GET /admin/api/clients': {
    id: 'listClients',
    tag,
    summary: 'List clients',
    query: ['cursor', 'limit'],
    answers: [{ status: 200, words: 'A page of clients.', shape: answers.clients }],
    codes: ['validation_failed'],
  },
  'POST /admin/api/clients': {
    id: 'addClient',
    tag,
    summary: 'Register a client',
    example: { name: 'reports', scopes: ['orders:read'], audiences: ['https://orders.example'] },
    answers: [{ status: 201, words: 'The client, and its secret for this once.', shape: answers.madeClient }],
  },
  'DELETE /admin/api/clients/:id': {
    id: 'disableClient',
    tag,
    summary: 'Disable a client',
    param: 'The client’s id.',
    answers: done('It is disabled, and its tokens are dead.'),
    codes: ['not_found'],
  },
  'GET /admin/api/audit': {
    id: 'listAudit',
    tag,
    summary: 'Read the audit log',
    description: 'The newest first.',
    query: [...paged, 'user', 'event'],
    answers: [{ status: 200, words: 'A page of the log.', shape: answers.auditLog }],
    codes: ['validation_failed'],
  },
  'GET /admin/api/figures': {
    id: 'readFigures',
    tag,
    summary: 'Read the figures',
    answers: [{ status: 200, words: 'How much there is of what.', shape: answers.figures }],
  },
}
