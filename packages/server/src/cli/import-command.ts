// `latchkey import`: what it takes. What it does is loaded when it is asked for.
import { type Command, Option } from 'commander'
import type { SourceName } from '../import/sources.ts'
import type { ImportOptions } from './import.ts'
import { settingsHere } from './settings-here.ts'
import { show } from './table.ts'

/** Every source and no other; what reads them is loaded later. */
const systems: Record<SourceName, true> = {
  csv: true,
  jsonl: true,
  auth0: true,
  firebase: true,
  supabase: true,
  keycloak: true,
  'better-auth': true,
}

export function addImportCommand(program: Command): void {
  program
    .command('import <file>')
    .description('bring in the users of another system, with their password hashes')
    .addOption(
      new Option('--from <system>', 'what wrote the file')
        .choices(Object.keys(systems))
        .makeOptionMandatory(),
    )
    .option('--with <file>', "Firebase's hash parameters, or Auth0's profiles beside its hashes")
    .option('--dry-run', 'judge every line and change nothing')
    .option('--report <file>', 'write what became of each line; a file that is there is replaced')
    .option('--roles <pairs>', 'what roles are called here: boss=admin,writer=editor')
    .option('--trust-emails', 'take every address for verified: the other system has checked them')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nRun it again after an interruption: who is there already is left alone.' +
        '\nExits with 1 when a line was refused; the others are imported all the same.' +
        '\n\nExample:\n  latchkey import users.csv --from csv --dry-run --report report.tsv',
    )
    .action(async (file: string, options: ImportOptions) => {
      const { importFile } = await import('./import.ts')
      const { printed, isWhole } = await importFile(await settingsHere(), file, options)
      await show(printed, options)
      if (!isWhole) process.exitCode = 1
    })
}
