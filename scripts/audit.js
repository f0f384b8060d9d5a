// `npm run audit`: whether a known advisory concerns what the packages bring into an application. It tells "clean" from
// "could not be asked": a registry that does not answer is no all-clear. Exit 0 clean, 1 advisories, 3 unavailable.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What npm printed, as one of the three verdicts. */
export function verdictOf(text) {
  let report
  try {
    report = JSON.parse(text)
  } catch {
    return { kind: 'unavailable', reason: 'npm gave no report' }
  }
  const counts = report.metadata?.vulnerabilities
  if (report.error !== undefined || typeof counts?.total !== 'number') {
    const reason = report.message ?? report.error?.summary ?? 'the report has no counts'
    return { kind: 'unavailable', reason: String(reason).replace(/ - [A-Z]+ https?:.*/, '') }
  }
  if (counts.total === 0) return { kind: 'clean', packages: report.metadata.dependencies?.total ?? 0 }
  const found = Object.values(report.vulnerabilities ?? {}).map(({ name, severity, range }) => ({
    name,
    severity,
    range,
  }))
  return { kind: 'advisories', found }
}

const exits = { clean: 0, advisories: 1, unavailable: 3 }

const sentences = {
  clean: ({ packages }) => `clean: no advisory concerns any of ${packages} packages.`,
  advisories: ({ found }) =>
    [
      'advisories:',
      ...found.map(({ name, severity, range }) => `  ${severity}: ${name} ${range}`),
      'Run npm audit for the reports, then raise the versions that they name.',
    ].join('\n'),
  unavailable: ({ reason }) =>
    `unavailable: ${reason}. Nothing is known; ask again where the registry answers audits.`,
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const npm = process.env.npm_execpath
  const [command, ...first] = npm === undefined ? ['npm'] : [process.execPath, npm]
  const { stdout } = spawnSync(command, [...first, 'audit', '--omit=dev', '--json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const verdict = verdictOf(stdout ?? '')
  console.log(sentences[verdict.kind](verdict))
  process.exit(exits[verdict.kind])
}
