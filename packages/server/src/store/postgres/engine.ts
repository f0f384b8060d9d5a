// The engine for many nodes: each verb is one statement or one transaction on PostgreSQL. The instants that decide
// are the database's own, which all nodes share.
import { LatchkeyError } from 'latchkey'
import { isAnythingDue, planKeys } from '../key-plan.ts'
import type { OneTimeUse, Store } from '../store.ts'
import * as apiKeys from './api-keys.ts'
import * as attempts from './attempts.ts'
import * as clients from './clients.ts'
import * as keys from './keys.ts'
import { type Listener, startListener } from './listener.ts'
import * as lists from './lists.ts'
import * as mails from './mails.ts'
import { migrate } from './migrate.ts'
import * as oneTime from './one-time.ts'
import { openDatabase, openPool, type PgPool, type Query } from './pool.ts'
import { readRevocations } from './revocation-log.ts'
import * as sessions from './sessions.ts'
import { writeAudit } from './statements.ts'
import { sweep } from './sweep.ts'
import * as users from './users.ts'

export interface PostgresOptions {
  url: string
  /** The caller's own pool, which stays open when the store closes; ours is made from `url` otherwise. */
  pool?: PgPool | undefined
  /** Whose instants decide: the database's, or those that verbs are given, where a test sets the time. */
  clock?: 'database' | 'given' | undefined
}

