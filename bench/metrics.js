// `npm run bench:metrics`: what counting costs a guarded request of the server, in CPU time, and what a scrape costs.
// Two processes answer the same requests, one of them with the counting taken out from outside, in turns.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../scripts/build.js'
import { median } from './tokens/measure.js'

const rounds = 15
const requestsARound = 20_000

const at = path => fileURLToPath(new URL(path, import.meta.url))

async function startProcess(execArgv) {
  const child = fork(at('metrics/answering-process.js'), { execArgv })
  await once(child, 'message')
  return child
}

async function ask(child, asked) {
  child.send(asked)
  const [answer] = await once(child, 'message')
  return answer
}

const perRequest = async child => ask(child, { requests: requestsARound })

if (!ensureBuilt()) process.exit(1)
const counting = await startProcess([])
const silent = await startProcess(['--import', at('metrics/without-counting.js')])
for (const child of [counting, silent]) await perRequest(child)
const [seen, unseen] = [await ask(counting, { seen: true }), await ask(silent, { seen: true })]
if (seen < requestsARound || unseen !== 0) throw new Error(`counted ${seen} and ${unseen} requests`)
const pairs = []
for (let round = 0; round < rounds; round++) {
  // Whoever comes first meets another machine than whoever comes second.
  const order = round % 2 === 0 ? [counting, silent] : [silent, counting]
  const measured = new Map()
  for (const child of order) measured.set(child, await perRequest(child))
  pairs.push({ counting: measured.get(counting), silent: measured.get(silent) })
}
const scrape = await ask(counting, { scrapes: 200 })
for (const child of [counting, silent]) child.kill()

const ratios = pairs.map(pair => pair.counting / pair.silent)
const differences = pairs.map(pair => pair.counting - pair.silent)
const shown = (values, digits = 2) => median(values).toFixed(digits)
console.log(`GET /user/data, µs of CPU a request, medians of ${rounds} pairs of ${requestsARound}:
  counted      ${shown(pairs.map(pair => pair.counting))}
  not counted  ${shown(pairs.map(pair => pair.silent))}
  difference   ${shown(differences)} µs; ratio ${shown(ratios, 3)}, from ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}
GET /metrics: ${(scrape / 1000).toFixed(2)} ms of CPU a scrape`)
