// The commands: their names, what each takes, and an example. What they do is loaded when one is asked for. The page
// docs/reference/cli.md is made from this tree.
import { flushCompileCache } from 'node:module'
import { Argument, Command } from 'commander'
import { loadConfigFrom } from '../config.ts'
import { version } from '../version.ts'
import { addClientCommands } from './client-command.ts'
import type { DoctorOptions } from './doctor.ts'
import { addImportCommand } from './import-command.ts'
import type { InitOptions } from './init.ts'
import type { InviteOptions } from './invite.ts'
import { addKeyCommands } from './keys-command.ts'
import { paint } from './paint.ts'
import { settingsHere } from './settings-here.ts'
import { type JsonChoice, show } from './table.ts'
import { addTokenCommands } from './token-command.ts'
import { addUserCommands } from './user-command.ts'

const exitCodes = '\nExit codes: 0 done, 1 refused or failed, 2 wrong usage or settings.'

/** The whole command line, ready to parse. Commander's own errors are thrown, after their sentence is printed. */
export function createProgram(): Command {
  const program = new Command('latchkey')
    .description('The login server: users, sessions and tokens.')
    .version(version, '-v, --version', 'print the version')
    .configureOutput({ outputError: (text, write) => write(sentenceOf(text)) })
    .configureHelp({ styleTitle: title => paint('bold', title) })
    .addHelpText('after', exitCodes)
    .exitOverride()
  addServerCommands(program)
  addDatabaseCommands(program)
  addImportCommand(program)
  addUserCommands(program)
  addTokenCommands(program)
  addKeyCommands(program)
  addClientCommands(program)
  pointToHelp(program, 'latchkey')
  return program
}

/** After a wrong call: where the help of that very command is. */
function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(`Run ${path} --help for what there is.`)
  for (const one of command.commands) pointToHelp(one, `${path} ${one.name()}`)
}

function addServerCommands(program: Command): void {
  program
    .command('init')
    .description('ask what is needed and write latchkey.config.ts and .env')
    .option('-y, --yes', 'ask nothing and take the defaults')
    .option('--force', 'write over files that are there; the secrets in them are kept')
    .addHelpText('after', '\nExample:\n  latchkey init --yes')
    .action(async (options: InitOptions) => {
      const { init } = await import('./init.ts')
      await show(init(process.cwd(), options))
    })

  program
    .command('serve')
    .description('start the server; what a call without a command does')
    .addHelpText(
      'after',
      '\nSettings come from the environment, .env and latchkey.config.ts; latchkey config prints them.' +
        '\n\nExample:\n  LATCHKEY_PORT=8080 latchkey serve',
    )
    .action(async () => {
      const { serve } = await import('./serve.ts')
      await serve(await loadConfigFrom(process.cwd()), () => flushCompileCache())
    })

  program
    .command('config')
    .description('print the settings in force and where each comes from, secrets hidden')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey config --json')
    .action(async (choice: JsonChoice) => {
      const { showConfig } = await import('./config.ts')
      await show(showConfig(await loadConfigFrom(process.cwd())), choice)
    })

  program
    .command('doctor')
    .description('look for what is wrong with this installation, and say how to put it right')
    .option('--backups <folder>', 'where backups are kept: the newest must not be old')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExits with 1 when something is wrong.\n\nExample:\n  latchkey doctor --json')
    .action(async (options: DoctorOptions & JsonChoice) => {
      const { doctor } = await import('./doctor.ts')
      const { printed, isWell } = await doctor(process.cwd(), options)
      await show(printed, options)
      if (!isWell) process.exitCode = 1
    })

  program
    .command('migrate-from')
    .addArgument(new Argument('<library>', 'what the application uses now').choices(['jsonwebtoken']))
    .argument('[folder]', "the application's folder", '.')
    .description('look at an application that uses another library, and say what to change, line by line')
    .option('--json', 'print JSON, with the changes as stretches of text')
    .addHelpText(
      'after',
      '\nChanges nothing. Exits with 1 when something is dangerous.\n\nExample:\n  latchkey migrate-from jsonwebtoken ~/my-api',
    )
    .action(async (_library: string, folder: string, choice: JsonChoice) => {
      const { migrateFrom } = await import('./migrate-from.ts')
      const { printed, isWell } = migrateFrom(folder)
      await show(printed, choice)
      if (!isWell) process.exitCode = 1
    })

  program
    .command('completion <shell>')
    .description('print what completes these commands in bash, zsh or fish')
    .addHelpText('after', '\nExample:\n  latchkey completion bash >> ~/.bashrc')
    .action(async (shell: string) => {
      const { completion } = await import('./completion.ts')
      await show(completion(program, shell))
    })
}

function addDatabaseCommands(program: Command): void {
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

  program
    .command('invite')
    .description('print a link that lets one person register')
    .option('--admin', 'the link for the first administrator, while there is none')
    .option('--email <address>', 'whom it is for; the running server mails it as well')
    .option('--role <names...>', 'the roles it gives')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  latchkey invite --admin')
    .action(async (options: InviteOptions & JsonChoice) => {
      const { invite } = await import('./invite.ts')
      await show(invite(await settingsHere(), options), options)
    })
}

/** Commander's message as a sentence: `error: unknown command 'usre'` and `(Did you mean user?)` on one line. */
function sentenceOf(text: string): string {
  const [, message = text, near] = /^error: ([\s\S]*?)(?:\n\((Did you mean .*)\))?\n$/.exec(text) ?? []
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.${near === undefined ? '' : ` ${near}`}`
  return `${paint('red', sentence, process.stderr)}\n`
}
