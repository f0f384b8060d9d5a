// The API's contents page: every route with what it asks for, in the order its steps run. See steps.ts for the steps.

import { accountRoutes } from './account-routes.ts'
import { consoleRoutes } from './console-routes.ts'
import { closeAccount, editProfile, showProfile, takeAlong } from './endpoints/account.ts'
import { addClient, dropClient, listClients } from './endpoints/admin-clients.ts'
import { listAudit, listKeys, retire, revoke, rotate, showFigures } from './endpoints/admin-system.ts'
import {
  addUser,
  changeUser,
  endAnySession,
  endUserSessions,
  listInvitations,
  listUserSessions,
  listUsers,
  makeInvitation,
  sendUserReset,
  showUser,
} from './endpoints/admin-users.ts'
import { dropApiKey, listApiKeys, makeApiKey } from './endpoints/api-keys.ts'
import { showAsset } from './endpoints/assets.ts'
import { accessData } from './endpoints/data.ts'
import { showDocs } from './endpoints/docs.ts'
import { askForAddress, confirmAddress, sendLinkAgain } from './endpoints/email.ts'
import { live, ready } from './endpoints/health.ts'
import { answerInspector, showInspector } from './endpoints/inspect.ts'
import { keySet } from './endpoints/jwks.ts'
import { signIn } from './endpoints/login.ts'
import { signOut } from './endpoints/logout.ts'
import { metadata } from './endpoints/metadata.ts'
import { showMetrics } from './endpoints/metrics.ts'
import { answerQuestion, bodyRefusal, giveToken, withdrawToken } from './endpoints/oauth.ts'
import { showDescription } from './endpoints/openapi.ts'
import { showOutbox } from './endpoints/outbox.ts'
import { askForReset, changeOwnPassword, chooseNewPassword } from './endpoints/password.ts'
import { renew } from './endpoints/refresh.ts'
import { signUp } from './endpoints/register.ts'
import { listenToRevocations } from './endpoints/revocations.ts'
import { dropSession, listSessions } from './endpoints/sessions.ts'
import * as shapes from './late-shapes.ts'
import { type Route, route } from './route.ts'

const { nothing } = shapes

