// Who may act on another user's standing, as a verb asks inside the transaction that acts.
import type { UserRecord } from './records.ts'
import type { Administrator } from './store.ts'

/** Whether that user is there, enabled, and still has a role that lets them. */
export function stillAdministrates(user: UserRecord | undefined, { roles }: Administrator): boolean {
  return user !== undefined && user.disabledAt === undefined && user.roles.some(role => roles.includes(role))
}
