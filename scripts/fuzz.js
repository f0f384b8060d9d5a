// The long form of the fuzz tests. Ends after so many runs or so many seconds, whichever comes first:
//   npm run test:fuzz -- [--runs 10000000] [--seconds 600] [--seed 1] [--from 0] [--target "signed token"]
// A case is its seed and its number: `--seed S --from N --runs 1` runs one again. Exits 1 when something was found.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { fuzz } from '../packages/latchkey/test/fuzz/fuzz.ts'

const text = value => ({ type: 'string', ...(value !== undefined && { default: value }) })
const { values } = parseArgs({
  options: {
    runs: text('10000000'),
    seconds: text('86400'),
    seed: text(String(randomInt(2 ** 32))),
    from: text('0'),
    target: text(),
  },
})

function numberOf(name) {
  const number = Number(values[name].replaceAll('_', ''))
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`--${name} is a whole number`)
  process.exit(2)
}

const [runs, mostSeconds, seed, from] = ['runs', 'seconds', 'seed', 'from'].map(numberOf)
const started = performance.now()
let told = started
const seconds = () => Math.round((performance.now() - started) / 1000)
const grouped = number => number.toLocaleString('en-GB')

console.log(
  `seed ${seed}, at most ${grouped(runs)} runs of ${values.target ?? 'all targets'}, Node ${process.versions.node}`,
)
const report = await fuzz({
  seed,
  runs,
  from,
  target: values.target,
  goesOn(done) {
    if (performance.now() - told > 10_000) {
      told = performance.now()
      console.log(`${grouped(done)} runs after ${seconds()} s`)
    }
    return seconds() < mostSeconds
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
