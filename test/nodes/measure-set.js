// What a revoked id costs in memory and in a check. Run: node --expose-gc test/nodes/measure-set.js [ids]
import { randomBytes } from 'node:crypto'
import { RevocationSet } from 'latchkey'

const count = Number(process.argv[2] ?? 1_000_000)
const newId = () => randomBytes(16).toString('base64url')
const memory = async () => {
  // The arrays that were outgrown are given back a moment after they are collected.
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  return { held: heapUsed + arrayBuffers, rss }
}

const before = await memory()
const set = new RevocationSet()
const some = []
for (let i = 0; i < count; i++) {
  const id = newId()
  set.add(id, 2_000_000_000)
  if (i % Math.ceil(count / 10_000) === 0) some.push(id)
}
const after = await memory()

const strangers = Array.from({ length: some.length }, newId)
const rounds = 300
const timed = ids => {
  let found = 0
  const start = process.cpuUsage()
  for (let round = 0; round < rounds; round++) for (const id of ids) if (set.has(id)) found += 1
  const { user, system } = process.cpuUsage(start)
  return { ns: ((user + system) * 1000) / (rounds * ids.length), found }
}
timed(some)
const hits = timed(some)
const misses = timed(strangers)
if (hits.found !== rounds * some.length || misses.found !== 0) throw new Error('the set is wrong')

console.log(`${count} ids`)
console.log(
  `memory   ${((after.held - before.held) / count).toFixed(1)} bytes each held, ${((after.rss - before.rss) / count).toFixed(1)} bytes each resident`,
)
console.log(
  `a check  ${hits.ns.toFixed(0)} ns for a revoked id, ${misses.ns.toFixed(0)} ns for another, of CPU`,
)
