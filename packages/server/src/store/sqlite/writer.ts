// The worker thread that owns the writing connection. It takes a batch of verbs, runs each in its own savepoint,
// commits once, and answers only after the commit: writes that arrive together share one fsync.
import { existsSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { type Connection, preparing } from './connection.ts'
import { migrate, openConnection } from './open.ts'
import { type Verb, verbs } from './verbs.ts'

export interface WriteRequest {
  verb: Verb
  argument: unknown
}

export type WriteAnswer = { ok: true; value: unknown } | { ok: false; message: string }

export type WriterMessage =
  | { kind: 'open' }
  | { kind: 'failed'; message: string }
  | { kind: 'batch'; answers: WriteAnswer[] }

const port = parentPort
if (port === null) throw new Error('the writer runs as a worker thread')
const say = (message: WriterMessage): void => port.postMessage(message)
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

try {
  const { file } = workerData as { file: string }
  const database = openConnection(file, 'write')
  migrate(database)
  const connection = preparing(database)
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const rollback = database.prepare('ROLLBACK')
  const save = database.prepare('SAVEPOINT verb')
  const release = database.prepare('RELEASE verb')
  const undo = database.prepare('ROLLBACK TO verb')

  /** A file that was removed goes on taking writes, which nobody finds again. */
  const requireFile = (): void => {
    if (existsSync(file)) return
    throw new Error(`${file} was removed while it was open: end the server and start it again`)
  }

  /** Runs a verb inside its savepoint. A full disk or a failed read ends the whole transaction by itself: it throws. */
  const runVerb = (request: WriteRequest): WriteAnswer => {
    save.run()
    try {
      // The argument is what the store's typed `write` sent for this very verb.
      const verb = verbs[request.verb] as (db: Connection, argument: unknown) => unknown
      const value = verb(connection, request.argument)
      release.run()
      return { ok: true, value }
    } catch (error) {
      // Without the transaction the next savepoint would commit by itself, and be told as failed.
      if (!database.isTransaction) throw error
      undo.run()
      release.run()
      return { ok: false, message: messageOf(error) }
    }
  }

  const runBatch = (requests: WriteRequest[]): WriteAnswer[] => {
    try {
      begin.run()
      const answers = requests.map(runVerb)
      requireFile()
      commit.run()
      return answers
    } catch (error) {
      if (database.isTransaction) rollback.run()
      return requests.map(() => ({ ok: false, message: messageOf(error) }))
    }
  }

  port.on('message', (message: WriteRequest[] | 'close') => {
    if (message !== 'close') return say({ kind: 'batch', answers: runBatch(message) })
    database.close()
    port.close()
  })
  say({ kind: 'open' })
} catch (error) {
  say({ kind: 'failed', message: messageOf(error) })
}
