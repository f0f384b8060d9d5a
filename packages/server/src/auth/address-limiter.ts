// Attempts by address, in this process: a fixed piece of memory however many addresses there are. When it is full
// strangers share places; whoever is blocked stays so until the time is over.
import type { Metrics } from '../figures/metrics.ts'
import { addressKey } from './address-key.ts'
import { rateLimited } from './rate-limited.ts'

interface Limit {
  /** So many attempts at once, and as many again in each such time; a divisor of the time in ticks. */
  attempts: number
  withinSeconds: number
  /** The part of an attempt that a success costs: an office behind one address signs in all morning. */
  successCosts: number
}

const quarterHour = 900
const hour = 3_600

/** What is counted by address, a row each. */
const limits = {
  /** Guesses at passwords. */
  password: { attempts: 100, withinSeconds: quarterHour, successCosts: 0.05 },
  register: { attempts: 300, withinSeconds: hour, successCosts: 1 },
  /** Requests for a mail: who forgot a password, or wants the link to verify an address again. */
  mail: { attempts: 60, withinSeconds: hour, successCosts: 1 },
  /** Links of mails that are none of ours, spent or too old. */
  link: { attempts: 1_200, withinSeconds: hour, successCosts: 0 },
  /** The next three nobody can guess: their failures are counted, and what is right always passes. */
  refresh: { attempts: 1_200, withinSeconds: quarterHour, successCosts: 0 },
  apiKey: { attempts: 300, withinSeconds: quarterHour, successCosts: 0 },
  client: { attempts: 100, withinSeconds: quarterHour, successCosts: 0 },
} as const satisfies Record<string, Limit>

type LimitedPurpose = keyof typeof limits
const purposes = Object.keys(limits)

export interface AddressLimiter {
  /** Counts an attempt that is about to be made, as a failed one. Throws `rate_limited` with the seconds to wait. */
  attempt(purpose: LimitedPurpose, address: string | undefined): AddressAttempt
  /** Counts an attempt that failed. Throws `rate_limited` when there were too many. */
  failure(purpose: LimitedPurpose, address: string | undefined): void
}

interface AddressAttempt {
  /** Takes back what a success does not cost. */
  succeed(): void
}

const uncounted: AddressAttempt = { succeed() {} }

/** Counts nothing. */
export const noAddressLimits: AddressLimiter = { attempt: () => uncounted, failure() {} }

/** The same limiter; whoever is refused is counted by what for. */
export function countedLimiter(limiter: AddressLimiter, { rateLimited: refused }: Metrics): AddressLimiter {
  const counting = <T>(purpose: LimitedPurpose, count: () => T): T => {
    try {
      return count()
    } catch (error) {
      refused.at(purpose).add()
      throw error
    }
  }
  return {
    attempt: (purpose, address) => counting(purpose, () => limiter.attempt(purpose, address)),
    failure: (purpose, address) => counting(purpose, () => limiter.failure(purpose, address)),
  }
}

/**
 * A place is three words: a fingerprint of 64 bits and the instant at which its attempts are forgotten. The fingerprint
 * chooses a set of places; the attempt's place is one of them.
 */
const wordsPerPlace = 3
const placesPerSet = 16
const wordsPerSet = wordsPerPlace * placesPerSet
/** 2^18 sets of 16 places of 12 bytes, 50 MB, and 2^20 shared places of 4 bytes. The system gives what is written to. */
const setBits = 18
const sharedBits = 20
/** Instants are counted in these, so that eight years fit into a word. */
const ticksPerSecond = 16

/**
 * A limiter on a clock in milliseconds that nobody can set.
 *
 * Each place keeps the instant at which all its attempts are forgotten (the "generic cell rate algorithm"): an attempt
 * moves it on by the time that one attempt takes to be forgotten, and is refused when it would come to lie further
 * ahead than the whole time.
 */
export function createAddressLimiter(monotonicMs: () => number): AddressLimiter {
  const sets = new Uint32Array(wordsPerSet << setBits)
  const shared = new Uint32Array(1 << sharedBits)
  const startMs = monotonicMs()
  const seeds = crypto.getRandomValues(new Uint32Array(rounds))

  const nowTicks = (): number => Math.max(0, Math.floor(((monotonicMs() - startMs) * ticksPerSecond) / 1000))

  /** Where an attempt is kept, in which array; a stranger to a full set shares a place with other strangers. */
  const placeOf = (purpose: LimitedPurpose, key: readonly [number, number], now: number): Place => {
    const [high, low] = fingerprint(key, purposes.indexOf(purpose), seeds)
    const sharedAt = low >>> (32 - sharedBits)
    const first = (high >>> (32 - setBits)) * wordsPerSet
    let free = -1
    for (let at = first; at < first + wordsPerSet; at += wordsPerPlace) {
      if (sets[at] === high && sets[at + 1] === low) return { words: sets, at: at + 2 }
      // Forgotten altogether: only then another may have the place.
      if (free < 0 && (sets[at + 2] ?? 0) <= now) free = at
    }
    if (free < 0) return { words: shared, at: sharedAt }
    sets[free] = high
    sets[free + 1] = low
    // Who was counted among strangers a moment ago has not become innocent by finding a place of their own.
    sets[free + 2] = shared[sharedAt] ?? 0
    return { words: sets, at: free + 2 }
  }

  const charge = (purpose: LimitedPurpose, address: string | undefined): AddressAttempt => {
    const key = address === undefined ? undefined : addressKey(address)
    // Without a socket nobody knows who calls, and all would share one place.
    if (key === undefined) return uncounted
    const { attempts, withinSeconds, successCosts } = limits[purpose]
    const wholeTicks = withinSeconds * ticksPerSecond
    const attemptTicks = wholeTicks / attempts
    const now = nowTicks()
    const { words, at } = placeOf(purpose, key, now)
    const forgottenAt = Math.max(now, words[at] ?? 0) + attemptTicks
    const aheadTicks = forgottenAt - now - wholeTicks
    if (aheadTicks > 0) throw rateLimited((aheadTicks * 1000) / ticksPerSecond)
    // Rounded up: no attempt is ever forgotten too early.
    words[at] = Math.ceil(forgottenAt)
    const backTicks = Math.floor(attemptTicks * (1 - successCosts))
    return {
      succeed() {
        // For so long the attempt holds its place and stands last in it; later it would take back somebody else's.
        if (nowTicks() - now < attemptTicks) words[at] = (words[at] ?? 0) - backTicks
      },
    }
  }

  return {
    attempt: charge,
    failure(purpose, address) {
      charge(purpose, address)
    },
  }
}

interface Place {
  words: Uint32Array
  at: number
}

const rounds = 4

/**
 * A permutation of 64 bits under random seeds (a Feistel network), so that no two addresses look alike and nobody
 * outside can choose addresses that share a set.
 */
function fingerprint(
  [high, low]: readonly [number, number],
  purpose: number,
  seeds: Uint32Array,
): readonly [high: number, low: number] {
  let [left, right] = [high, low]
  for (const seed of seeds) {
    const mixed = (left ^ scatter(right ^ scatter(seed + purpose))) >>> 0
    left = right
    right = mixed
  }
  return [left, right]
}

/** Spreads each bit over the word. */
function scatter(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return mixed ^ (mixed >>> 15)
}
