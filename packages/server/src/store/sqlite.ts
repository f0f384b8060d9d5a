// The embedded engine. This thread reads on a connection of its own; all writes go to the writer thread, one batch
// in flight while the next one collects, so that the event loop never waits for a disk.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { LatchkeyError } from 'latchkey'
import type { SessionId, UserId } from './records.ts'
import { openConnection } from './sqlite-open.ts'
import { type Row, userColumns, userFromRow } from './sqlite-rows.ts'
import {
  findSession,
  masterKeyCheck,
  preparing,
  signingKeys,
  type Verb,
  type VerbArgument,
  type VerbResult,
} from './sqlite-verbs.ts'
import type { WriteAnswer, WriteRequest, WriterMessage } from './sqlite-writer.ts'
import type { Store } from './store.ts'

/** Opens the database file, made if it is not there, with the schema brought up to date. */
export async function openSqlite(file: string): Promise<Store> {
  mkdirSync(dirname(file), { recursive: true })
  const writer = await startWriter(file)
  const database = openConnection(file, 'read')
  const reader = preparing(database)
  const { write } = writer

  const read = async <T>(query: () => T): Promise<T> => {
    try {
      return query()
    } catch (error) {
      throw new LatchkeyError('store_unavailable', { cause: error })
    }
  }
  const findUserWhere = (column: 'id' | 'canonical_name', value: string) =>
    read(() => {
      const row = reader.prepare(`SELECT ${userColumns} FROM users WHERE ${column} = ?`).get(value)
      return row === undefined ? undefined : userFromRow(row as Row)
    })

  return {
    masterKeyCheck: () => read(() => masterKeyCheck(reader)),
    claimMasterKeyCheck: check => write('claimMasterKeyCheck', check),
    claimSigningKey: candidate => write('claimSigningKey', candidate),
    signingKeys: () => read(() => signingKeys(reader)),

    createUser: (user, audit) => write('createUser', { user, audit }),
    findUserByName: canonicalName => findUserWhere('canonical_name', canonicalName),
    findUser: (id: UserId) => findUserWhere('id', id),
    replacePasswordHash: (id, from, to) => write('replacePasswordHash', { id, from, to }),

    startSession: start => write('startSession', start),
    findSession: (id: SessionId) => read(() => findSession(reader, id)),
    rotateSession: (rotation, audit) => write('rotateSession', { rotation, audit }),
    endSession: ending => write('endSession', ending),
    endSessionsOfUser: ending => write('endSessionsOfUser', ending),

    readRevocations: (cursor, now) =>
      read(() => {
        const rows = reader
          .prepare('SELECT seq, kind, id, expires_at FROM revocations WHERE seq > ? ORDER BY seq')
          .all(cursor)
        const entries = rows
          .map(row => ({
            kind: 'session' as const,
            id: String(row['id']),
            expiresAt: Number(row['expires_at']),
          }))
          .filter(entry => entry.expiresAt > now)
        return { entries, cursor: Number(rows.at(-1)?.['seq'] ?? cursor) }
      }),

    writeAudit: audit => write('writeAudit', audit),

    sweep: now => write('sweep', now),

    async check() {
      await read(() => reader.prepare('SELECT 1').get())
      await write('touch', undefined as never)
    },
    async close() {
      await writer.close()
      if (database.isOpen) database.close()
    },
  }
}

interface Writer {
  write<V extends Verb>(verb: V, argument: VerbArgument<V>): Promise<VerbResult<V>>
  close(): Promise<void>
}

interface Waiting extends WriteRequest {
  settle(answer: WriteAnswer): void
}

async function startWriter(file: string): Promise<Writer> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./sqlite-writer.${extension}`, import.meta.url), {
    workerData: { file },
  })
  const ended = new Promise<void>(resolve => worker.once('exit', () => resolve()))
  let collecting: Waiting[] = []
  let inFlight: Waiting[] = []
  let closed = false

  const settleAll = (waiting: Waiting[], message: string): void => {
    for (const one of waiting) one.settle({ ok: false, message })
  }
  const sendNext = (): void => {
    if (inFlight.length > 0 || collecting.length === 0) return
    inFlight = collecting
    collecting = []
    worker.ref()
    worker.postMessage(inFlight.map(({ verb, argument }) => ({ verb, argument })))
  }
  const fail = (message: string): void => {
    closed = true
    settleAll(inFlight.splice(0), message)
    settleAll(collecting.splice(0), message)
  }

  const opened = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WriterMessage) => {
      if (message.kind === 'open') return resolve()
      if (message.kind === 'failed')
        return reject(new LatchkeyError('store_unavailable', { detail: message.message }))
      const done = inFlight
      inFlight = []
      sendNext()
      if (inFlight.length === 0) worker.unref()
      for (const [i, one] of done.entries())
        one.settle(message.answers[i] ?? { ok: false, message: 'no answer' })
    })
    worker.on('error', error => {
      fail(error instanceof Error ? error.message : String(error))
      reject(new LatchkeyError('store_unavailable', { cause: error }))
    })
    worker.on('exit', () => fail('the writer has ended'))
  })
  await opened
  worker.unref()

  const write: Writer['write'] = (verb, argument) =>
    new Promise((resolve, reject) => {
      const settle = (answer: WriteAnswer): void => {
        // The writer answers each request with the result of the verb it names.
        if (answer.ok) resolve(answer.value as VerbResult<typeof verb>)
        else reject(new LatchkeyError('store_unavailable', { detail: answer.message }))
      }
      if (closed) return settle({ ok: false, message: 'the store is closed' })
      collecting.push({ verb, argument, settle })
      sendNext()
    })

  return {
    write,
    async close() {
      if (closed) return ended
      // Batches keep their order: when this one is through, so is everything before it.
      await write('touch', undefined as never).catch(() => undefined)
      closed = true
      worker.ref()
      worker.postMessage('close')
      await ended
    },
  }
}
