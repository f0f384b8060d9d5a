// The long form's program: see scripts/fuzz.js for its arguments. Needs --conditions=latchkey-dev.
import { parseArgs } from 'node:util'
import { type FuzzReport, fuzz } from '../../packages/latchkey/test/fuzz/fuzz.ts'
import { allTargets } from './all-targets.ts'
import { coverageOf } from './coverage.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000000' },
    // For the part that asks a server: scripts/fuzz.js.
    requests: { type: 'string' },
    seconds: { type: 'string', default: '86400' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    target: { type: 'string' },
  },
})

function numberOf(name: 'runs' | 'seconds' | 'seed' | 'from'): number {
  const number = Number(values[name].replaceAll('_', ''))
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`--${name} is a whole number`)
  process.exit(2)
}

const [runs, seconds, seed, from] = [
  numberOf('runs'),
  numberOf('seconds'),
  numberOf('seed'),
  numberOf('from'),
]
const { target } = values
/** Coverage is counted over so many cases: counting costs time, and more cases hardly reach more. */
const countedRuns = 100_000
const grouped = (number: number): string => number.toLocaleString('en-GB')

let uncaught = 0
for (const name of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(name, error => {
    uncaught++
    console.log(`\nUNCAUGHT (${name}):`, error)
  })

const startedMs = performance.now()
let toldMs = startedMs
const elapsed = (): number => Math.round((performance.now() - startedMs) / 1000)
const goesOn = (done: number): boolean => {
  if (performance.now() - toldMs > 30_000) {
    toldMs = performance.now()
    console.log(`${grouped(done)} runs after ${elapsed()} s`)
  }
  return elapsed() < seconds
}

console.log(
  `seed ${seed}, at most ${grouped(runs)} runs of ${target ?? 'all targets'}, Node ${process.versions.node}`,
)
const options = { seed, target, table: allTargets, goesOn }
const counted = Math.min(runs, countedRuns)
const reports: FuzzReport[] = []
const covered = await coverageOf(async () => {
  reports.push(await fuzz({ ...options, from, runs: counted }))
})
if (runs > counted && (reports[0]?.findings.length ?? 0) === 0)
  reports.push(await fuzz({ ...options, from: from + counted, runs: runs - counted }))

const done = reports.reduce((sum, report) => sum + report.runs, 0)
for (const [name] of allTargets) {
  const outcomes = new Map<string, number>()
  for (const report of reports)
    for (const [outcome, count] of Object.entries(report.counts[name] ?? {}))
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count)
  const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0)
  if (total === 0) continue
  console.log(`\n${name}: ${grouped(total)}`)
  for (const [outcome, count] of [...outcomes].sort((a, b) => b[1] - a[1]))
    console.log(`  ${grouped(count).padStart(12)}  ${outcome}`)
}
console.log(`\nCovered by the first ${grouped(counted)} cases, of the sources' characters:`)
for (const { file, characters, covered: ran } of covered.toSorted((a, b) => a.file.localeCompare(b.file)))
  console.log(`  ${((ran / characters) * 100).toFixed(0).padStart(4)} %  ${file}`)
const findings = reports.flatMap(report => report.findings)
for (const { target: name, caseNumber, message, input, cause } of findings) {
  console.log(
    `\nFOUND in ${name}, case ${caseNumber} (--seed ${seed} --from ${caseNumber} --runs 1): ${message}`,
  )
  console.log(input)
  if (cause !== undefined) console.log(cause)
}
// A run that lets nobody in shows nothing about whom it lets in.
const admitted = reports.map(({ counts }) => counts['guard']?.['admitted'] ?? 0)
if (
  target === undefined &&
  reports.some(({ runs: of }, at) => of > 10_000 && (admitted[at] ?? 0) < of / 1_000)
) {
  console.log('\nThe guard admitted next to nobody: the cases are not what they should be.')
  uncaught++
}
console.log(
  `\n${grouped(done)} runs in ${elapsed()} s with seed ${seed}: ${findings.length} found, ${uncaught} uncaught`,
)
process.exit(findings.length + uncaught > 0 ? 1 : 0)
