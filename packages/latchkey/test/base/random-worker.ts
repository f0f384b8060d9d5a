// A worker that makes token ids beside others.
import { parentPort, workerData } from 'node:worker_threads'
import { randomText } from '../../src/base/random.ts'

const { count } = workerData as { count: number }
parentPort?.postMessage(Array.from({ length: count }, () => randomText(16)))
