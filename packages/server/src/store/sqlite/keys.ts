// The verbs of the master key's check value and of signing keys.
import { planKeys } from '../key-plan.ts'
import type { AuditRecord, KeyId, MasterKeyRecord, RevocationRecord, SigningKeyRecord } from '../records.ts'
import type { Ending, KeyRules, KeyUsage, RewrappedKey } from '../store.ts'
import { type Connection, writeAudit, writeRevocation } from './connection.ts'
import {
  masterKeyFromRow,
  placeholders,
  type Row,
  rowFromSigningKey,
  signingKeyColumns,
  signingKeyFromRow,
} from './rows.ts'
import { revokeEverySession } from './sessions.ts'

export function masterKeys(db: Connection): MasterKeyRecord[] {
  return db
    .prepare('SELECT version, check_value, compromised_at FROM master_key ORDER BY version')
    .all()
    .map(row => masterKeyFromRow(row as Row))
}

export function claimMasterKeys(
  db: Connection,
  checks: readonly Uint8Array[],
): MasterKeyRecord[] | undefined {
  const known = masterKeys(db)
  const claimed = checks.map(check => known.find(key => Buffer.from(key.check).equals(check)))
  if (known.length > 0 && claimed.every(key => key === undefined)) return undefined
  let version = known.at(-1)?.version ?? 0
  return checks.map((check, i) => {
    const key = claimed[i]
    if (key !== undefined) return key
    version += 1
    db.prepare('INSERT INTO master_key (version, check_value) VALUES (?, ?)').run(version, check)
    return { version, check, compromisedAt: undefined }
  })
}

export interface Rewrapping {
  rewrapped: readonly RewrappedKey[]
  audit: AuditRecord
}

export function rewrapKeys(db: Connection, { rewrapped, audit }: Rewrapping): { replaced: number } {
  let replaced = 0
  for (const { kid, fromVersion, toVersion, wrapped } of rewrapped) {
    // A key that was wiped meanwhile stays wiped.
    const { changes } = db
      .prepare(
        'UPDATE signing_keys SET wrapped = ?, key_version = ? ' +
          'WHERE kid = ? AND key_version = ? AND length(wrapped) > 0',
      )
      .run(wrapped, toVersion, kid, fromVersion)
    replaced += Number(changes)
  }
  if (replaced > 0) writeAudit(db, audit)
  return { replaced }
}

/** What counts as living: nothing else needs its master key. */
const usageRows = {
  signingKeys: 'signing_keys WHERE length(wrapped) > 0 AND published_at <= $now',
  sessions: 'sessions WHERE revoked_at IS NULL AND expires_at > $now AND idle_expires_at > $now',
  apiKeys: 'api_keys WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $now)',
  oneTime: 'one_time WHERE consumed_at IS NULL AND expires_at > $now',
} satisfies Record<Exclude<keyof KeyUsage, 'version'>, string>

export function keyUsage(db: Connection, now: number): KeyUsage[] {
  const countOf = (rows: string, version: number): number =>
    Number(
      db.prepare(`SELECT count(*) AS n FROM ${rows} AND key_version = $version`).get({ now, version })?.['n'],
    )
  return masterKeys(db).map(({ version }) => ({
    version,
    signingKeys: countOf(usageRows.signingKeys, version),
    sessions: countOf(usageRows.sessions, version),
    apiKeys: countOf(usageRows.apiKeys, version),
    oneTime: countOf(usageRows.oneTime, version),
  }))
}

export interface Abandonment {
  versions: readonly number[]
  ending: Ending
}

export function abandonMasterKeys(db: Connection, { versions, ending }: Abandonment): RevocationRecord[] {
  const { now, revocationExpiresAt, audit } = ending
  for (const version of versions)
    db.prepare('UPDATE master_key SET compromised_at = coalesce(compromised_at, ?) WHERE version = ?').run(
      now,
      version,
    )
  const revoked = revokeEverySession(db, ending)
  for (const key of signingKeys(db).filter(one => one.wrapped.length > 0)) {
    wipeKey(db, key.kid, 'revoked')
    db.prepare('UPDATE signing_keys SET revoked_at = ? WHERE kid = ?').run(now, key.kid)
    revoked.push(writeRevocation(db, { kind: 'key', id: key.kid, expiresAt: revocationExpiresAt }))
  }
  db.prepare('DELETE FROM one_time WHERE consumed_at IS NULL').run()
  writeAudit(db, audit)
  return revoked
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
  return [writeRevocation(db, { kind: 'key', id: kid, expiresAt: at.revocationExpiresAt })]
}
