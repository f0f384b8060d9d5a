// The first administrator: a link that works once, made while there is none, by whoever sits at the machine.
import type { Roles } from '../config.ts'
import type { OneTimeRecord } from '../store/records.ts'
import { auditOf } from './audit.ts'
import type { AuthContext } from './context.ts'
import { newOneTime, oneTimeToken } from './one-time.ts'

/** The roles that let their users administrate: those that give `*` or `admin`. */
export function administratorRoles(roles: Roles): readonly string[] {
  return Object.keys(roles).filter(role => roles[role]?.some(scope => scope === '*' || scope === 'admin'))
}

/** Whether one of these roles lets its users administrate. */
export function letAdministrate(names: readonly string[], roles: Roles): boolean {
  const giving = administratorRoles(roles)
  return names.some(name => giving.includes(name))
}

/** Whether anybody has a role that lets them administrate. */
export async function hasAdministrator(context: AuthContext): Promise<boolean> {
  for (const role of administratorRoles(context.roles))
    if (await context.store.hasUserWithRole(role)) return true
  return false
}

/**
 * An invitation to be the first administrator, good for an hour and only while there is none; an older one dies.
 * Undefined when there is an administrator, or no role that makes one.
 */
export async function inviteFirstAdministrator(
  context: AuthContext,
): Promise<{ thing: OneTimeRecord; token: string } | undefined> {
  const [role] = administratorRoles(context.roles)
  if (role === undefined || (await hasAdministrator(context))) return undefined
  const thing = newOneTime(context, { purpose: 'first_admin', roles: [role] })
  const audit = auditOf(
    context,
    'invitation_made',
    { address: undefined },
    { actor: 'command line', detail: role },
  )
  await context.store.issueOneTime(thing, undefined, audit)
  return { thing, token: oneTimeToken(context.master, thing) }
}