/** Opens the store with the schema brought up to date. Throws ConfigError, LatchkeyError `store_unavailable`. */
export async function openPostgres({ url, pool, clock = 'database' }: PostgresOptions): Promise<Store> {
  const database = openDatabase(pool ?? (await openPool(url)), pool === undefined ? 'ours' : 'callers')
  try {
    await migrate(database)
  } catch (error) {
    await database.end()
    throw error
  }
  const { query, transaction } = database
  const given = (nowMs: number): number | undefined => (clock === 'given' ? nowMs : undefined)
  const atUse = ({ now }: OneTimeUse): number | undefined => given(now * 1000)
  let listener: Listener | undefined

  /** A verb of several statements. */
  const whole =
    <A, R>(verb: (query: Query, argument: A) => Promise<R>) =>
    (argument: A): Promise<R> =>
      transaction(inside => verb(inside, argument))

  return {
    masterKeys: () => keys.masterKeys(query),
    claimMasterKeys: whole(keys.claimMasterKeys),
    rewrapKeys: (rewrapped, audit) => whole(keys.rewrapKeys)({ rewrapped, audit }),
    keyUsage: now => keys.keyUsage(query, now),
    abandonMasterKeys: (versions, ending) => whole(keys.abandonMasterKeys)({ versions, ending }),

    signingKeys: () => keys.signingKeys(query),
    async tendKeys(wanted, candidates) {
      // Asked each second by every node: a read, unless something is due.
      const rules = await keys.rulesNow(query, wanted, given(wanted.now * 1000))
      const known = await keys.signingKeys(query)
      return isAnythingDue(planKeys(known, rules))
        ? whole(keys.tendKeys)({ rules, candidates })
        : { keys: known, missing: 0 }
    },
    requestKeyRotation: (now, audit) => whole(keys.requestKeyRotation)({ nowMs: given(now * 1000), audit }),
    retireKey: (kid, audit) => whole(keys.retireKey)({ kid, audit }),
    revokeKey: (kid, at, audit) => whole(keys.revokeKey)({ kid, at, audit }),

    createUser: wanted =>
      transaction(inside => users.createUser(inside, wanted, given(wanted.user.createdAt * 1000))),
    importUsers: whole(users.importUsers),
    findUserByName: canonicalName => users.findUserWhere(query, 'canonical_name', canonicalName),
    findUserByEmail: email => users.findUserWhere(query, 'email', email),
    findUser: id => users.findUserWhere(query, 'id', id),
    findUsers: ids => lists.findUsers(query, ids),
    listUsers: asked => lists.listUsers(query, asked),
    hasUserWithRole: role => lists.hasUserWithRole(query, role),
    replacePasswordHash: (id, from, to) => users.replacePasswordHash(query, { id, from, to }),
    changeProfile: whole(users.changeProfile),
    changePassword: whole(users.changePassword),
    resetPassword: (use, change) =>
      transaction(inside => users.resetPassword(inside, { use, change }, atUse(use))),
    verifyAddress: (use, audit) =>
      transaction(inside => users.verifyAddress(inside, { use, audit }, atUse(use))),
    askAddressChange: whole(users.askAddressChange),
    changeStanding: whole(users.changeStanding),
    deleteUser: whole(users.deleteUser),

    startSession: whole(sessions.startSession),
    findSession: id => sessions.findSession(query, id),
    findSessionByAccessId: id => sessions.findSessionByAccessId(query, id),
    sessionsOfUser: (id, now) => lists.sessionsOfUser(query, id, now),
    listSessions: asked => lists.listSessions(query, asked),
    rotateSession: (rotation, audit) =>
      sessions.rotateSession(database, { rotation, nowMs: given(rotation.nowMs), audit }),
    endSession: (id, ending) => whole(sessions.endSession)({ id, ending }),
    endSessionsOfUser: (id, ending) => whole(sessions.endSessionsOfUser)({ id, ending }),

    countAttempts: (buckets, nowMs) => whole(attempts.countAttempts)({ buckets, nowMs: given(nowMs) }),
    clearAttempts: buckets => attempts.clearAttempts(query, buckets),

    issueOneTime: (thing, mail, audit) => whole(oneTime.issueOneTime)({ oneTime: thing, mail, audit }),
    findOneTime: id => oneTime.findOneTime(query, id),
    listInvitations: asked => lists.listInvitations(query, asked),
    consume: use => oneTime.consume(query, use, atUse(use)),

    queueMail: mail => mails.queueMail(query, mail),
    takeMails: (now, busyUntil, limit) => mails.takeMails(query, { now, busyUntil, limit }),
    mailSent: id => mails.mailSent(query, id),
    mailFailed: (id, retryAt) => mails.mailFailed(query, id, retryAt),

    createApiKey: (key, maxKeys, audit, { mail, sessionId } = {}) =>
      whole(apiKeys.createApiKey)({ key, maxKeys, audit, mail, sessionId }),
    findApiKey: id => apiKeys.findApiKey(query, id),
    apiKeysOfUser: id => apiKeys.apiKeysOfUser(query, id),
    touchSession: (id, use) => sessions.touchSession(query, { id, ...use }),
    touchApiKey: (id, now) => apiKeys.touchApiKey(query, id, now),
    rehashApiKey: (id, from, to) => apiKeys.rehashApiKey(query, { id, from, to }),
    revokeApiKey: (id, userId, at, audit) => whole(apiKeys.revokeApiKey)({ id, userId, at, audit }),

    createClient: (client, audit) => whole(clients.createClient)({ client, audit }),
    findClient: id => clients.findClient(query, id),
    listClients: asked => lists.listClients(query, asked),
    disableClient: (id, at, audit) => whole(clients.disableClient)({ id, at, audit }),
    rehashClient: (id, from, to) => clients.rehashClient(query, { id, from, to }),
    revokeToken: (entry, audit) => whole(clients.revokeToken)({ entry, audit }),

    readRevocations: (cursor, now) => readRevocations(query, cursor, now),
    // NOTIFY wakes; the poll is for one that was lost.
    revocationPollMs: 1_000,
    onRevocation(wake) {
      listener ??= startListener(database, wake)
    },

    writeAudit: audit => writeAudit(query, audit),
    readAudit: (cursor, limit) => lists.readAudit(query, cursor, limit),
    listAudit: asked => lists.listAudit(query, asked),
    countAudit: span => lists.countAudit(query, span),
    countLiveSessions: at => lists.countLiveSessions(query, at),
    figures: now => lists.figures(query, now),
    sweep: asked => sweep(query, asked),

    backup: () => refuse('Back up PostgreSQL with pg_dump, or by the means of its host.'),
    restore: () => refuse('Restore PostgreSQL with pg_restore, or by the means of its host.'),
    status: database.status,
    async size() {
      const { rows } = await query('SELECT pg_database_size(current_database()) AS bytes')
      return Number(rows[0]?.['bytes'])
    },
    check: () => whole(check)(undefined),
    async close() {
      await listener?.close()
      await database.end()
    },
  }
}

/** A real read and a real write: a server that is a standby now, or whose disk is full, refuses it. */
async function check(query: Query): Promise<void> {
  await query('SELECT beats FROM pulse')
  await query('UPDATE pulse SET beats = beats + 1')
}

async function refuse(detail: string): Promise<never> {
  throw new LatchkeyError('store_unavailable', { detail })
}
