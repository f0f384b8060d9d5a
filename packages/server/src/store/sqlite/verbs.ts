// The writing verbs by name. The writer runs each inside a savepoint of a transaction it holds with BEGIN IMMEDIATE,
// so what a verb reads is still true when it writes.

import { createApiKey, rehashApiKey, revokeApiKey, touchApiKey } from './api-keys.ts'
import { clearAttempts, countAttempts } from './attempts.ts'
import { createClient, disableClient, rehashClient, revokeToken } from './clients.ts'
import { type Connection, writeAudit } from './connection.ts'
import {
  abandonMasterKeys,
  claimMasterKeys,
  requestKeyRotation,
  retireKey,
  revokeKey,
  rewrapKeys,
  tendKeys,
} from './keys.ts'
import { mailFailed, mailSent, queueMail, takeMails } from './mails.ts'
import { consume, issueOneTime } from './one-time.ts'
import { endSession, endSessionsOfUser, rotateSession, startSession, touchSession } from './sessions.ts'
import { sweep } from './sweep.ts'
import {
  askAddressChange,
  changePassword,
  changeProfile,
  changeStanding,
  createUser,
  deleteUser,
  importUsers,
  replacePasswordHash,
  resetPassword,
  verifyAddress,
} from './users.ts'

/** A write that changes nothing anybody reads, and still has to reach the disk: it proves that the file can be written. */
function touch(db: Connection): void {
  db.prepare('UPDATE pulse SET beats = beats + 1').run()
}

/** Nothing: what waits for its commit waits for everything before it. */
function pass(): void {}

export const verbs = {
  countAttempts,
  clearAttempts,
  claimMasterKeys,
  rewrapKeys,
  abandonMasterKeys,
  tendKeys,
  requestKeyRotation,
  retireKey,
  revokeKey,
  createUser,
  importUsers,
  replacePasswordHash,
  changeProfile,
  changePassword,
  resetPassword,
  verifyAddress,
  askAddressChange,
  changeStanding,
  deleteUser,
  startSession,
  rotateSession,
  touchSession,
  endSession,
  endSessionsOfUser,
  issueOneTime,
  consume,
  queueMail,
  takeMails,
  mailSent,
  mailFailed,
  createApiKey,
  touchApiKey,
  rehashApiKey,
  revokeApiKey,
  createClient,
  disableClient,
  rehashClient,
  revokeToken,
  writeAudit,
  sweep,
  touch,
  pass,
}

type VerbTable = typeof verbs
export type Verb = keyof VerbTable
export type VerbArgument<V extends Verb> = Parameters<VerbTable[V]>[1]
export type VerbResult<V extends Verb> = ReturnType<VerbTable[V]>
