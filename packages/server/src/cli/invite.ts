// `latchkey invite`: a link that lets one person register, or makes the first administrator.
import { invite as inviteOne } from '../auth/admin.ts'
import { inviteFirstAdministrator } from '../auth/first-admin.ts'
import type { Config } from '../config.ts'
import { oneTimeLink } from '../mail/queue.ts'
import { commandLine, withAuth } from './open-auth.ts'
import { instant, type Printed } from './table.ts'

export interface InviteOptions {
  admin?: true
  email?: string
  role?: string[]
}

/** The link. Throws when there is an administrator already; ConfigError, LatchkeyError `validation_failed`. */
export function invite(config: Config, { admin, email, role = [] }: InviteOptions): Promise<Printed> {
  return withAuth(config, async auth => {
    const made = admin
      ? await inviteFirstAdministrator(auth)
      : await inviteOne(auth, { email, roles: role }, commandLine)
    if (made === undefined) {
      throw new Error(
        'There is an administrator already, who can invite others with --role; or no role makes one.',
      )
    }
    const { thing, token } = made
    const link = oneTimeLink(auth.issuer, thing, token)
    return {
      json: { link, expires_at: thing.expiresAt },
      text: `${link}\n`,
      words: `It works once, until ${instant(thing.expiresAt)}.`,
    }
  })
}
