// The embedded engine. This thread reads on a connection of its own; all writes go to the writer thread, one batch
// in flight while the next one collects, so that the event loop never waits for a disk.
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { LatchkeyError } from 'latchkey'
import { isAnythingDue, planKeys } from '../key-plan.ts'
import type { OneTimeId, RevocationKind, SessionId, UserId } from '../records.ts'
import type { Store } from '../store.ts'
import { backUp, restoreFrom } from './backup.ts'
import { findClient } from './clients.ts'
import { preparing } from './connection.ts'
import { keyUsage, masterKeys, signingKeys } from './keys.ts'
import {
  apiKeysOfUser,
  countAudit,
  countLivePart,
  figures,
  findUsers,
  hasUserWithRole,
  listAudit,
  listClients,
  listInvitations,
  listSessions,
  listUsers,
  readAudit,
  sessionsOfUser,
} from './lists.ts'
import { findOneTime } from './one-time.ts'
import { openConnection } from './open.ts'
import { apiKeyColumns, apiKeyFromRow, type Row, sessionColumns, sessionFromRow } from './rows.ts'
import { findSession } from './sessions.ts'
import { findUserWhere } from './users.ts'
import type { Verb, VerbArgument, VerbResult } from './verbs.ts'
import type { WriteAnswer, WriteRequest, WriterMessage } from './writer.ts'

