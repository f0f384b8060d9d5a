// `npm run test:chance`: the long forms of two tests that need numbers. Ten million token ids, made side by side, with
// no repeat [S45]; and whether the time of a refusal tells how much of an HMAC was right [S21], with a comparison that
// does tell as the control. Repeats decide the exit code, timings are printed.
import { createHmac, randomBytes } from 'node:crypto'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

const ids = 10_000_000
const makers = 4
const samples = 40_000

if (isMainThread) {
  const { createKey, createVerifier } = await import('../packages/latchkey/dist/index.js')
  const repeats = await countRepeats()
  console.log(
    `${ids.toLocaleString('en-GB')} token ids from ${makers} threads: ${repeats} repeated in their first 64 bits`,
  )

  const secret = randomBytes(32)
  const verifier = createVerifier({ keys: createKey({ secret }), cache: false })
  const ours = tOf(forgeries(secret), token => verifier.safe(token))
  const leaky = tOf(forgeries(secret), token => isSameSlowly(token, codeOf(secret, token)))
  console.log(
    `time to refuse a code wrong at its beginning against one wrong at its end, Welch’s t of ${samples} pairs:`,
  )
  console.log(`  latchkey ${ours.toFixed(2)} (under 4.5: nothing is told)`)
  console.log(`  a comparison that stops at the first difference ${leaky.toFixed(2)} (the control)`)
  process.exit(repeats === 0 ? 0 : 1)
} else {
  const { randomText } = await import('../packages/latchkey/dist/base/random.js')
  const words = new BigUint64Array(workerData.count)
  for (let at = 0; at < words.length; at++)
    words[at] = Buffer.from(randomText(16), 'base64url').readBigUInt64LE()
  parentPort.postMessage(words, [words.buffer])
}

/** Ids whose first 64 bits are another's: by chance once in hundreds of thousands of such runs. */
async function countRepeats() {
  const script = new URL(import.meta.url)
  const made = await Promise.all(
    Array.from({ length: makers }, () => {
      const worker = new Worker(script, { workerData: { count: ids / makers } })
      return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    }),
  )
  const all = new BigUint64Array(ids)
  for (const [at, words] of made.entries()) all.set(words, (at * ids) / makers)
  all.sort()
  let repeats = 0
  for (let at = 1; at < all.length; at++) if (all[at] === all[at - 1]) repeats++
  return repeats
}

function codeOf(secret, token) {
  const text = token.slice(0, token.lastIndexOf('.'))
  return createHmac('sha256', secret).update(text).digest('base64url')
}

/** Tokens whose code is wrong in its first and in its last character. */
function forgeries(secret) {
  const part = value => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part({ alg: 'HS256' })}.${part({ sub: 'ada', exp: 4_000_000_000 })}`
  const code = createHmac('sha256', secret).update(input).digest('base64url')
  const other = letter => (letter === 'A' ? 'B' : 'A')
  return {
    early: `${input}.${other(code[0])}${code.slice(1)}`,
    // The last but one: the last has two bits only.
    late: `${input}.${code.slice(0, -2)}${other(code.at(-2))}${code.at(-1)}`,
  }
}

function isSameSlowly(token, code) {
  const given = token.slice(token.lastIndexOf('.') + 1)
  for (let at = 0; at < code.length; at++) {
    // A look at each letter that costs something, as a slow language's would.
    if (given.normalize()[at] !== code[at]) return false
  }
  return true
}

/** Welch's t between the times of the two, interleaved, the slowest twentieth left out of both. */
function tOf({ early, late }, refuse) {
  const times = { early: new Float64Array(samples), late: new Float64Array(samples) }
  for (let at = -2_000; at < samples; at++) {
    const pair = [
      ['early', early],
      ['late', late],
    ]
    if (at % 2 === 0) pair.reverse()
    for (const [name, token] of pair) {
      const before = process.hrtime.bigint()
      refuse(token)
      if (at >= 0) times[name][at] = Number(process.hrtime.bigint() - before)
    }
  }
  const [a, b] = [momentsOf(times.early), momentsOf(times.late)]
  return Math.abs(a.mean - b.mean) / Math.sqrt(a.variance / a.count + b.variance / b.count)
}

function momentsOf(values) {
  const kept = values.toSorted().subarray(0, Math.floor(values.length * 0.95))
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length
  const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (kept.length - 1)
  return { mean, variance, count: kept.length }
}
