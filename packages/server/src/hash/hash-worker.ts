// A thread that hashes, one job after the other, at a lower priority than serving.
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

parentPort?.on('message', async (jobs: readonly HashJob[]) => {
  let answers: HashAnswer[]
  try {
    const compute = await argon2
    answers = jobs.map(job => answerTo(job, compute))
  } catch (error) {
    answers = jobs.map(() => failure(error))
  }
  parentPort?.postMessage(answers)
})

function answerTo(job: HashJob, compute: Argon2): HashAnswer {
  try {
    return { ok: true, value: resultOf(job, compute) }
  } catch (error) {
    return failure(error)
  }
}

function failure(error: unknown): HashAnswer {
  return { ok: false, message: error instanceof Error ? error.message : 'the hash could not be computed' }
}
