// What every route answers to whom, a row each. The matrix compares this with the route table: a route without a row
// fails, and so does a row without a route.
import type { TokenAnswer } from '../../../../test/account.ts'

export const callerNames = [
  'anonymous',
  'user',
  'other user',
  'disabled user',
  'administrator',
  'API key with the scope',
  'API key without it',
] as const
export type CallerName = (typeof callerNames)[number]

/** What a row may need to know of the server that it is asked at. */
export interface Cast {
  ada: TokenAnswer
  /** Public ids of ada's, to put into paths. */
  adasSession: string
  adasKey: string
  /** A link of each kind that works. */
  verify: string
  reset: string
  invitation: string
  /** A client's id. */
  client: string
  /** The signing key that waits. */
  nextKid: string
  /** The signing key that was replaced. */
  retiringKid: string
}

export interface RouteRow {
  access: 'public' | 'loopback' | 'token' | 'user' | 'admin' | 'operator' | 'page' | 'console'
  /** The scope that lets an API key in. */
  scope?: string
  /** The path with its parameters filled in. */
  path?(cast: Cast): string
  /** A body that is right. */
  body?(cast: Cast): Record<string, unknown>
  /** The answer to a right call by somebody who may. */
  ok: number
  /** Columns of `users` that this route is there to change. */
  changes?: readonly string[]
  /** Whether the answer is there to hand out something that can be presented. */
  gives?: 'tokens' | 'cookies' | 'api key' | 'link'
  /** Whether it belongs to its caller: `:id` of another user is not there. */
  own?: true
  /** Where the answer to somebody is another than the access says. */
  except?: Partial<Record<CallerName, string>>
}

const password = 'a lantern on the sill'

