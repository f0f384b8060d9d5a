// `latchkey user`: its verbs and what they take.
import type { Command } from 'commander'
import { settingsHere } from './settings-here.ts'
import { type JsonChoice, show } from './table.ts'
import type { ListOptions, NewUserOptions } from './user.ts'

/** A user is named by username, id or verified address. */
export function addUserCommands(program: Command): void {
  const user = program
    .command('user')
    .description('the accounts: a user is named by username, id or verified address')
    .addHelpText('after', '\nExample:\n  latchkey user list')
  addAccountCommands(user)
  addAccessCommands(user)
  addSessionCommands(user)
}

function addAccountCommands(user: Command): void {
  user
    .command('add <username>')
    .description('make a user, who chooses a password by a link')
    .option('--email <address>', 'their address: the link is mailed there instead of printed')
    .option('--role <names...>', 'the roles they have')
    .option('--password', 'ask for a password now, at the terminal or on stdin')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey user add ada --email ada@example.com --role editor')
    .action(async (username: string, options: NewUserOptions & JsonChoice) => {
      const { addUser } = await import('./user.ts')
      await show(addUser(await settingsHere(), username, options), options)
    })

  user
    .command('list')
    .description('print the users')
    .option('--search <text>', 'those whose name or address begins so')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey user list --search ad --json')
    .action(async (options: ListOptions & JsonChoice) => {
      const { listUsers } = await import('./user.ts')
      await show(listUsers(await settingsHere(), options), options)
    })

  user
    .command('show <user>')
    .description('print one user')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey user show ada')
    .action(async (name: string, choice: JsonChoice) => {
      const { showUser } = await import('./user.ts')
      await show(showUser(await settingsHere(), name), choice)
    })

  user
    .command('delete <user>')
    .description('delete an account and everything of it, for good')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  latchkey user delete ada --yes')
    .action(async (name: string, { yes }: { yes?: true }) => {
      const { deleteUser, usernameOf } = await import('./user.ts')
      const { confirm } = await import('./confirm.ts')
      const config = await settingsHere()
      if (!yes) await confirm(`Delete ${await usernameOf(config, name)} and everything of theirs, for good?`)
      await show(deleteUser(config, name))
    })
}

function addAccessCommands(user: Command): void {
  user
    .command('disable <user>')
    .description('keep a user out: sessions, access tokens and API keys die at once')
    .addHelpText('after', '\nExample:\n  latchkey user disable ada')
    .action(async (name: string) => {
      const { disableUser } = await import('./user.ts')
      await show(disableUser(await settingsHere(), name))
    })

  user
    .command('enable <user>')
    .description('let a disabled user sign in again')
    .addHelpText('after', '\nExample:\n  latchkey user enable ada')
    .action(async (name: string) => {
      const { enableUser } = await import('./user.ts')
      await show(enableUser(await settingsHere(), name))
    })

  user
    .command('roles <user> [roles...]')
    .description('set the roles of a user, all of them; none takes every role away')
    .addHelpText('after', '\nExample:\n  latchkey user roles ada editor')
    .action(async (name: string, roles: string[]) => {
      const { changeRoles } = await import('./user.ts')
      await show(changeRoles(await settingsHere(), name, roles))
    })

  user
    .command('reset <user>')
    .description('mail a link to a new password; print the link to a first one where there is no address')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey user reset ada')
    .action(async (name: string, choice: JsonChoice) => {
      const { resetUser } = await import('./user.ts')
      await show(resetUser(await settingsHere(), name), choice)
    })

  user
    .command('passwd <user>')
    .description('set a password that is typed at the terminal or comes on stdin; ends all sessions')
    .addHelpText('after', '\nExample:\n  latchkey user passwd ada')
    .action(async (name: string) => {
      const { setPassword } = await import('./user.ts')
      await show(setPassword(await settingsHere(), name))
    })
}

function addSessionCommands(user: Command): void {
  user
    .command('sessions <user>')
    .description('print the live sessions of a user')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey user sessions ada')
    .action(async (name: string, choice: JsonChoice) => {
      const { listSessions } = await import('./user.ts')
      await show(listSessions(await settingsHere(), name), choice)
    })

  user
    .command('end-sessions <user>')
    .description('end every session of a user, or one, with the access tokens')
    .option('--session <id>', 'this one only')
    .addHelpText('after', '\nExample:\n  latchkey user end-sessions ada')
    .action(async (name: string, { session }: { session?: string }) => {
      const { endSessions } = await import('./user.ts')
      await show(endSessions(await settingsHere(), name, session))
    })
}
