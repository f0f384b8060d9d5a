// A thread that hashes, one job at a time, at a lower priority than serving.
import { constants, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { type Argon2, chooseArgon2 } from './argon2.ts'
import { checkPassword, hashPassword, wrapHash } from './password-hash.ts'

export type HashJob =
  | { kind: 'hash'; password: string }
  | { kind: 'check'; hash: string; password: string }
  | { kind: 'wrap'; hash: string }
export type HashAnswer = { ok: true; value: unknown } | { ok: false; message: string }

// On Linux pid 0 is the calling thread alone; elsewhere it would slow the whole process down.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)

const argon2 = chooseArgon2()

function resultOf(job: HashJob, compute: Argon2): unknown {
  if (job.kind === 'hash') return hashPassword(job.password, compute)
  if (job.kind === 'wrap') return wrapHash(job.hash, compute)
  return checkPassword(job.hash, job.password, compute)
}

parentPort?.on('message', async (job: HashJob) => {
  let answer: HashAnswer
  try {
    const compute = await argon2
    answer = { ok: true, value: resultOf(job, compute) }
  } catch (error) {
    answer = { ok: false, message: error instanceof Error ? error.message : 'the hash could not be computed' }
  }
  parentPort?.postMessage(answer)
})
