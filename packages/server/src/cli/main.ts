// The command line: which command runs, and what an error's exit code is (0 done, 1 refused or failed, 2 wrong usage
// or settings). Each command is loaded when it is asked for.
import { enableCompileCache, flushCompileCache } from 'node:module'
import { Command } from 'commander'
import { type Config, ConfigError, loadConfigFrom } from '../config.ts'
import { version } from '../version.ts'
import { clientCommand } from './client-command.ts'
import { addImportCommand } from './import-command.ts'
import type { InviteOptions } from './invite.ts'
import { type Printed, print } from './table.ts'

enableCompileCache()

const program = new Command('latchkey')
  .description('The login server: users, sessions and tokens.')
  .version(version, '-v, --version', 'print the version')
  .showHelpAfterError('Run latchkey --help for what there is.')
  .exitOverride()

program
  .command('serve', { isDefault: true })
  .description('start the server')
  .addHelpText('after', '\nExample:\n  LATCHKEY_PORT=8080 latchkey serve')
  .action(async () => {
    const { serve } = await import('./serve.ts')
    await serve(await loadConfigFrom(process.cwd()), () => flushCompileCache())
  })

program
  .command('config')
  .description('print the settings in force and where each comes from, secrets hidden')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  latchkey config --json')
  .action(async ({ json }: { json?: true }) => {
    const { showConfig } = await import('./config.ts')
    process.stdout.write(showConfig(await loadConfigFrom(process.cwd()), json ? 'json' : 'table'))
  })

program
  .command('invite')
  .description('print a link that lets one person register')
  .option('--admin', 'the link for the first administrator, while there is none')
  .option('--email <address>', 'whom it is for; the running server mails it as well')
  .option('--role <names...>', 'the roles it gives')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  latchkey invite --admin')
  .action(async (options: InviteOptions) => {
    const { invite } = await import('./invite.ts')
    await show(invite(await settingsHere(), options), options.json)
  })

program
  .command('migrate')
  .description('bring the database up to date, as a start of the server does')
  .addHelpText('after', '\nExample:\n  latchkey migrate')
  .action(async () => {
    const { migrate } = await import('./database.ts')
    await show(migrate(await settingsHere()))
  })

program
  .command('backup <file>')
  .description('copy the database into a new file, while servers run')
  .addHelpText('after', '\nExample:\n  latchkey backup /backups/latchkey-monday.db')
  .action(async (file: string) => {
    const { backup } = await import('./database.ts')
    await show(backup(await settingsHere(), file))
  })

program
  .command('restore <file>')
  .description('replace the database by a backup, while servers run')
  .addHelpText('after', '\nExample:\n  latchkey restore /backups/latchkey-monday.db')
  .action(async (file: string) => {
    const { restore } = await import('./database.ts')
    await show(restore(await settingsHere(), file))
  })

const keys = program.command('keys').description('the signing keys and the master key')

keys
  .command('list', { isDefault: true })
  .description('print the signing keys')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  latchkey keys list --json')
  .action(async ({ json }: { json?: true }) => {
    const { listKeys } = await import('./keys.ts')
    await show(listKeys(await settingsHere()), json)
  })

keys
  .command('rotate')
  .description('let the next key sign as soon as it has been published long enough')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  latchkey keys rotate')
  .action(async ({ json }: { json?: true }) => {
    const { rotateKeys } = await import('./keys.ts')
    await show(rotateKeys(await settingsHere()), json)
  })

keys
  .command('retire <kid>')
  .description('end a retiring key before its time')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  latchkey keys retire pBXMjJ4M3hV7Zq0f')
  .action(async (kid: string, { json }: { json?: true }) => {
    const { retireKey } = await import('./keys.ts')
    await show(retireKey(await settingsHere(), kid), json)
  })

keys
  .command('revoke <kid>')
  .description('kill a key that leaked, and every token it signed')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  latchkey keys revoke pBXMjJ4M3hV7Zq0f')
  .action(async (kid: string, { json }: { json?: true }) => {
    const { revokeKey } = await import('./keys.ts')
    await show(revokeKey(await settingsHere(), kid), json)
  })

keys
  .command('rewrap')
  .description(
    'wrap what is wrapped under the present master key, and tell what the previous one is needed for',
  )
  .option('--compromised', 'others know the previous one: end all sessions and replace all signing keys')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  LATCHKEY_MASTER_KEY_PREVIOUS_FILE=old.key latchkey keys rewrap')
  .action(async ({ compromised, json }: { compromised?: true; json?: true }) => {
    const { rewrap, rewrapCompromised } = await import('./keys.ts')
    const config = await settingsHere()
    await show(compromised ? rewrapCompromised(config) : rewrap(config), json)
  })

program.addCommand(clientCommand())
addImportCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

async function settingsHere(): Promise<Config> {
  return (await loadConfigFrom(process.cwd())).config
}

async function show(printed: Promise<Printed>, json?: true): Promise<void> {
  print(await printed, json ? 'json' : 'table')
}

function exitCodeOf(error: unknown): number {
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2
  process.stderr.write(`${wordsOf(error)}\n`)
  return error instanceof ConfigError ? 2 : 1
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const fields = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  return [error.message, ...fields.map(field => String(field?.message))].join(' ')
}

/** Commander has printed its own sentence by then. */
function isCommanderError(error: unknown): error is { exitCode: number; code: string } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')
}
