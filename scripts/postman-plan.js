// The order in which a Postman collection asks, so that a run from top to bottom works: each step with what it sends
// beside the document's own words, and what of the answer later steps need. Operations that are not here come after
// the others of their group, with the examples of the document. A stream that never ends is left out.

/** What a reader may want to change; what starts empty is filled in by requests. */
export const variables = {
  baseUrl: undefined,
  username: 'ada',
  // That of the three lines which a start prints.
  password: 'brass-lantern-on-the-sill',
  token: '',
  refresh: '',
  newPassword: 'a new lantern here',
  email: 'ada@example.com',
  verification: 'the token of the mailed link',
  adminUsername: 'root',
  adminPassword: 'brass-lantern-on-the-sill',
  adminToken: '',
  run: 'first',
  session: '',
  apiKey: '',
  guestToken: '',
  colleague: '',
  colleagueSession: '',
  link: '',
  waitingKey: '',
  retiringKey: 'none',
  clientId: '',
  clientSecret: '',
  clientToken: '',
}

const own = { username: '{{username}}', password: '{{password}}' }
const guest = { username: 'guest-{{run}}', password: '{{password}}' }

/**
 * A step: `of` an operation, `by` whose token where it is not the reader's, `body`, `path`, `query` for the example's,
 * `keep` of the answer by variable, further `statuses` that are well, a script that runs `before` it.
 */
export const folders = [
  {
    name: 'Sign in',
    description:
      'The tutorial’s way: the sign-in goes by form data and keeps the token, which the requests after it send.',
    steps: [
      {
        of: 'register',
        body: own,
        // The second time the account is there.
        statuses: [409],
        before: "pm.collectionVariables.set('run', Date.now().toString(36))",
      },
      { of: 'signIn', body: own, keep: { token: 'answer.access_token', refresh: 'answer.refresh_token' } },
      { of: 'readData' },
      { of: 'readDataAsSpelledInTheTutorial' },
      {
        of: 'refresh',
        body: { refresh_token: '{{refresh}}' },
        keep: { token: 'answer.access_token', refresh: 'answer.refresh_token' },
      },
    ],
  },
  {
    name: 'Account',
    description:
      'Set `verification` to the token of the mailed link; a server on your own machine shows its mails at /outbox. What cannot be undone is done with an account made for it.',
    steps: [
      { of: 'readProfile' },
      { of: 'changeProfile' },
      { of: 'exportAccount' },
      { of: 'signIn', name: 'Sign in on a second device', body: { ...own, device: 'a second device' } },
      { of: 'listSessions', keep: { session: 'answer.items.find(one => !one.current).id' } },
      { of: 'endSession', path: { id: '{{session}}' } },
      { of: 'makeApiKey', keep: { apiKey: 'answer.id' } },
      { of: 'listApiKeys' },
      { of: 'revokeApiKey', path: { id: '{{apiKey}}' } },
      { of: 'changeAddress', body: { email: '{{email}}', current_password: '{{password}}' } },
      { of: 'sendVerification' },
      { of: 'verifyAddress', body: { token: '{{verification}}' }, statuses: [400] },
      { of: 'forgotPassword', body: { email: '{{email}}' } },
      { of: 'register', name: 'Make an account that is deleted again', body: guest },
      { of: 'signIn', name: 'Sign in to it', body: guest, keep: { guestToken: 'answer.access_token' } },
      {
        of: 'changePassword',
        by: 'guestToken',
        body: { current_password: '{{password}}', new_password: '{{newPassword}}' },
      },
      { of: 'deleteAccount', by: 'guestToken', body: { current_password: '{{newPassword}}' } },
    ],
  },
  {
    name: 'Administration',
    description:
      'Set `adminUsername` and `adminPassword` to an administrator’s; `latchkey invite --admin` makes the first one. Set `retiringKey` to retire that key: what it signed is dead then.',
    steps: [
      {
        of: 'signIn',
        name: 'Sign in as an administrator',
        body: { username: '{{adminUsername}}', password: '{{adminPassword}}' },
        keep: { adminToken: 'answer.access_token' },
      },
      { of: 'listUsers' },
      {
        of: 'addUser',
        body: { username: 'colleague-{{run}}', roles: [] },
        keep: { colleague: 'answer.user.id' },
      },
      { of: 'readUser', path: { id: '{{colleague}}' } },
      {
        of: 'sendReset',
        path: { id: '{{colleague}}' },
        keep: { link: "answer.link.split('token=')[1]" },
      },
      { of: 'resetPassword', body: { token: '{{link}}', new_password: '{{newPassword}}' } },
      {
        of: 'signIn',
        name: 'Sign in as that user',
        body: { username: 'colleague-{{run}}', password: '{{newPassword}}' },
      },
      {
        of: 'listSessionsOfUser',
        path: { id: '{{colleague}}' },
        keep: { colleagueSession: 'answer.items[0].id' },
      },
      { of: 'endAnySession', path: { id: '{{colleagueSession}}' } },
      { of: 'endSessionsOfUser', path: { id: '{{colleague}}' } },
      { of: 'changeUser', path: { id: '{{colleague}}' }, body: { disabled: true } },
      { of: 'invite' },
      { of: 'listInvitations' },
      {
        of: 'listSigningKeys',
        keep: { waitingKey: "answer.items.find(key => key.state === 'next').kid" },
      },
      // The key that waits has signed nothing yet: nobody is signed out.
      { of: 'revokeKey', path: { kid: '{{waitingKey}}' } },
      { of: 'retireKey', path: { kid: '{{retiringKey}}' }, statuses: [404] },
      { of: 'rotateKeys' },
      {
        of: 'addClient',
        body: { name: 'reports', scopes: ['orders:read'], audiences: ['{{baseUrl}}'] },
        keep: { clientId: 'answer.client.id', clientSecret: 'answer.client_secret' },
      },
      { of: 'listClients' },
      { of: 'listAudit' },
      { of: 'readFigures' },
    ],
  },
  {
    name: 'Services',
    description:
      'By the client that the folder before this one made. GET /revocations is a stream without an end, and left out.',
    steps: [
      { of: 'readKeySet' },
      { of: 'readServerMetadata' },
      { of: 'readOpenidConfiguration' },
      { of: 'getClientToken', keep: { clientToken: 'answer.access_token' } },
      { of: 'introspect', body: { token: '{{token}}' } },
      { of: 'inspectToken', body: { token: '{{token}}' } },
      { of: 'revoke', body: { token: '{{clientToken}}' } },
      { of: 'disableClient', path: { id: '{{clientId}}' } },
    ],
  },
  {
    name: 'Operation',
    description: undefined,
    steps: [{ of: 'isLive' }, { of: 'isReady' }, { of: 'readDescription' }],
  },
  { name: 'Sign out', description: 'Last: the token is dead after it.', steps: [{ of: 'signOut' }] },
]
