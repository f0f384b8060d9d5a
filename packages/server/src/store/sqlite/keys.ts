// The verbs of the master key's check value and of signing keys.
import { planKeys } from '../key-plan.ts'
import type { AuditRecord, KeyId, RevocationRecord, SigningKeyRecord } from '../records.ts'
import type { KeyRules } from '../store.ts'
import { type Connection, writeAudit } from './connection.ts'
import { placeholders, type Row, rowFromSigningKey, signingKeyColumns, signingKeyFromRow } from './rows.ts'

export function masterKeyCheck(db: Connection): Uint8Array | undefined {
  const row = db.prepare('SELECT check_value FROM master_key WHERE version = 1').get()
  return row?.['check_value'] as Uint8Array | undefined
}

export function claimMasterKeyCheck(db: Connection, check: Uint8Array): Uint8Array {
  db.prepare('INSERT INTO master_key (version, check_value) VALUES (1, ?) ON CONFLICT DO NOTHING').run(check)
  return masterKeyCheck(db) ?? check
}

export function signingKeys(db: Connection): SigningKeyRecord[] {
  return db
    .prepare(`SELECT ${signingKeyColumns} FROM signing_keys ORDER BY published_at, kid`)
    .all()
    .map(row => signingKeyFromRow(row as Row))
}

export interface KeyTending {
  rules: KeyRules
  candidates: readonly SigningKeyRecord[]
}

export function tendKeys(
  db: Connection,
  { rules, candidates }: KeyTending,
): { keys: SigningKeyRecord[]; missing: number } {
  const plan = planKeys(signingKeys(db), rules)
  const { now } = rules
  for (const kid of plan.drop) wipeKey(db, kid, 'gone')
  for (const kid of plan.retire) {
    db.prepare("UPDATE signing_keys SET state = 'retiring', retired_until = ? WHERE kid = ?").run(
      now + rules.retainSeconds,
      kid,
    )
  }
  if (plan.activate !== undefined) activate(db, plan.activate, now)
  const offered = [...candidates]
  if (plan.needsActive) insertKey(db, offered.shift(), { state: 'active', publishedAt: now, activeAt: now })
  if (plan.needsNext) insertKey(db, offered.shift(), { state: 'next', publishedAt: now, activeAt: undefined })
  const wanted = Number(plan.needsActive) + Number(plan.needsNext)
  return { keys: signingKeys(db), missing: Math.max(0, wanted - candidates.length) }
}

function insertKey(
  db: Connection,
  key: SigningKeyRecord | undefined,
  place: Pick<SigningKeyRecord, 'state' | 'publishedAt' | 'activeAt'>,
): void {
  if (key === undefined) return
  db.prepare(
    `INSERT INTO signing_keys (${signingKeyColumns}) VALUES (${placeholders(signingKeyColumns)})`,
  ).run(rowFromSigningKey({ ...key, ...place }))
}

function activate(db: Connection, kid: KeyId, now: number): void {
  db.prepare("UPDATE signing_keys SET state = 'active', active_at = ?, rotate_at = NULL WHERE kid = ?").run(
    now,
    kid,
  )
}

function wipeKey(db: Connection, kid: KeyId, state: 'gone' | 'revoked'): void {
  db.prepare("UPDATE signing_keys SET state = ?, wrapped = x'' WHERE kid = ?").run(state, kid)
}

export function requestKeyRotation(
  db: Connection,
  { now, audit }: { now: number; audit: AuditRecord },
): void {
  db.prepare("UPDATE signing_keys SET rotate_at = ? WHERE state = 'active'").run(now)
  writeAudit(db, audit)
}

export function retireKey(
  db: Connection,
  { kid, audit }: { kid: KeyId; audit: AuditRecord },
): 'done' | 'missing' | 'in_use' {
  const key = signingKeys(db).find(one => one.kid === kid)
  if (key === undefined || key.state === 'gone' || key.state === 'revoked') return 'missing'
  if (key.state !== 'retiring') return 'in_use'
  wipeKey(db, kid, 'gone')
  writeAudit(db, audit)
  return 'done'
}

export interface KeyRevocation {
  kid: KeyId
  at: { now: number; revocationExpiresAt: number }
  audit: AuditRecord
}

export function revokeKey(db: Connection, { kid, at, audit }: KeyRevocation): RevocationRecord[] {
  const keys = signingKeys(db)
  const key = keys.find(one => one.kid === kid)
  if (key === undefined || key.state === 'gone' || key.state === 'revoked') return []
  wipeKey(db, kid, 'revoked')
  db.prepare('UPDATE signing_keys SET revoked_at = ? WHERE kid = ?').run(at.now, kid)
  const next = keys.find(one => one.state === 'next' && one.alg === key.alg && one.kid !== kid)
  if (key.state === 'active' && next !== undefined) activate(db, next.kid, at.now)
  writeAudit(db, audit)
  db.prepare("INSERT INTO revocations (kind, id, expires_at) VALUES ('key', ?, ?)").run(
    kid,
    at.revocationExpiresAt,
  )
  return [{ kind: 'key', id: kid, expiresAt: at.revocationExpiresAt }]
}
