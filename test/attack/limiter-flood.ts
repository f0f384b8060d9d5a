// Millions of addresses at the limiter: what it takes of memory, whether who is blocked stays so, and how many
// strangers are refused for what others did.
import { createAddressLimiter } from '../../packages/server/src/auth/address-limiter.ts'

export interface FloodFigures {
  keys: number
  /** What the limiter holds, however many keys there are. */
  heldBytes: number
  residentBytes: number
  /** Of addresses that had used up their attempts before the flood: those that were let in after it. */
  freedEarly: number
  blocked: number
  /** Of addresses that did nothing before: those that were refused after the flood. */
  falselyBlocked: number
  strangers: number
  nanosecondsEach: number
}

const blocked = 1_000
const strangers = 100_000

/** Kept, so that each flood is measured on memory of its own. */
const alive: unknown[] = []

/** Floods a limiter with `keys` addresses, each making one attempt at a password, all within a moment. */
export function floodLimiter(keys: number): FloodFigures {
  const before = process.memoryUsage()
  const limiter = createAddressLimiter(() => 0)
  alive.push(limiter)
  const isRefused = (address: string): boolean => {
    try {
      limiter.attempt('password', address)
      return false
    } catch {
      return true
    }
  }
  for (let i = 0; i < blocked; i++) while (!isRefused(networkOf(0x2001, i)));
  const startMs = performance.now()
  for (let i = 0; i < keys; i++) isRefused(networkOf(0x2a00, i))
  const spentMs = performance.now() - startMs
  const after = process.memoryUsage()
  let freedEarly = 0
  for (let i = 0; i < blocked; i++) if (!isRefused(networkOf(0x2001, i))) freedEarly += 1
  let falselyBlocked = 0
  for (let i = 0; i < strangers; i++) if (isRefused(networkOf(0x2600, i))) falselyBlocked += 1
  return {
    keys,
    heldBytes: after.arrayBuffers - before.arrayBuffers,
    residentBytes: after.rss - before.rss,
    freedEarly,
    blocked,
    falselyBlocked,
    strangers,
    nanosecondsEach: (spentMs * 1e6) / keys,
  }
}

/** An address in the network with this number: each in a /64 of its own. */
function networkOf(first: number, number: number): string {
  return `${first.toString(16)}:${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}:1::${(number % 7).toString(16)}`
}
