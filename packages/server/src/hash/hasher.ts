// The bounded queue in front of the hashing threads. Threads start with the first job; a full queue refuses at once.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { LatchkeyError } from 'latchkey'
import type { HashAnswer, HashJob } from './hash-worker.ts'
import type { PasswordCheck } from './password-hash.ts'

export interface Hasher {
  /** A hash to keep. Throws `overloaded` when the queue is full. */
  hash(password: string): Promise<string>
  /** Checks a password. Throws `overloaded` when the queue is full. */
  check(hash: string, password: string): Promise<PasswordCheck>
  /** Puts a hash that is too fast inside an argon2id one; gives any other back. Throws `overloaded`. */
  wrap(hash: string): Promise<string>
  close(): Promise<void>
}

interface Waiting {
  job: HashJob
  settle(answer: HashAnswer): void
}

const waitingPerThread = 64

/** A hasher with one thread fewer than the machine has cores, so that serving keeps one. */
export function createHasher(): Hasher {
  const threadCount = Math.max(1, availableParallelism() - 1)
  const idle: Worker[] = []
  const running = new Map<Worker, Waiting>()
  const queue: Waiting[] = []
  let closed = false

  const startThread = (): Worker => {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./hash-worker.${extension}`, import.meta.url))
    worker.on('message', (answer: HashAnswer) => finish(worker, answer))
    worker.on('error', () => {
      const lost = running.get(worker)
      running.delete(worker)
      lost?.settle({ ok: false, message: 'a hashing thread ended' })
      startNext()
    })
    worker.unref()
    return worker
  }
  const finish = (worker: Worker, answer: HashAnswer): void => {
    const done = running.get(worker)
    running.delete(worker)
    worker.unref()
    idle.push(worker)
    startNext()
    done?.settle(answer)
  }
  const startNext = (): void => {
    const next = queue[0]
    if (next === undefined || running.size >= threadCount) return
    queue.shift()
    const worker = idle.pop() ?? startThread()
    running.set(worker, next)
    worker.ref()
    worker.postMessage(next.job)
  }
  const run = <T>(job: HashJob): Promise<T> =>
    new Promise((resolve, reject) => {
      if (closed || queue.length >= waitingPerThread * threadCount)
        return reject(new LatchkeyError('overloaded'))
      queue.push({
        job,
        // A thread answers each job with the result of the function that its kind names.
        settle: answer =>
          answer.ok
            ? resolve(answer.value as T)
            : reject(new LatchkeyError('internal_error', { detail: answer.message })),
      })
      startNext()
    })

  return {
    hash: password => run<string>({ kind: 'hash', password }),
    check: (hash, password) => run<PasswordCheck>({ kind: 'check', hash, password }),
    wrap: hash => run<string>({ kind: 'wrap', hash }),
    async close() {
      closed = true
      const workers = [...idle, ...running.keys()]
      for (const one of [...queue.splice(0), ...running.values()])
        one.settle({ ok: false, message: 'the server is closing' })
      running.clear()
      await Promise.all(workers.map(worker => worker.terminate()))
    },
  }
}
