// The console's pages as rows of the route table. What answers them is loaded with the first one: a server that nobody
// looks at carries none of it.
import * as shapes from './late-shapes.ts'
import { type Route, route } from './route.ts'

const { nothing } = shapes
const system = () => import('./endpoints/console/system.ts')
const users = () => import('./endpoints/console/users.ts')
const sessions = () => import('./endpoints/console/sessions.ts')
const keys = () => import('./endpoints/console/keys.ts')
const clients = () => import('./endpoints/console/clients.ts')
const invitations = () => import('./endpoints/console/invitations.ts')
const audit = () => import('./endpoints/console/audit.ts')

const page = (path: string, run: Route['run']): Route =>
  route({ method: 'GET', path, access: 'console', body: nothing, run })

const act = (path: string, run: Route['run']): Route =>
  route({ method: 'POST', path, access: 'console', body: nothing, run })

const form = <T>(
  path: string,
  body: Parameters<typeof route<T>>[0]['body'],
  run: Parameters<typeof route<T>>[0]['run'],
): Route => route({ method: 'POST', path, access: 'console', body, run })

export const consoleRoutes: readonly Route[] = [
  page('/admin', async call => (await system()).showOverview(call)),
  page('/admin/settings', async call => (await system()).showSettings(call)),

  page('/admin/users', async call => (await users()).showUsers(call)),
  page('/admin/users/new', async call => (await users()).showNewUser(call)),
  form('/admin/users', shapes.newUserForm, async call => (await users()).takeNewUser(call)),
  page('/admin/users/:id', async call => (await users()).showUser(call)),
  form('/admin/users/:id/roles', shapes.rolesForm, async call => (await users()).takeRoles(call)),
  form('/admin/users/:id/state', shapes.userStateForm, async call => (await users()).takeState(call)),
  act('/admin/users/:id/reset', async call => (await users()).takeReset(call)),
  act('/admin/users/:id/sessions/end', async call => (await users()).takeSessionsEnd(call)),

  page('/admin/sessions', async call => (await sessions()).showSessions(call)),
  page('/admin/sessions/:id', async call => (await sessions()).showSession(call)),
  act('/admin/sessions/:id/end', async call => (await sessions()).takeSessionEnd(call)),

  page('/admin/keys', async call => (await keys()).showKeys(call)),
  act('/admin/keys/rotate', async call => (await keys()).takeRotation(call)),
  page('/admin/keys/:kid', async call => (await keys()).showKey(call)),
  act('/admin/keys/:kid/retire', async call => (await keys()).takeRetirement(call)),
  page('/admin/keys/:kid/revoke', async call => (await keys()).showRevocation(call)),
  act('/admin/keys/:kid/revoke', async call => (await keys()).takeRevocation(call)),

  page('/admin/clients', async call => (await clients()).showClients(call)),
  page('/admin/clients/new', async call => (await clients()).showNewClient(call)),
  form('/admin/clients', shapes.newClientForm, async call => (await clients()).takeNewClient(call)),
  page('/admin/clients/:id', async call => (await clients()).showClient(call)),
  act('/admin/clients/:id/disable', async call => (await clients()).takeClientEnd(call)),

  page('/admin/invitations', async call => (await invitations()).showInvitations(call)),
  form('/admin/invitations', shapes.invitationForm, async call => (await invitations()).takeInvitation(call)),

  page('/admin/audit', async call => (await audit()).showAudit(call)),
  page('/admin/audit/export', async call => (await audit()).exportAudit(call)),
]
