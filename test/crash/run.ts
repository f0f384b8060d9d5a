// `npm run test:crash [rounds]`: the long form, 1000 rounds. Prints the hits of each point; a point that was never
// hit is a failure, and so is the first broken invariant.
import { ensureBuilt } from '../../scripts/build.js'
import { runCrashRounds } from './crash-rounds.ts'

const rounds = Number(process.argv[2] ?? 1_000)
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('Usage: npm run test:crash [-- <rounds>]')
  process.exit(2)
}
if (!ensureBuilt()) process.exit(1)

const report = await runCrashRounds(rounds, round => {
  if (round % 50 === 0) console.log(`${round} rounds`)
})
for (const [point, hits] of Object.entries(report.hits)) console.log(`${String(hits).padStart(5)}  ${point}`)
console.log(`${report.rounds} rounds, ${report.acknowledged} checks of clients, no invariant broken`)
const missed = Object.entries(report.hits).filter(([, hits]) => hits === 0)
if (missed.length > 0) {
  console.error(`Never hit: ${missed.map(([point]) => point).join(', ')}`)
  process.exit(1)
}
