// The one user of the tutorial. It is made when the database is empty; what is kept is a hash of its password.
import type { Latchkey } from '@latchkey/server'

export const dummyUser = { username: 'brad', password: 'tutorials-need-a-user' }

/** Makes the user in a new database. */
export async function ensureDummyUser({ users }: Pick<Latchkey, 'users'>): Promise<void> {
  if ((await users.findByName(dummyUser.username)) === undefined) await users.create(dummyUser)
}
