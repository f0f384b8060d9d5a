// `latchkey invite`: a link that lets one person register, or makes the first administrator.
import type { Config } from '../config.ts'
import { openLatchkey } from '../server.ts'
import { requireDatabase } from './open-database.ts'
import type { Printed } from './table.ts'

export interface InviteOptions {
  admin?: true
  email?: string
  role?: string[]
  json?: true
}

/** The link. Throws when there is an administrator already; ConfigError, LatchkeyError `validation_failed`. */
export async function invite(config: Config, { admin, email, role }: InviteOptions): Promise<Printed> {
  requireDatabase(config)
  const latchkey = await openLatchkey(config)
  try {
    const made = admin
      ? await latchkey.users.inviteFirstAdministrator()
      : await latchkey.users.invite({ ...(email !== undefined && { email }), ...(role && { roles: role }) })
    if (made === undefined) {
      throw new Error(
        'There is an administrator already, who can invite others with --role; or no role makes one.',
      )
    }
    return {
      json: { link: made.link, expires_at: made.expiresAt },
      text: `${made.link}\n`,
      words: `It works once, until ${new Date(made.expiresAt * 1000).toISOString()}.`,
    }
  } finally {
    await latchkey.close()
  }
}
