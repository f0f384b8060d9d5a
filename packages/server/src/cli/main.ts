// The command line: which command runs, and what an error's exit code is (0 done, 1 refused or failed, 2 wrong usage
// or settings). Each command is loaded when it is asked for.
import { enableCompileCache, flushCompileCache } from 'node:module'
import { Command } from 'commander'
import { ConfigError, loadConfigFrom } from '../config.ts'
import { version } from '../version.ts'
import { clientCommand } from './client-command.ts'
import type { InviteOptions } from './invite.ts'

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
    process.stdout.write(await invite((await loadConfigFrom(process.cwd())).config, options))
  })

program.addCommand(clientCommand())

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${message}\n`)
  return error instanceof ConfigError ? 2 : 1
}

/** Commander has printed its own sentence by then. */
function isCommanderError(error: unknown): error is { exitCode: number; code: string } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')
}