/** Opens the database file, made if it is not there, with the schema brought up to date. */
export async function openSqlite(file: string): Promise<Store> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // SQLite gives its other files the mode of this one.
  closeSync(openSync(file, 'a', 0o600))
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

  const countLiveSessions = async (at: number): Promise<number> => {
    let live = 0
    let after = ''
    for (;;) {
      const from = after
      const part = await read(() => countLivePart(reader, { after: from, at }))
      live += part.live
      if (part.next === undefined) return live
      after = part.next
      // Requests come in between.
      await setImmediate()
    }
  }

  return {
    masterKeys: () => read(() => masterKeys(reader)),
    claimMasterKeys: checks => write('claimMasterKeys', checks),
    rewrapKeys: (rewrapped, audit) => write('rewrapKeys', { rewrapped, audit }),
    keyUsage: now => read(() => keyUsage(reader, now)),
    abandonMasterKeys: (versions, ending) => write('abandonMasterKeys', { versions, ending }),

    signingKeys: () => read(() => signingKeys(reader)),
    async tendKeys(rules, candidates) {
      // Asked each second by every process: a read, unless something is due.
      const keys = await read(() => signingKeys(reader))
      return isAnythingDue(planKeys(keys, rules))
        ? write('tendKeys', { rules, candidates })
        : { keys, missing: 0 }
    },
    requestKeyRotation: (now, audit) => write('requestKeyRotation', { now, audit }),
    retireKey: (kid, audit) => write('retireKey', { kid, audit }),
    revokeKey: (kid, at, audit) => write('revokeKey', { kid, at, audit }),

    createUser: wanted => write('createUser', wanted),
    importUsers: wanted => write('importUsers', wanted),
    findUserByName: canonicalName => read(() => findUserWhere(reader, 'canonical_name', canonicalName)),
    findUserByEmail: email => read(() => findUserWhere(reader, 'email', email)),
    findUser: id => read(() => findUserWhere(reader, 'id', id)),
    findUsers: ids => read(() => findUsers(reader, ids)),
    listUsers: query => read(() => listUsers(reader, query)),
    hasUserWithRole: role => read(() => hasUserWithRole(reader, role)),
    replacePasswordHash: (id, from, to) => write('replacePasswordHash', { id, from, to }),
    changeProfile: change => write('changeProfile', change),
    changePassword: change => write('changePassword', change),
    resetPassword: (use, change) => write('resetPassword', { use, change }),
    verifyAddress: (use, audit) => write('verifyAddress', { use, audit }),
    askAddressChange: change => write('askAddressChange', change),
    changeStanding: change => write('changeStanding', change),
    deleteUser: deletion => write('deleteUser', deletion),

    startSession: start => write('startSession', start),
    findSession: (id: SessionId) => read(() => findSession(reader, id)),
    findSessionByAccessId: id =>
      read(() => {
        const row = reader.prepare(`SELECT ${sessionColumns} FROM sessions WHERE access_id = ?`).get(id)
        return row === undefined ? undefined : sessionFromRow(row as Row)
      }),
    sessionsOfUser: (id, now) => read(() => sessionsOfUser(reader, id, now)),
    listSessions: query => read(() => listSessions(reader, query)),
    rotateSession: (rotation, audit) => write('rotateSession', { rotation, audit }),
    endSession: (id, ending) => write('endSession', { id, ending }),
    endSessionsOfUser: (id, ending) => write('endSessionsOfUser', { id, ending }),

    countAttempts: (buckets, nowMs) => write('countAttempts', { buckets, nowMs }),
    clearAttempts: buckets => write('clearAttempts', buckets),

    issueOneTime: (oneTime, mail, audit) => write('issueOneTime', { oneTime, mail, audit }),
    findOneTime: (id: OneTimeId) => read(() => findOneTime(reader, id)),
    listInvitations: query => read(() => listInvitations(reader, query)),
    consume: use => write('consume', use),

    queueMail: mail => write('queueMail', mail),
    takeMails: (now, busyUntil, limit) => write('takeMails', { now, busyUntil, limit }),
    mailSent: id => write('mailSent', id),
    mailFailed: (id, retryAt) => write('mailFailed', { id, retryAt }),

    createApiKey: (key, maxKeys, audit, { mail, sessionId } = {}) =>
      write('createApiKey', { key, maxKeys, audit, mail, sessionId }),
    findApiKey: id =>
      read(() => {
        const row = reader.prepare(`SELECT ${apiKeyColumns} FROM api_keys WHERE id = ?`).get(id)
        return row === undefined ? undefined : apiKeyFromRow(row as Row)
      }),
    apiKeysOfUser: (id: UserId) => read(() => apiKeysOfUser(reader, id)),
    touchApiKey: (id, now) => write('touchApiKey', { id, now }),
    touchSession: (id, use) => write('touchSession', { id, ...use }),
    rehashApiKey: (id, from, to) => write('rehashApiKey', { id, from, to }),
    revokeApiKey: (id, userId, at, audit) => write('revokeApiKey', { id, userId, at, audit }),

    createClient: (client, audit) => write('createClient', { client, audit }),
    findClient: id => read(() => findClient(reader, id)),
    listClients: query => read(() => listClients(reader, query)),
    disableClient: (id, at, audit) => write('disableClient', { id, at, audit }),
    rehashClient: (id, from, to) => write('rehashClient', { id, from, to }),
    revokeToken: (entry, audit) => write('revokeToken', { entry, audit }),

    readRevocations: (cursor, now) =>
      read(() => {
        const rows = reader
          .prepare('SELECT seq, kind, id, expires_at FROM revocations WHERE seq > ? ORDER BY seq')
          .all(Number(cursor ?? 0))
        const entries = rows.map(row => ({
          // The column holds what writeRevocation and its siblings put there.
          kind: row['kind'] as RevocationKind,
          id: String(row['id']),
          expiresAt: Number(row['expires_at']),
        }))
        return {
          entries: entries.filter(entry => entry.expiresAt > now),
          cursor: String(rows.at(-1)?.['seq'] ?? cursor ?? 0),
        }
      }),
    // Processes that share a file cannot call each other, and asking costs microseconds.
    revocationPollMs: 100,
    onRevocation() {},

    writeAudit: audit => write('writeAudit', audit),
    readAudit: (cursor, limit) => read(() => readAudit(reader, cursor, limit)),
    listAudit: query => read(() => listAudit(reader, query)),
    countAudit: span => read(() => countAudit(reader, span)),
    countLiveSessions,
    figures: async now => ({
      ...(await read(() => figures(reader, now))),
      liveSessions: await countLiveSessions(now),
    }),
    sweep: asked => write('sweep', asked),

    backup: to => backUp(database, to),
    restore: (from, judge, audit) => restoreFrom({ file, from, judge, audit }),
    status: () => ({ waiting: writer.waiting(), connections: undefined }),
    async size() {
      const files = await Promise.all([file, `${file}-wal`].map(name => stat(name).catch(() => undefined)))
      return files.reduce((sum, found) => sum + (found?.size ?? 0), 0)
    },
    async check() {
      await read(() => reader.prepare('SELECT 1').get())
      await write('touch', undefined as never)
    },
    async close() {
      await writer.settle()
      // The writer is the last: a connection that only reads would leave the log beside the file.
      if (database.isOpen) database.close()
      await writer.close()
    },
  }
}

interface Writer {
  write<V extends Verb>(verb: V, argument: VerbArgument<V>): Promise<VerbResult<V>>
  /** How many writes are not answered yet. */
  waiting(): number
  /** Waits until everything that was asked before is written, or cannot be. */
  settle(): Promise<void>
  close(): Promise<void>
}

interface Waiting extends WriteRequest {
  settle(answer: WriteAnswer): void
}

async function startWriter(file: string): Promise<Writer> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./writer.${extension}`, import.meta.url), {
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
      // While it closes it keeps the process alive to the end.
      if (inFlight.length === 0 && !closed) worker.unref()
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
    waiting: () => collecting.length + inFlight.length,
    // Batches keep their order: when this one is through, so is everything before it.
    settle: () => write('pass', undefined as never).catch(() => undefined),
    async close() {
      if (closed) return ended
      closed = true
      worker.ref()
      worker.postMessage('close')
      await ended
    },
  }
}
