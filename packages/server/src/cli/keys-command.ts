// `latchkey keys`: its verbs and what they take.
import type { Command } from 'commander'
import { settingsHere } from './settings-here.ts'
import { type JsonChoice, show } from './table.ts'

export function addKeyCommands(program: Command): void {
  const keys = program
    .command('keys')
    .description('the signing keys and the master key')
    .addHelpText('after', '\nExample:\n  latchkey keys list')

  keys
    .command('list')
    .description('print the signing keys')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey keys list --json')
    .action(async (choice: JsonChoice) => {
      const { listKeys } = await import('./keys.ts')
      await show(listKeys(await settingsHere()), choice)
    })

  keys
    .command('rotate')
    .description('let the next key sign as soon as it has been published long enough')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey keys rotate')
    .action(async (choice: JsonChoice) => {
      const { rotateKeys } = await import('./keys.ts')
      await show(rotateKeys(await settingsHere()), choice)
    })

  keys
    .command('retire <kid>')
    .description('end a retiring key before its time')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey keys retire pBXMjJ4M3hV7Zq0f')
    .action(async (kid: string, choice: JsonChoice) => {
      const { retireKey } = await import('./keys.ts')
      await show(retireKey(await settingsHere(), kid), choice)
    })

  keys
    .command('revoke <kid>')
    .description('kill a key that leaked, and every token it signed')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey keys revoke pBXMjJ4M3hV7Zq0f')
    .action(async (kid: string, choice: JsonChoice) => {
      const { revokeKey } = await import('./keys.ts')
      await show(revokeKey(await settingsHere(), kid), choice)
    })

  keys
    .command('rewrap')
    .description(
      'wrap what is wrapped under the present master key, and tell what the previous one is needed for',
    )
    .option('--compromised', 'others know the previous one: end all sessions and replace all signing keys')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  LATCHKEY_MASTER_KEY_PREVIOUS_FILE=old.key latchkey keys rewrap')
    .action(async (options: { compromised?: true } & JsonChoice) => {
      const { rewrap, rewrapCompromised } = await import('./keys.ts')
      const config = await settingsHere()
      await show(options.compromised ? rewrapCompromised(config) : rewrap(config), options)
    })
}
