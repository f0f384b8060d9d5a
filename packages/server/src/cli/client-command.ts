// `latchkey client`: its verbs and what they take. What they do is loaded when one is asked for.
import { Command } from 'commander'
import { loadConfigFrom } from '../config.ts'
import type { AddOptions } from './client.ts'

export function clientCommand(): Command {
  const command = new Command('client').description('services that sign in as themselves').exitOverride()
  command
    .command('add <name>')
    .description('make a client and print its id and its secret, once')
    .option('--scope <names...>', 'what it may do: revocations:read, introspect:any, or scopes of your own')
    .option('--audience <names...>', 'whom it is, as tokens name it: it may ask about tokens meant for these')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey client add orders --scope revocations:read')
    .action(async (name: string, options: AddOptions) => {
      const { addClient } = await import('./client.ts')
      process.stdout.write(await addClient(await config(), name, options))
      process.stderr.write('The secret is shown this once. Keep it where the service reads its secrets.\n')
    })
  command
    .command('list')
    .description('print the clients')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey client list --json')
    .action(async (options: { json?: true }) => {
      const { listClients } = await import('./client.ts')
      process.stdout.write(await listClients(await config(), options))
    })
  command
    .command('disable <id>')
    .description('disable a client; its access tokens die everywhere')
    .addHelpText('after', '\nExample:\n  latchkey client disable AZqTyA5uWmBSMuJDNBkQ5w')
    .action(async (id: string) => {
      const { disableClient } = await import('./client.ts')
      await disableClient(await config(), id)
    })
  return command
}

async function config() {
  return (await loadConfigFrom(process.cwd())).config
}