export const routes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/user/register',
    access: 'public',
    hashes: true,
    body: shapes.registration,
    run: signUp,
  }),
  route({
    method: 'POST',
    path: '/user/login',
    access: 'public',
    hashes: true,
    body: shapes.credentials,
    run: signIn,
  }),
  route({
    method: 'GET',
    path: '/user/data',
    access: 'token',
    apiKeyScope: 'user:read',
    body: nothing,
    run: accessData,
  }),
  route({
    method: 'GET',
    path: '/user/login',
    access: 'token',
    apiKeyScope: 'user:read',
    body: nothing,
    run: accessData,
  }),
  route({ method: 'POST', path: '/user/refresh', access: 'public', body: shapes.renewal, run: renew }),
  route({ method: 'POST', path: '/user/logout', access: 'public', body: shapes.farewell, run: signOut }),

  route({
    method: 'GET',
    path: '/user',
    access: 'user',
    apiKeyScope: 'user:read',
    body: nothing,
    run: showProfile,
  }),
  route({
    method: 'PATCH',
    path: '/user',
    access: 'user',
    apiKeyScope: 'user:write',
    body: shapes.profileChange,
    run: editProfile,
  }),
  route({ method: 'DELETE', path: '/user', access: 'user', body: shapes.deletion, run: closeAccount }),
  route({ method: 'GET', path: '/user/export', access: 'user', body: nothing, run: takeAlong }),
  route({ method: 'GET', path: '/user/sessions', access: 'user', body: nothing, run: listSessions }),
  route({ method: 'DELETE', path: '/user/sessions/:id', access: 'user', body: nothing, run: dropSession }),
  route({
    method: 'POST',
    path: '/user/password',
    access: 'user',
    body: shapes.passwordChange,
    run: changeOwnPassword,
  }),
  route({
    method: 'POST',
    path: '/user/password/forgot',
    access: 'public',
    body: shapes.forgotten,
    run: askForReset,
  }),
  route({
    method: 'POST',
    path: '/user/password/reset',
    access: 'public',
    body: shapes.passwordReset,
    run: chooseNewPassword,
  }),
  route({
    method: 'POST',
    path: '/user/email',
    access: 'user',
    body: shapes.addressChange,
    run: askForAddress,
  }),
  route({
    method: 'POST',
    path: '/user/email/verify',
    access: 'public',
    body: shapes.addressVerification,
    run: confirmAddress,
  }),
  route({
    method: 'POST',
    path: '/user/email/verify/send',
    access: 'user',
    body: nothing,
    run: sendLinkAgain,
  }),
  route({ method: 'GET', path: '/user/keys', access: 'user', body: nothing, run: listApiKeys }),
  route({ method: 'POST', path: '/user/keys', access: 'user', body: shapes.newApiKey, run: makeApiKey }),
  route({ method: 'DELETE', path: '/user/keys/:id', access: 'user', body: nothing, run: dropApiKey }),

  ...consoleRoutes,

  route({ method: 'GET', path: '/admin/api/users', access: 'admin', body: nothing, run: listUsers }),
  route({ method: 'POST', path: '/admin/api/users', access: 'admin', body: shapes.newUser, run: addUser }),
  route({ method: 'GET', path: '/admin/api/users/:id', access: 'admin', body: nothing, run: showUser }),
  route({
    method: 'PATCH',
    path: '/admin/api/users/:id',
    access: 'admin',
    body: shapes.userChange,
    run: changeUser,
  }),
  route({
    method: 'POST',
    path: '/admin/api/users/:id/reset',
    access: 'admin',
    body: nothing,
    run: sendUserReset,
  }),
  route({
    method: 'GET',
    path: '/admin/api/users/:id/sessions',
    access: 'admin',
    body: nothing,
    run: listUserSessions,
  }),
  route({
    method: 'DELETE',
    path: '/admin/api/users/:id/sessions',
    access: 'admin',
    body: nothing,
    run: endUserSessions,
  }),
  route({
    method: 'DELETE',
    path: '/admin/api/sessions/:id',
    access: 'admin',
    body: nothing,
    run: endAnySession,
  }),
  route({
    method: 'GET',
    path: '/admin/api/invitations',
    access: 'admin',
    body: nothing,
    run: listInvitations,
  }),
  route({
    method: 'POST',
    path: '/admin/api/invitations',
    access: 'admin',
    body: shapes.newInvitation,
    run: makeInvitation,
  }),
  route({ method: 'GET', path: '/admin/api/keys', access: 'admin', body: nothing, run: listKeys }),
  route({ method: 'POST', path: '/admin/api/keys/rotate', access: 'admin', body: nothing, run: rotate }),
  route({ method: 'POST', path: '/admin/api/keys/:kid/retire', access: 'admin', body: nothing, run: retire }),
  route({ method: 'POST', path: '/admin/api/keys/:kid/revoke', access: 'admin', body: nothing, run: revoke }),
  route({ method: 'GET', path: '/admin/api/clients', access: 'admin', body: nothing, run: listClients }),
  route({
    method: 'POST',
    path: '/admin/api/clients',
    access: 'admin',
    body: shapes.newClient,
    run: addClient,
  }),
  route({
    method: 'DELETE',
    path: '/admin/api/clients/:id',
    access: 'admin',
    body: nothing,
    run: dropClient,
  }),
  route({ method: 'GET', path: '/admin/api/audit', access: 'admin', body: nothing, run: listAudit }),
  route({ method: 'GET', path: '/admin/api/figures', access: 'admin', body: nothing, run: showFigures }),

  route({ method: 'GET', path: '/.well-known/jwks.json', access: 'public', body: nothing, run: keySet }),
  route({
    method: 'GET',
    path: '/.well-known/oauth-authorization-server',
    access: 'public',
    body: nothing,
    run: metadata,
  }),
  route({
    method: 'GET',
    path: '/.well-known/openid-configuration',
    access: 'public',
    body: nothing,
    run: metadata,
  }),
  route({
    method: 'POST',
    path: '/oauth/token',
    access: 'public',
    body: shapes.tokenRequest,
    refusal: bodyRefusal,
    run: giveToken,
  }),
  route({
    method: 'POST',
    path: '/oauth/introspect',
    access: 'public',
    body: shapes.tokenQuestion,
    refusal: bodyRefusal,
    run: answerQuestion,
  }),
  route({
    method: 'POST',
    path: '/oauth/revoke',
    access: 'public',
    body: shapes.tokenQuestion,
    refusal: bodyRefusal,
    run: withdrawToken,
  }),
  route({
    method: 'GET',
    path: '/revocations',
    access: 'token',
    scope: 'revocations:read',
    body: nothing,
    run: listenToRevocations,
  }),
  route({
    method: 'GET',
    path: '/health/live',
    access: 'public',
    body: nothing,
    unencrypted: true,
    run: live,
  }),
  route({
    method: 'GET',
    path: '/health/ready',
    access: 'public',
    body: nothing,
    unencrypted: true,
    run: ready,
  }),
  route({
    method: 'GET',
    path: '/metrics',
    access: 'operator',
    scope: 'metrics:read',
    apiKeyScope: 'metrics:read',
    body: nothing,
    run: showMetrics,
  }),
  route({ method: 'POST', path: '/inspect', access: 'public', body: shapes.inspected, run: answerInspector }),
  route({ method: 'GET', path: '/openapi.json', access: 'public', body: nothing, run: showDescription }),

  ...accountRoutes,
  route({ method: 'GET', path: '/docs', access: 'public', isPage: true, body: nothing, run: showDocs }),
  route({
    method: 'GET',
    path: '/inspect',
    access: 'public',
    isPage: true,
    body: nothing,
    run: showInspector,
  }),
  route({ method: 'GET', path: '/outbox', access: 'loopback', isPage: true, body: nothing, run: showOutbox }),
  route({ method: 'GET', path: '/assets/:name', access: 'public', body: nothing, run: showAsset }),
]
