// The long form of the fuzz tests: npm run test:fuzz -- [--runs 10000000] [--seed 1] [--target "signed token"] [--from 0].
// A case is its seed and its number: `--seed S --from N --runs 1` runs one again. Exits 1 when something was found.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { fuzz } from '../packages/latchkey/test/fuzz/fuzz.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: String(randomInt(2 ** 32)) },
    from: { type: 'string', default: '0' },
    target: { type: 'string' },
  },
})
const [runs, seed, from] = [values.runs, values.seed, values.from].map(text =>
  Number(text.replaceAll('_', '')),
)
if (![runs, seed, from].every(number => Number.isSafeInteger(number) && number >= 0)) {
  console.error(
    'Usage: npm run test:fuzz -- [--runs 10000000] [--seed 1] [--target "signed token"] [--from 0]',
  )
  process.exit(2)
}

const started = performance.now()
let told = started
const seconds = () => Math.round((performance.now() - started) / 1000)
const grouped = number => number.toLocaleString('en-GB')

console.log(
  `seed ${seed}, ${grouped(runs)} runs${values.target === undefined ? '' : ` of ${values.target}`}, Node ${process.versions.node}`,
)
const report = await fuzz({
  seed,
  runs,
  from,
  target: values.target,
  onProgress(done) {
    if (performance.now() - told < 10_000) return
    told = performance.now()
    console.log(`${grouped(done)} runs after ${seconds()} s`)
  },
})

for (const [target, counts] of Object.entries(report.counts)) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  console.log(`\n${target}: ${grouped(total)}`)
  for (const [outcome, count] of Object.entries(counts).sort((a, b) => b[1] - a[1])) {
    console.log(`  ${grouped(count).padStart(12)}  ${outcome}`)
  }
}
for (const { target, caseNumber, message, input, cause } of report.findings) {
  console.log(
    `\nFOUND in ${target}, case ${caseNumber} (--seed ${seed} --from ${caseNumber} --runs 1): ${message}`,
  )
  console.log(input)
  if (cause !== undefined) console.log(cause)
}
console.log(
  `\n${grouped(report.runs)} runs in ${seconds()} s with seed ${seed}: ${report.findings.length} found`,
)
process.exit(report.findings.length > 0 ? 1 : 0)
