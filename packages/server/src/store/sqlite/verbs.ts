// The writing verbs by name. The writer runs each inside a savepoint of a transaction it holds with BEGIN IMMEDIATE,
// so what a verb reads is still true when it writes.
import { createApiKey, revokeApiKey, touchApiKey } from './api-keys.ts'
import { type Connection, writeAudit } from './connection.ts'
import { claimMasterKeyCheck, requestKeyRotation, retireKey, revokeKey, tendKeys } from './keys.ts'
import { mailFailed, mailSent, queueMail, takeMails } from './mails.ts'
import { consume, issueOneTime } from './one-time.ts'
import { endSession, endSessionsOfUser, rotateSession, startSession } from './sessions.ts'
import { sweep } from './sweep.ts'
import {
  askAddressChange,
  changePassword,
  changeProfile,
  createUser,
  deleteUser,
  replacePasswordHash,
  resetPassword,
  setDisabled,
  setRoles,
  verifyAddress,
} from './users.ts'

/** A write that changes nothing: it proves that the file can be written. */
function touch(db: Connection): void {
  db.prepare('UPDATE master_key SET version = version WHERE version = -1').run()
}

export const verbs = {
  claimMasterKeyCheck,
  tendKeys,
  requestKeyRotation,
  retireKey,
  revokeKey,
  createUser,
  replacePasswordHash,
  changeProfile,
  changePassword,
  resetPassword,
  verifyAddress,
  askAddressChange,
  setDisabled,
  setRoles,
  deleteUser,
  startSession,
  rotateSession,
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
  revokeApiKey,
  writeAudit,
  sweep,
  touch,
}

type VerbTable = typeof verbs
export type Verb = keyof VerbTable
export type VerbArgument<V extends Verb> = Parameters<VerbTable[V]>[1]
export type VerbResult<V extends Verb> = ReturnType<VerbTable[V]>
