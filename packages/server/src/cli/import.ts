// What `latchkey import` does: opens the database, brings the users of a file in, and tells what became of them.
import { existsSync, realpathSync } from 'node:fs'
import { type Config, ConfigError, type Roles } from '../config.ts'
import { createHasher } from '../hash/hasher.ts'
import { type ImportRequest, type ImportSummary, importUsers } from '../import/import-users.ts'
import { type SourceName, sources } from '../import/sources.ts'
import { openBar } from './import-bar.ts'
import { openReport } from './import-report.ts'
import { withStore } from './open-database.ts'
import type { JsonChoice, Printed } from './table.ts'

export interface ImportOptions extends JsonChoice {
  from: SourceName
  with?: string
  dryRun?: true
  report?: string
  roles?: string
  trustEmails?: true
}

/** Throws ConfigError for what cannot begin: no file, no database, a role that there is not. */
export async function importFile(
  config: Config,
  file: string,
  options: ImportOptions,
): Promise<{ printed: Printed; isWhole: boolean }> {
  const request = readRequest(config, file, options)
  const started = performance.now()
  const summary = await withStore(config, async store => {
    const hasher = createHasher()
    const report = await openReport(options.report)
    const bar = openBar(process.stderr)
    const ending = onInterrupt()
    try {
      return await importUsers(request, {
        store,
        hasher,
        tell: bar.tell,
        signal: ending.signal,
        report(line) {
          bar.count()
          return report.write(line)
        },
      })
    } finally {
      ending.forget()
      bar.end()
      await report.close()
      await hasher.close()
    }
  })
  const seconds = Math.round((performance.now() - started) / 100) / 10
  const isWhole = summary.refused === 0 && !summary.isInterrupted
  return { printed: printedOf(summary, { ...options, seconds }), isWhole }
}

function readRequest(config: Config, file: string, options: ImportOptions): ImportRequest {
  const { from, with: companion } = options
  for (const path of [file, companion])
    if (path !== undefined && !existsSync(path)) throw new ConfigError(`There is no file ${path}.`)
  if (options.report !== undefined && [file, companion].some(path => isSameFile(path, options.report)))
    throw new ConfigError('--report would write over what is to be read: name another file.')
  if (companion !== undefined && sources[from].companion === undefined)
    throw new ConfigError(`--from ${from} takes no second file: leave --with out.`)
  const rules = {
    source: from,
    now: Math.floor(Date.now() / 1000),
    roles: config.roles,
    roleMap: readRoles(options.roles ?? '', config.roles),
    trustsEmails: options.trustEmails === true,
  }
  return { file, companion, rules, isDryRun: options.dryRun === true }
}

function isSameFile(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined || !existsSync(other)) return false
  return realpathSync(one) === realpathSync(other)
}

/** `boss=admin,writer=editor`. Throws ConfigError for what is no pair, and for a role that is not in the config. */
function readRoles(text: string, roles: Roles): Map<string, string> {
  const map = new Map<string, string>()
  for (const pair of text.split(',').filter(part => part.trim() !== '')) {
    const [from = '', to = '', ...more] = pair.split('=').map(part => part.trim())
    if (from === '' || to === '' || more.length > 0)
      throw new ConfigError(`--roles takes pairs like boss=admin,writer=editor; "${pair}" is none.`)
    if (!Object.hasOwn(roles, to))
      throw new ConfigError(`There is no role "${to}". The roles are: ${Object.keys(roles).join(', ')}.`)
    map.set(from, to)
  }
  return map
}

/** The first signal lets the batch in flight be kept and reported; a second one ends the process at once. */
function onInterrupt(): { signal: AbortSignal; forget(): void } {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) process.once(name, abort)
  return {
    signal: controller.signal,
    forget() {
      for (const name of signals) process.off(name, abort)
    },
  }
}

function printedOf(
  summary: ImportSummary,
  { dryRun, report, seconds }: Pick<ImportOptions, 'dryRun' | 'report'> & { seconds: number },
): Printed {
  const { withoutPassword, isInterrupted, ...counts } = summary
  const verb = dryRun ? 'would be imported' : 'imported'
  const details = [
    [summary.wrapped, 'had a fast hash, which is kept inside argon2id'],
    [withoutPassword, 'without a password'],
    [summary.disabled, 'disabled'],
  ] as const
  const text = [
    `${summary.imported} ${verb}${details.map(([count, what]) => (count === 0 ? '' : `; ${count} ${what}`)).join('')}`,
    `${summary.known} there already`,
    `${summary.refused} refused`,
    `${summary.lines} lines in ${seconds} s`,
  ]
  const advice = [
    isInterrupted ? 'Interrupted: run the same command again to go on.' : '',
    summary.refused > 0 && report === undefined
      ? 'Add --report FILE to see which lines were refused, and why.'
      : '',
    report === undefined ? '' : `What became of each line is in ${report}.`,
    dryRun ? 'Nothing was changed.' : '',
  ]
  return {
    json: {
      ...counts,
      without_password: withoutPassword,
      interrupted: isInterrupted,
      dry_run: dryRun === true,
      seconds,
    },
    text: `${text.join('\n')}\n`,
    words: advice.filter(part => part !== '').join('\n'),
  }
}
