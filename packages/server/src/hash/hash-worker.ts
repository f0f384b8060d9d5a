// A thread that hashes, one job at a time, at a lower priority than serving.
import { constants, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { checkPassword, hashPassword } from './password-hash.ts'

export type HashJob = { kind: 'hash'; password: string } | { kind: 'check'; hash: string; password: string }
export type HashAnswer = { ok: true; value: unknown } | { ok: false }

// On Linux pid 0 is the calling thread alone; elsewhere it would slow the whole process down.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)

parentPort?.on('message', (job: HashJob) => {
  let answer: HashAnswer
  try {
    answer = {
      ok: true,
      value: job.kind === 'hash' ? hashPassword(job.password) : checkPassword(job.hash, job.password),
    }
  } catch {
    answer = { ok: false }
  }
  parentPort?.postMessage(answer)
})
