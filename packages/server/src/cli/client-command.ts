// `latchkey client`: its verbs and what they take.
import type { Command } from 'commander'
import type { AddOptions } from './client.ts'
import { settingsHere } from './settings-here.ts'
import { type JsonChoice, show } from './table.ts'

export function addClientCommands(program: Command): void {
  const client = program
    .command('client')
    .description('services that sign in as themselves')
    .addHelpText('after', '\nExample:\n  latchkey client list')

  client
    .command('add <name>')
    .description('make a client and print its id and its secret, once')
    .option(
      '--scope <names...>',
      'what it may do: revocations:read, metrics:read, introspect:any, or scopes of your own',
    )
    .option('--audience <names...>', 'whom it is, as tokens name it: it may ask about tokens meant for these')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey client add orders --scope revocations:read')
    .action(async (name: string, options: AddOptions & JsonChoice) => {
      const { addClient } = await import('./client.ts')
      await show(addClient(await settingsHere(), name, options), options)
    })

  client
    .command('list')
    .description('print the clients')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey client list --json')
    .action(async (choice: JsonChoice) => {
      const { listClients } = await import('./client.ts')
      await show(listClients(await settingsHere()), choice)
    })

  client
    .command('disable <id>')
    .description('disable a client; its access tokens die everywhere')
    .addHelpText('after', '\nExample:\n  latchkey client disable AZqTyA5uWmBSMuJDNBkQ5w')
    .action(async (id: string) => {
      const { disableClient } = await import('./client.ts')
      await show(disableClient(await settingsHere(), id))
    })
}