export const routeRows: Readonly<Record<string, RouteRow>> = {
  'POST /user/register': {
    access: 'public',
    body: () => ({ username: 'newcomer', password }),
    ok: 201,
  },
  'POST /user/login': {
    access: 'public',
    body: () => ({ username: 'ada', password }),
    ok: 200,
    gives: 'tokens',
  },
  'GET /user/data': { access: 'token', scope: 'user:read', ok: 200 },
  'GET /user/login': { access: 'token', scope: 'user:read', ok: 200 },
  'POST /user/refresh': {
    access: 'public',
    body: ({ ada }) => ({ refresh_token: ada.refresh_token }),
    ok: 200,
    gives: 'tokens',
  },
  'POST /user/logout': {
    access: 'public',
    body: ({ ada }) => ({ refresh_token: ada.refresh_token }),
    ok: 204,
    // The credential is what is to end here, and an API key is no session.
    except: { 'API key with the scope': '403 invalid_token', 'API key without it': '403 invalid_token' },
  },

  'GET /user': { access: 'user', scope: 'user:read', ok: 200 },
  'PATCH /user': {
    access: 'user',
    scope: 'user:write',
    body: () => ({ name: 'Ada Lovelace', locale: 'en-GB', username: 'countess' }),
    ok: 200,
    changes: ['username', 'canonical_name', 'name', 'locale'],
  },
  'DELETE /user': { access: 'user', body: () => ({ current_password: password }), ok: 204 },
  'GET /user/export': { access: 'user', ok: 200 },
  'GET /user/sessions': { access: 'user', ok: 200 },
  'DELETE /user/sessions/:id': {
    access: 'user',
    path: ({ adasSession }) => `/user/sessions/${adasSession}`,
    ok: 204,
    own: true,
  },
  'POST /user/password': {
    access: 'user',
    body: () => ({ current_password: password, new_password: 'a new lantern here' }),
    ok: 204,
    changes: ['password_hash', 'password_changed_at', 'unverified_email'],
  },
  'POST /user/password/forgot': { access: 'public', body: () => ({ email: 'ada@example.com' }), ok: 202 },
  'POST /user/password/reset': {
    access: 'public',
    body: ({ reset }) => ({ token: reset, new_password: 'a new lantern here' }),
    ok: 204,
    changes: ['password_hash', 'password_changed_at', 'unverified_email'],
  },
  'POST /user/email': {
    access: 'user',
    body: () => ({ email: 'new@example.com', current_password: password }),
    ok: 202,
    changes: ['unverified_email'],
  },
  'POST /user/email/verify': {
    access: 'public',
    body: ({ verify }) => ({ token: verify }),
    ok: 204,
    changes: ['email', 'unverified_email'],
  },
  'POST /user/email/verify/send': { access: 'user', ok: 202 },
  'GET /user/keys': { access: 'user', ok: 200 },
  'POST /user/keys': {
    access: 'user',
    body: () => ({ name: 'script', scopes: ['user:read'], expires_in: 3600 }),
    ok: 201,
    gives: 'api key',
  },
  'DELETE /user/keys/:id': {
    access: 'user',
    path: ({ adasKey }) => `/user/keys/${adasKey}`,
    ok: 204,
    own: true,
  },

  'GET /admin': { access: 'console', ok: 200 },
  'GET /admin/settings': { access: 'console', ok: 200 },
  'GET /admin/users': { access: 'console', path: () => '/admin/users?q=a', ok: 200 },
  'GET /admin/users/new': { access: 'console', ok: 200 },
  'POST /admin/users': {
    access: 'console',
    body: () => ({ username: 'newcomer', email: '' }),
    ok: 201,
    gives: 'link',
  },
  'GET /admin/users/:id': { access: 'console', path: ({ ada }) => `/admin/users/${ada.user.id}`, ok: 200 },
  'POST /admin/users/:id/roles': {
    access: 'console',
    path: ({ ada }) => `/admin/users/${ada.user.id}/roles`,
    body: () => ({ 'role.editor': 'on' }),
    ok: 303,
    changes: ['roles'],
  },
  'POST /admin/users/:id/state': {
    access: 'console',
    path: ({ ada }) => `/admin/users/${ada.user.id}/state`,
    body: () => ({ disabled: 'true' }),
    ok: 303,
    changes: ['disabled_at'],
  },
  'POST /admin/users/:id/reset': {
    access: 'console',
    path: ({ ada }) => `/admin/users/${ada.user.id}/reset`,
    ok: 303,
  },
  'POST /admin/users/:id/sessions/end': {
    access: 'console',
    path: ({ ada }) => `/admin/users/${ada.user.id}/sessions/end`,
    ok: 303,
  },
  'GET /admin/sessions': { access: 'console', ok: 200 },
  'GET /admin/sessions/:id': {
    access: 'console',
    path: ({ adasSession }) => `/admin/sessions/${adasSession}`,
    ok: 200,
  },
  'POST /admin/sessions/:id/end': {
    access: 'console',
    path: ({ adasSession }) => `/admin/sessions/${adasSession}/end`,
    ok: 303,
  },
  'GET /admin/keys': { access: 'console', ok: 200 },
  'POST /admin/keys/rotate': { access: 'console', ok: 303 },
  'GET /admin/keys/:kid': { access: 'console', path: ({ nextKid }) => `/admin/keys/${nextKid}`, ok: 200 },
  'POST /admin/keys/:kid/retire': {
    access: 'console',
    path: ({ retiringKid }) => `/admin/keys/${retiringKid}/retire`,
    ok: 303,
  },
  'GET /admin/keys/:kid/revoke': {
    access: 'console',
    path: ({ nextKid }) => `/admin/keys/${nextKid}/revoke`,
    ok: 200,
  },
  'POST /admin/keys/:kid/revoke': {
    access: 'console',
    path: ({ nextKid }) => `/admin/keys/${nextKid}/revoke`,
    ok: 303,
  },
  'GET /admin/clients': { access: 'console', ok: 200 },
  'GET /admin/clients/new': { access: 'console', ok: 200 },
  'POST /admin/clients': {
    access: 'console',
    body: () => ({ name: 'orders', scopes: 'orders:read orders:write', audiences: 'https://orders.example' }),
    ok: 201,
  },
  'GET /admin/clients/:id': { access: 'console', path: ({ client }) => `/admin/clients/${client}`, ok: 200 },
  'POST /admin/clients/:id/disable': {
    access: 'console',
    path: ({ client }) => `/admin/clients/${client}/disable`,
    ok: 303,
  },
  'GET /admin/invitations': { access: 'console', ok: 200 },
  'POST /admin/invitations': {
    access: 'console',
    body: () => ({ email: '', 'role.editor': 'on' }),
    ok: 201,
    gives: 'link',
  },
  'GET /admin/audit': { access: 'console', ok: 200 },
  'GET /admin/audit/export': { access: 'console', ok: 200 },

  'GET /admin/api/users': { access: 'admin', ok: 200 },
  'POST /admin/api/users': {
    access: 'admin',
    body: () => ({ username: 'newcomer', roles: [] }),
    ok: 201,
    gives: 'link',
  },
  'GET /admin/api/users/:id': {
    access: 'admin',
    path: ({ ada }) => `/admin/api/users/${ada.user.id}`,
    ok: 200,
  },
  'PATCH /admin/api/users/:id': {
    access: 'admin',
    path: ({ ada }) => `/admin/api/users/${ada.user.id}`,
    body: () => ({ roles: ['editor'], disabled: true }),
    ok: 200,
    changes: ['roles', 'disabled_at'],
  },
  'POST /admin/api/users/:id/reset': {
    access: 'admin',
    path: ({ ada }) => `/admin/api/users/${ada.user.id}/reset`,
    ok: 202,
  },
  'GET /admin/api/users/:id/sessions': {
    access: 'admin',
    path: ({ ada }) => `/admin/api/users/${ada.user.id}/sessions`,
    ok: 200,
  },
  'DELETE /admin/api/users/:id/sessions': {
    access: 'admin',
    path: ({ ada }) => `/admin/api/users/${ada.user.id}/sessions`,
    ok: 204,
  },
  'DELETE /admin/api/sessions/:id': {
    access: 'admin',
    path: ({ adasSession }) => `/admin/api/sessions/${adasSession}`,
    ok: 204,
  },
  'GET /admin/api/invitations': { access: 'admin', ok: 200 },
  'POST /admin/api/invitations': {
    access: 'admin',
    body: () => ({ roles: ['editor'] }),
    ok: 201,
    gives: 'link',
  },
  'GET /admin/api/keys': { access: 'admin', ok: 200 },
  'POST /admin/api/keys/rotate': { access: 'admin', ok: 200 },
  'POST /admin/api/keys/:kid/retire': {
    access: 'admin',
    path: ({ retiringKid }) => `/admin/api/keys/${retiringKid}/retire`,
    ok: 204,
  },
  'POST /admin/api/keys/:kid/revoke': {
    access: 'admin',
    path: ({ nextKid }) => `/admin/api/keys/${nextKid}/revoke`,
    ok: 204,
  },
  'GET /admin/api/clients': { access: 'admin', ok: 200 },
  'POST /admin/api/clients': {
    access: 'admin',
    body: () => ({ name: 'orders', scopes: ['orders:read'], audiences: ['https://orders.example'] }),
    ok: 201,
  },
  'DELETE /admin/api/clients/:id': {
    access: 'admin',
    path: ({ client }) => `/admin/api/clients/${client}`,
    ok: 204,
  },
  'GET /admin/api/audit': { access: 'admin', ok: 200 },
  'GET /admin/api/figures': { access: 'admin', ok: 200 },

  'GET /.well-known/jwks.json': { access: 'public', ok: 200 },
  'GET /.well-known/oauth-authorization-server': { access: 'public', ok: 200 },
  'GET /.well-known/openid-configuration': { access: 'public', ok: 200 },
  // Open to clients alone, who sign in by HTTP Basic: see clients.test.ts.
  'POST /oauth/token': {
    access: 'public',
    body: () => ({ grant_type: 'client_credentials', scope: 'orders:read' }),
    ok: 401,
  },
  'POST /oauth/introspect': {
    access: 'public',
    body: ({ ada }) => ({ token: ada.access_token }),
    ok: 401,
  },
  'POST /oauth/revoke': { access: 'public', body: ({ ada }) => ({ token: ada.access_token }), ok: 401 },
  // Needs the scope revocations:read, which no user has and an administrator's `*` covers.
  'GET /revocations': {
    access: 'token',
    ok: 403,
    except: {
      user: '403 insufficient_scope',
      'other user': '403 insufficient_scope',
      administrator: '200',
    },
  },
  'GET /health/live': { access: 'public', ok: 200 },
  'GET /health/ready': { access: 'public', ok: 200 },
  // From this machine, where the matrix calls from; elsewhere: metrics.test.ts.
  'GET /metrics': { access: 'operator', scope: 'metrics:read', ok: 200 },
  'POST /inspect': { access: 'public', body: ({ ada }) => ({ token: ada.access_token }), ok: 200 },
  'GET /openapi.json': { access: 'public', ok: 200 },
  'GET /': { access: 'public', ok: 200 },
  'GET /assets/:name': { access: 'public', path: () => '/assets/style.css', ok: 200 },
  'GET /login': { access: 'public', ok: 200 },
  'POST /login': {
    access: 'public',
    body: () => ({ username: 'ada', password }),
    ok: 303,
    gives: 'cookies',
  },
  'GET /register': { access: 'public', ok: 200 },
  'POST /register': {
    access: 'public',
    body: ({ invitation }) => ({ username: 'newcomer', password, invitation }),
    ok: 303,
    gives: 'cookies',
  },
  'GET /forgot': { access: 'public', ok: 200 },
  'POST /forgot': { access: 'public', body: () => ({ email: 'ada@example.com' }), ok: 200 },
  'GET /reset': { access: 'public', ok: 200 },
  'POST /reset': {
    access: 'public',
    body: ({ reset }) => ({ token: reset, new_password: 'a new lantern here' }),
    ok: 200,
    changes: ['password_hash', 'password_changed_at', 'unverified_email'],
  },
  'GET /verify': { access: 'public', ok: 200 },
  'POST /verify': {
    access: 'public',
    body: ({ verify }) => ({ token: verify }),
    ok: 200,
    changes: ['email', 'unverified_email'],
  },
  'GET /signed-out': { access: 'public', ok: 200 },

  'GET /account': { access: 'page', ok: 200 },
  'POST /account': {
    access: 'page',
    body: () => ({ name: 'Ada Lovelace', username: 'countess' }),
    ok: 303,
    changes: ['username', 'canonical_name', 'name'],
  },
  'GET /.well-known/change-password': { access: 'public', ok: 303 },
  'GET /account/password': { access: 'page', ok: 200 },
  'POST /account/password': {
    access: 'page',
    body: () => ({ current_password: password, new_password: 'a new lantern here' }),
    ok: 303,
    changes: ['password_hash', 'password_changed_at', 'unverified_email'],
  },
  'GET /account/email': { access: 'page', ok: 200 },
  'POST /account/email': {
    access: 'page',
    body: () => ({ email: 'new@example.com', current_password: password }),
    ok: 303,
    changes: ['unverified_email'],
  },
  'POST /account/email/send': { access: 'page', ok: 303 },
  'GET /account/devices': { access: 'page', ok: 200 },
  'POST /account/devices/end-all': { access: 'page', ok: 303 },
  'POST /account/devices/:id/end': {
    access: 'page',
    path: ({ adasSession }) => `/account/devices/${adasSession}/end`,
    ok: 303,
    own: true,
  },
  'GET /account/keys': { access: 'page', ok: 200 },
  'POST /account/keys': {
    access: 'page',
    body: () => ({ name: 'script', scopes: 'user:read', expires: 'day' }),
    ok: 200,
    gives: 'api key',
  },
  'POST /account/keys/:id/revoke': {
    access: 'page',
    path: ({ adasKey }) => `/account/keys/${adasKey}/revoke`,
    ok: 303,
    own: true,
  },
  'GET /account/appearance': { access: 'page', ok: 200 },
  'POST /account/appearance': {
    access: 'page',
    body: () => ({ scheme: 'dark', locale: 'de' }),
    ok: 303,
    changes: ['locale'],
  },
  'GET /account/data': { access: 'page', ok: 200 },
  'POST /account/data/export': { access: 'page', ok: 200 },
  'GET /account/delete': { access: 'page', ok: 200 },
  'POST /account/delete': {
    access: 'page',
    body: () => ({ confirm: 'ada', current_password: password }),
    ok: 303,
    // The form asks for one's own name.
    except: { 'other user': '422', administrator: '422' },
  },
  'POST /account/sign-out': { access: 'page', ok: 303 },
  'GET /docs': { access: 'public', ok: 200 },
  'GET /inspect': { access: 'public', ok: 200 },
  'GET /outbox': { access: 'loopback', ok: 200, gives: 'link' },
}
