// What a guard costs without any HTTP: the CPU time of a loop that calls the middleware, less the same loop without it.
import { IncomingMessage } from 'node:http'
import { median } from '../tokens/measure.js'
import { guards } from './guards-of-today.js'

/** A request as Node's parser leaves it, with a fresh token text each time. */
function requestWith(token) {
  const request = new IncomingMessage(null)
  const authorization = `Bearer ${token}`
  const pairs = ['Host', 'localhost', 'Authorization', authorization, 'Accept', '*/*']
  request.method = 'GET'
  request.url = '/notes'
  request.rawHeaders = pairs
  request.headers = { host: 'localhost', authorization, accept: '*/*' }
  return request
}

function cpuMicroseconds(work) {
  const before = process.cpuUsage()
  const after = work()
  const spent = () => {
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  return after instanceof Promise ? after.then(spent) : spent()
}

/** One pass over the tokens. Synchronous guards call `next` before they return; the others are awaited in groups. */
function pass(guard, tokens) {
  let admitted = 0
  let asked = 0
  let done
  for (const token of tokens) {
    asked++
    // Written anew, as the parser does: a text that was hashed before would be found faster than in a server.
    const fresh = Buffer.from(token, 'latin1').latin1Slice()
    guard(requestWith(fresh), refusing, () => {
      admitted++
      if (done !== undefined && admitted === asked) done()
    })
  }
  if (admitted === asked) return undefined
  return new Promise(resolve => {
    done = resolve
  })
}

const refusing = {
  writeHead() {
    throw new Error('a good token was refused')
  },
  sendStatus() {
    throw new Error('a good token was refused')
  },
}

/** CPU microseconds a request, the loop's own taken off: the median of the rounds for each guard, taking turns. */
export async function measureInProcess(contestants, keys, { rounds }) {
  const none = (_request, _response, next) => next()
  const entries = []
  for (const { name, label, tokens, passes } of contestants) {
    const guard = await guards[name].make(keys, { misses: 0 })
    entries.push({ label, guard, tokens, passes, spent: [] })
  }
  for (let round = -1; round < rounds; round++) {
    for (const { guard, tokens, passes, spent } of entries) {
      let withGuard = 0
      let without = 0
      for (let at = 0; at < passes; at++) {
        without += await cpuMicroseconds(() => pass(none, tokens))
        withGuard += await cpuMicroseconds(() => pass(guard, tokens))
      }
      if (round >= 0) spent.push((withGuard - without) / (passes * tokens.length))
    }
  }
  return entries.map(({ label, spent }) => ({ label, microseconds: median(spent) }))
}
