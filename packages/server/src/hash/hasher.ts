// The bounded queue in front of the hashing threads. Threads start with the first job; a full queue refuses at once.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { LatchkeyError } from 'latchkey'
import type { HashAnswer, HashJob } from './hash-worker.ts'
import type { PasswordCheck } from './password-hash.ts'

export interface Hasher {
  /** Throws `overloaded` when the queue is full: before anything is read or counted for a hash that would be refused. */
  requireRoom(): void
  /** A hash to keep. Throws `overloaded` when the queue is full. */
  hash(password: string): Promise<string>
  /** Checks a password. Throws `overloaded` when the queue is full. */
  check(hash: string, password: string): Promise<PasswordCheck>
  /** Puts a hash that is too fast inside an argon2id one; gives any other back. Throws `overloaded`. */
  wrap(hash: string): Promise<string>
  /** How many jobs wait for a thread now, and how many may. */
  queue(): { length: number; capacity: number }
  close(): Promise<void>
}

/** Who hears what becomes of jobs. */
export interface HashObserver {
  /** With each job that comes: how many wait. */
  queued(waiting: number): void
  /** One was refused because the queue is full. */
  rejected(): void
  /** One is done, this long after it came. */
  done(kind: HashJob['kind'], seconds: number): void
}

const nobody: HashObserver = { queued() {}, rejected() {}, done() {} }

interface Waiting {
  job: HashJob
  settle(answer: HashAnswer): void
}

/**
 * A thread takes what waits, up to this many, and answers them together. What follows a hash is then done for all of
 * them in one turn and one commit: a hash walks over so much memory that whatever runs after it finds its caches cold.
 * Where nothing waits, nobody waits for others.
 */
const mostTogether = 32

/** One fewer than the machine has cores, so that serving keeps one; one where a thread cannot give way to serving. */
const threadCount = process.platform === 'linux' ? Math.max(1, availableParallelism() - 1) : 1
/** How many may wait. */
const capacity = 64 * threadCount

/** A hasher with threads that start with the first job. */
export function createHasher(observer: HashObserver = nobody): Hasher {
  const idle: Worker[] = []
  const running = new Map<Worker, readonly Waiting[]>()
  const queue: Waiting[] = []
  let closed = false

  const startThread = (): Worker => {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./hash-worker.${extension}`, import.meta.url))
    worker.on('message', (answers: readonly HashAnswer[]) => finish(worker, answers))
    worker.on('error', () => {
      const lost = running.get(worker) ?? []
      running.delete(worker)
      for (const one of lost) one.settle({ ok: false, message: 'a hashing thread ended' })
      startNext()
    })
    worker.unref()
    return worker
  }
  const finish = (worker: Worker, answers: readonly HashAnswer[]): void => {
    const done = running.get(worker) ?? []
    running.delete(worker)
    // A thread that is being ended keeps the process alive until it has.
    if (closed) return
    worker.unref()
    idle.push(worker)
    startNext()
    for (const [i, one] of done.entries()) one.settle(answers[i] ?? { ok: false, message: 'no answer' })
  }
  const startNext = (): void => {
    while (queue.length > 0 && running.size < threadCount) {
      const share = Math.ceil(queue.length / (threadCount - running.size))
      const together = queue.splice(0, Math.min(mostTogether, share))
      const worker = idle.pop() ?? startThread()
      running.set(worker, together)
      worker.ref()
      worker.postMessage(together.map(one => one.job))
    }
  }
  const requireRoom = (): void => {
    if (!closed && queue.length < capacity) return
    observer.rejected()
    throw new LatchkeyError('overloaded')
  }
  const run = async <T>(job: HashJob): Promise<T> => {
    requireRoom()
    const startedMs = performance.now()
    const { promise, resolve } = Promise.withResolvers<HashAnswer>()
    queue.push({ job, settle: resolve })
    startNext()
    observer.queued(queue.length)
    const answer = await promise
    observer.done(job.kind, (performance.now() - startedMs) / 1000)
    if (!answer.ok) throw new LatchkeyError('internal_error', { detail: answer.message })
    // A thread answers each job with the result of the function that its kind names.
    return answer.value as T
  }

  return {
    requireRoom,
    hash: password => run<string>({ kind: 'hash', password }),
    check: (hash, password) => run<PasswordCheck>({ kind: 'check', hash, password }),
    wrap: hash => run<string>({ kind: 'wrap', hash }),
    queue: () => ({ length: queue.length, capacity }),
    async close() {
      closed = true
      const workers = [...idle, ...running.keys()]
      for (const one of [...queue.splice(0), ...[...running.values()].flat()])
        one.settle({ ok: false, message: 'the server is closing' })
      running.clear()
      await Promise.all(workers.map(worker => worker.terminate()))
    },
  }
}
