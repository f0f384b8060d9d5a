// What an application that embeds Latchkey does with users and sessions in code, beside the routes.

import { publicUser } from './auth/access-token.ts'
import { invite } from './auth/admin.ts'
import { createClient, disableClient, type ShownClient, shownClient } from './auth/clients.ts'
import type { AuthContext, PublicUser } from './auth/context.ts'
import { hasAdministrator, inviteFirstAdministrator } from './auth/first-admin.ts'
import { logout, logoutEverywhere } from './auth/logout.ts'
import { register } from './auth/register.ts'
import { canonicalName } from './auth/username.ts'
import { oneTimeLink } from './mail/queue.ts'
import type { OneTimeRecord, SessionId, UserId } from './store/records.ts'

export interface Users {
  /** Makes a user, as POST /user/register does. Throws its codes, `registration_closed` apart. */
  create(user: { username: string; password: string; email?: string }): Promise<PublicUser>
  /** The user with this name, whatever its spelling. */
  findByName(username: string): Promise<PublicUser | undefined>
  find(id: string): Promise<PublicUser | undefined>
  /** A link that lets one person register with these roles; mailed as well where there is an address. */
  invite(invitation?: { email?: string; roles?: readonly string[] }): Promise<Invitation>
  /** The link that makes the first administrator; undefined when there is one, or no role that makes one. */
  inviteFirstAdministrator(): Promise<Invitation | undefined>
  hasAdministrator(): Promise<boolean>
}

export interface Invitation {
  /** Opens the page to register on; works once. */
  link: string
  /** Seconds since 1970. */
  expiresAt: number
}

export interface Sessions {
  /** Ends a session and revokes its access tokens; idempotent. */
  end(sessionId: string): Promise<void>
  /** Ends every session of a user and revokes their access tokens. */
  endAll(userId: string): Promise<void>
}

export function createUsersFace(auth: AuthContext): Users {
  const inCode: AuthContext = { ...auth, rules: { ...auth.rules, registration: 'open' } }
  const shown = ({ thing, token }: { thing: OneTimeRecord; token: string }): Invitation => ({
    link: oneTimeLink(auth.issuer, thing, token),
    expiresAt: thing.expiresAt,
  })
  return {
    create: ({ username, password, email }) =>
      register(inCode, { username, password, email, invitation: undefined }, { address: undefined }),
    async findByName(username) {
      const user = await auth.store.findUserByName(canonicalName(username))
      return user && publicUser(user)
    },
    async find(id) {
      // Any text may be asked for; only a real id finds somebody.
      const user = await auth.store.findUser(id as UserId)
      return user && publicUser(user)
    },
    async invite({ email, roles = [] } = {}) {
      return shown(await invite(auth, { email, roles }, { actor: 'code', address: undefined }))
    },
    async inviteFirstAdministrator() {
      const made = await inviteFirstAdministrator(auth)
      return made && shown(made)
    },
    hasAdministrator: () => hasAdministrator(auth),
  }
}

export function createSessionsFace(auth: AuthContext): Sessions {
  const nobody = { address: undefined }
  return {
    async end(sessionId) {
      // Any text may be given; only a real id ends something.
      const session = await auth.store.findSession(sessionId as SessionId)
      if (session !== undefined)
        await logout(auth, { sessionId: session.id, userId: session.userId, all: false }, nobody)
    },
    // Any text may be given; only a real id ends something.
    endAll: userId => logoutEverywhere(auth, userId as UserId, nobody),
  }
}

export interface Clients {
  /** Makes a client. Its secret is given once and never again. */
  add(client: {
    name: string
    scopes?: readonly string[]
    audiences?: readonly string[]
  }): Promise<{ client: ShownClient; secret: string }>
  list(): Promise<readonly ShownClient[]>
  /** Disables a client and revokes its access tokens. Throws `not_found`. */
  disable(id: string): Promise<void>
}

export function createClientsFace(auth: AuthContext): Clients {
  const byCode = { actor: 'code', address: undefined }
  return {
    async add({ name, scopes = [], audiences = [] }) {
      const made = await createClient(auth, { name, scopes, audiences }, byCode)
      return { client: shownClient(made.client), secret: made.secret }
    },
    async list() {
      const all: ShownClient[] = []
      let cursor: string | undefined
      do {
        const page = await auth.store.listClients({ cursor, limit: 200 })
        all.push(...page.items.map(shownClient))
        cursor = page.next
      } while (cursor !== undefined)
      return all
    },
    disable: id => disableClient(auth, id, byCode),
  }
}
