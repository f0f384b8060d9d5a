// `latchkey invite`: a link that lets one person register, or makes the first administrator.
import type { Config } from '../config.ts'
import { openLatchkey } from '../server.ts'

export interface InviteOptions {
  admin?: true
  email?: string
  role?: string[]
  json?: true
}

/** The link, for stdout. Throws when there is an administrator already, LatchkeyError `validation_failed`. */
export async function invite(config: Config, { admin, email, role, json }: InviteOptions): Promise<string> {
  const latchkey = await openLatchkey(config)
  try {
    const made = admin
      ? await latchkey.users.inviteFirstAdministrator()
      : await latchkey.users.invite({ ...(email !== undefined && { email }), ...(role && { roles: role }) })
    if (made === undefined)
      throw new Error(
        'There is an administrator already, who can invite others with --role; or no role makes one.',
      )
    return json
      ? `${JSON.stringify({ link: made.link, expires_at: made.expiresAt }, null, 2)}\n`
      : `${made.link}\n`
  } finally {
    await latchkey.close()
  }
}
