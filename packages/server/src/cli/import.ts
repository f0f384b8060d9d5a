// What `latchkey import` does: opens the database, brings the users of a file in, and tells what became of them.
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Config, ConfigError, type Roles } from '../config.ts'
import { createHasher } from '../hash/hasher.ts'
import { type ImportSummary, importUsers, type LineReport } from '../import/import-users.ts'
import { type SourceName, sources } from '../import/sources.ts'
import { openBar } from './import-bar.ts'
import { withStore } from './open-database.ts'
import type { Printed } from './table.ts'

export interface ImportOptions {
  from: SourceName
  with?: string
  dryRun?: true
  report?: string
  roles?: string
  trustEmails?: true
  json?: true
}

/** Throws ConfigError for what cannot begin: no file, no database, a role that there is not. */
export async function importFile(
  config: Config,
  file: string,
  options: ImportOptions,
): Promise<{ printed: Printed; isWhole: boolean }> {
  const { from, with: companion } = options
  for (const path of [file, companion])
    if (path !== undefined && !existsSync(path)) throw new ConfigError(`There is no file ${path}.`)
  if (companion !== undefined && sources[from].companion === undefined)
    throw new ConfigError(`--from ${from} takes no second file: leave --with out.`)
  const rules = {
    source: from,
    now: Math.floor(Date.now() / 1000),
    roles: config.roles,
    roleMap: readRoles(options.roles ?? '', config.roles),
    trustsEmails: options.trustEmails === true,
  }
  const started = performance.now()
  const summary = await withStore(config, async store => {
    const hasher = createHasher()
    const report = await openReport(options.report)
    const bar = openBar(process.stderr)
    try {
      const request = { file, source: from, companion, rules, isDryRun: options.dryRun === true }
      return await importUsers(request, {
        store,
        hasher,
        tell: bar.tell,
        report(line) {
          bar.count()
          return report.write(line)
        },
      })
    } finally {
      bar.end()
      await report.close()
      await hasher.close()
    }
  })
  const seconds = Math.round((performance.now() - started) / 100) / 10
  return { printed: printedOf(summary, { ...options, seconds }), isWhole: summary.refused === 0 }
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

interface Report {
  write(line: LineReport): Promise<void> | void
  close(): Promise<void>
}

const reportBytes = 65_536

/** Tab-separated lines, readable by their owner alone: they name users. */
async function openReport(path: string | undefined): Promise<Report> {
  if (path === undefined) return { write() {}, async close() {} }
  const file = await open(path, 'w', 0o600)
  let waiting = 'line\toutcome\tid\twhy\n'
  const flush = async (): Promise<void> => {
    const text = waiting
    waiting = ''
    await file.write(text)
  }
  return {
    write({ line, outcome, id = '', why }) {
      waiting += `${[line, outcome, id, why].map(plainField).join('\t')}\n`
      return waiting.length > reportBytes ? flush() : undefined
    },
    async close() {
      await flush()
      await file.close()
    },
  }
}

/** No tab and no line break; and nothing that a spreadsheet would take for a formula. */
function plainField(value: string | number): string {
  const plain = String(value).replaceAll(/\p{C}/gu, ' ')
  return /^[=+@-]/.test(plain) ? `'${plain}` : plain
}

function printedOf(
  summary: ImportSummary,
  { dryRun, report, seconds }: Pick<ImportOptions, 'dryRun' | 'report'> & { seconds: number },
): Printed {
  const verb = dryRun ? 'would be imported' : 'imported'
  const details = [
    [summary.wrapped, 'had a fast hash, which is kept inside argon2id'],
    [summary.withoutPassword, 'without a password'],
    [summary.disabled, 'disabled'],
  ] as const
  const text = [
    `${summary.imported} ${verb}${details.map(([count, what]) => (count === 0 ? '' : `; ${count} ${what}`)).join('')}`,
    `${summary.known} there already`,
    `${summary.refused} refused`,
    `${summary.lines} lines in ${seconds} s`,
  ]
  const advice = [
    summary.refused > 0 && report === undefined
      ? 'Add --report FILE to see which lines were refused, and why.'
      : '',
    report === undefined ? '' : `What became of each line is in ${report}.`,
    dryRun ? 'Nothing was changed.' : '',
  ]
  return {
    json: { ...summary, dry_run: dryRun === true, seconds },
    text: `${text.join('\n')}\n`,
    words: advice.filter(part => part !== '').join('\n'),
  }
}
