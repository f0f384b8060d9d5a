// The whole measurement, race after race, and its report.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { pinToCore } from '../pin-to-core.js'
import { algorithms, makeBenchKey, tokenOf } from './bench-key.js'
import { cacheMemory } from './cache-memory.js'
import { claimsOf, payloadBytes } from './claims.js'
import { cachedContestants, missingContestants, signContestants, verifyContestants } from './contestants.js'
import { judgeGoals } from './goals.js'
import { hostileRaces } from './hostile.js'
import { measure } from './measure.js'
import { peerPackages } from './peers.js'
import { reportOf } from './report.js'

const usualPace = { rounds: 7, sliceMs: 100, warmMs: 400 }
const quickPace = { rounds: 3, sliceMs: 20, warmMs: 100 }

const verbs = { verify: verifyContestants, cached: cachedContestants, sign: signContestants }

function versions() {
  const read = at => JSON.parse(readFileSync(new URL(at, import.meta.url), 'utf8')).version
  const peers = peerPackages.map(name => [name, read(`../node_modules/${name}/package.json`)])
  return Object.fromEntries([['latchkey', read('../../packages/latchkey/package.json')], ...peers])
}

function requireBuiltPackage() {
  const found = import.meta.resolve('latchkey')
  if (!found.endsWith('/dist/index.js'))
    throw new Error('latchkey resolves to its sources: run without conditions')
}

const short = value => Number(value.toPrecision(4))

/** What is kept of a race: microseconds of CPU time an operation, the median round and the rounds at the ends. */
function keptOf({ measured }) {
  return measured.map(({ name, kind, median, microseconds }) => ({
    name,
    kind,
    median: short(median),
    least: short(Math.min(...microseconds)),
    most: short(Math.max(...microseconds)),
  }))
}

/** Measures everything, prints the report and writes it as Markdown and JSON. */
export async function runTokens({ isQuick, resultsFolder }) {
  requireBuiltPackage()
  const isPinned = pinToCore()
  const pace = isQuick ? quickPace : usualPace
  const keys = new Map(await Promise.all(algorithms.map(async alg => [alg, await makeBenchKey(alg)])))
  // First, while the heap is small and still.
  const memory = cacheMemory(keys.get('HS256'))
  const races = new Map()
  const race = async (name, contestants) => {
    process.stderr.write(`${name} …\n`)
    races.set(name, { measured: await measure(contestants, pace) })
  }
  for (const [verb, contestantsOf] of Object.entries(verbs)) {
    for (const alg of algorithms) await race(`${verb} ${alg}`, await contestantsOf(keys.get(alg)))
  }
  await race('missing HS256', await missingContestants(keys.get('HS256')))
  for (const { name, contestants } of hostileRaces(keys.get('HS256')))
    await race(`hostile ${name}`, contestants)

  const about = {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    openssl: process.versions.openssl,
    cpu: cpus()[0]?.model ?? 'unknown processor',
    versions: versions(),
    isPinned,
    ...pace,
    tokenChars: tokenOf(keys.get('HS256'), claimsOf(0)).length,
    payloadBytes,
  }
  const goals = judgeGoals(races)
  const report = reportOf({ about, races, goals, memory })
  process.stdout.write(report)
  mkdirSync(resultsFolder, { recursive: true })
  const name = isQuick ? 'tokens-quick' : 'tokens'
  writeFileSync(join(resultsFolder, `${name}.md`), report)
  const kept = Object.fromEntries([...races].map(([race, measured]) => [race, keptOf(measured)]))
  const figures = {
    about,
    goals: goals.map(one => ({ ...one, value: short(one.value) })),
    memory,
    races: kept,
  }
  writeFileSync(join(resultsFolder, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`)
}
