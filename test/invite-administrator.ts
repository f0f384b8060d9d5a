// The first administrator's invitation, as whoever runs a server gets it.
import { cleanEnvironment, run, serverProgram } from './server-process.ts'

/** What `latchkey invite --admin` prints, in the folder of a server whose issuer is `url`: the token of the link. */
export async function inviteAdministrator({ url, folder }: { url: string; folder: string }): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [serverProgram, 'invite', '--admin'], {
    cwd: folder,
    env: cleanEnvironment({ LATCHKEY_ISSUER: url }),
  })
  const link = URL.parse(stdout.trim())
  const invitation = link?.searchParams.get('invitation')
  if (!invitation) throw new Error(`no invitation: ${stdout}${stderr}`)
  return invitation
}
