// The verbs of master keys' check values and of signing keys. Each that changes signing keys holds one lock, so that
// a plan is carried out on the keys it was made for.
import { planKeys } from '../key-plan.ts'
import type { AuditRecord, KeyId, MasterKeyRecord, RevocationRecord, SigningKeyRecord } from '../records.ts'
import { masterKeyFromRow, rowFromSigningKey, signingKeyColumns, signingKeyFromRow } from '../sqlite/rows.ts'
import type { Ending, KeyRules, KeyUsage, RewrappedKey } from '../store.ts'
import type { Query } from './pool.ts'
import { revokeEverySession } from './sessions.ts'
import { insert, instantMs, takeTurn, writeAudit, writeRevocations } from './statements.ts'

export async function masterKeys(query: Query): Promise<MasterKeyRecord[]> {
  const { rows } = await query('SELECT version, check_value, compromised_at FROM master_key ORDER BY version')
  return rows.map(masterKeyFromRow)
}

export async function claimMasterKeys(
  query: Query,
  checks: readonly Uint8Array[],
): Promise<MasterKeyRecord[] | undefined> {
  await takeTurn(query, 'keys')
  const known = await masterKeys(query)
  const claimed = checks.map(check => known.find(key => Buffer.from(key.check).equals(check)))
  if (known.length > 0 && claimed.every(key => key === undefined)) return undefined
  let version = known.at(-1)?.version ?? 0
  const keys: MasterKeyRecord[] = []
  for (const [i, check] of checks.entries()) {
    const key = claimed[i]
    if (key === undefined) {
      version += 1
      await insert(query, 'master_key', { version, check_value: check })
    }
    keys.push(key ?? { version, check: Uint8Array.from(check), compromisedAt: undefined })
  }
  return keys
}

export interface Rewrapping {
  rewrapped: readonly RewrappedKey[]
  audit: AuditRecord
}

export async function rewrapKeys(
  query: Query,
  { rewrapped, audit }: Rewrapping,
): Promise<{ replaced: number }> {
  await takeTurn(query, 'keys')
  let replaced = 0
  for (const { kid, fromVersion, toVersion, wrapped } of rewrapped) {
    // A key that was wiped meanwhile stays wiped.
    const { count } = await query(
      'UPDATE signing_keys SET wrapped = $1, key_version = $2 ' +
        'WHERE kid = $3 AND key_version = $4 AND length(wrapped) > 0',
      [wrapped, toVersion, kid, fromVersion],
    )
    replaced += count
  }
  if (replaced > 0) await writeAudit(query, audit)
  return { replaced }
}

/** What counts as living: nothing else needs its master key. */
const usage = `
  SELECT version,
    (SELECT count(*) FROM signing_keys WHERE key_version = version AND length(wrapped) > 0 AND published_at <= $1) AS signing_keys,
    (SELECT count(*) FROM sessions WHERE key_version = version AND revoked_at IS NULL AND expires_at > $1 AND idle_expires_at > $1) AS sessions,
    (SELECT count(*) FROM api_keys WHERE key_version = version AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)) AS api_keys,
    (SELECT count(*) FROM one_time WHERE key_version = version AND consumed_at IS NULL AND expires_at > $1) AS one_time
  FROM master_key ORDER BY version`

export async function keyUsage(query: Query, now: number): Promise<KeyUsage[]> {
  const { rows } = await query(usage, [now])
  return rows.map(row => ({
    version: Number(row['version']),
    signingKeys: Number(row['signing_keys']),
    sessions: Number(row['sessions']),
    apiKeys: Number(row['api_keys']),
    oneTime: Number(row['one_time']),
  }))
}

export interface Abandonment {
  versions: readonly number[]
  ending: Ending
}

export async function abandonMasterKeys(
  query: Query,
  { versions, ending }: Abandonment,
): Promise<RevocationRecord[]> {
  const { now, revocationExpiresAt, audit } = ending
  await takeTurn(query, 'keys')
  await query(
    'UPDATE master_key SET compromised_at = coalesce(compromised_at, $1) WHERE version = ANY($2::integer[])',
    [now, versions],
  )
  const ofSessions = await revokeEverySession(query, ending)
  const { rows } = await query(
    "UPDATE signing_keys SET state = 'revoked', wrapped = '', revoked_at = $1 WHERE length(wrapped) > 0 RETURNING kid",
    [now],
  )
  const ofKeys = await writeRevocations(
    query,
    rows.map(row => ({ kind: 'key', id: String(row['kid']), expiresAt: revocationExpiresAt })),
  )
  await query('DELETE FROM one_time WHERE consumed_at IS NULL')
  await writeAudit(query, audit)
  return [...ofSessions, ...ofKeys]
}

export async function signingKeys(query: Query): Promise<SigningKeyRecord[]> {
  const { rows } = await query(`SELECT ${signingKeyColumns} FROM signing_keys ORDER BY published_at, kid`)
  return rows.map(signingKeyFromRow)
}

/** The rules at the instant that counts: the database's own unless one is given. */
export async function rulesNow(
  query: Query,
  rules: KeyRules,
  givenMs: number | undefined,
): Promise<KeyRules> {
  if (givenMs !== undefined) return rules
  const { rows } = await query(`SELECT ${instantMs(1)} AS now_ms`, [null])
  return { ...rules, now: Math.floor(Number(rows[0]?.['now_ms']) / 1000) }
}

export interface KeyTending {
  rules: KeyRules
  candidates: readonly SigningKeyRecord[]
}

export async function tendKeys(
  query: Query,
  { rules, candidates }: KeyTending,
): Promise<{ keys: SigningKeyRecord[]; missing: number }> {
  await takeTurn(query, 'keys')
  const plan = planKeys(await signingKeys(query), rules)
  const { now } = rules
  for (const kid of plan.drop) await wipeKey(query, kid, 'gone')
  for (const kid of plan.retire) {
    await query("UPDATE signing_keys SET state = 'retiring', retired_until = $1 WHERE kid = $2", [
      now + rules.retainSeconds,
      kid,
    ])
  }
  if (plan.activate !== undefined) await activate(query, plan.activate, now)
  const offered = [...candidates]
  if (plan.needsActive)
    await insertKey(query, offered.shift(), { state: 'active', publishedAt: now, activeAt: now })
  if (plan.needsNext)
    await insertKey(query, offered.shift(), { state: 'next', publishedAt: now, activeAt: undefined })
  const wanted = Number(plan.needsActive) + Number(plan.needsNext)
  return { keys: await signingKeys(query), missing: Math.max(0, wanted - candidates.length) }
}

async function insertKey(
  query: Query,
  key: SigningKeyRecord | undefined,
  place: Pick<SigningKeyRecord, 'state' | 'publishedAt' | 'activeAt'>,
): Promise<void> {
  if (key !== undefined) await insert(query, 'signing_keys', rowFromSigningKey({ ...key, ...place }))
}

async function activate(query: Query, kid: KeyId, now: number): Promise<void> {
  await query("UPDATE signing_keys SET state = 'active', active_at = $1, rotate_at = NULL WHERE kid = $2", [
    now,
    kid,
  ])
}

async function wipeKey(query: Query, kid: KeyId, state: 'gone' | 'revoked'): Promise<void> {
  await query("UPDATE signing_keys SET state = $1, wrapped = '' WHERE kid = $2", [state, kid])
}

export async function requestKeyRotation(
  query: Query,
  { nowMs, audit }: { nowMs: number | undefined; audit: AuditRecord },
): Promise<void> {
  await takeTurn(query, 'keys')
  await query(`UPDATE signing_keys SET rotate_at = ${instantMs(1)} / 1000 WHERE state = 'active'`, [
    nowMs ?? null,
  ])
  await writeAudit(query, audit)
}

export async function retireKey(
  query: Query,
  { kid, audit }: { kid: KeyId; audit: AuditRecord },
): Promise<'done' | 'missing' | 'in_use'> {
  await takeTurn(query, 'keys')
  const key = (await signingKeys(query)).find(one => one.kid === kid)
  if (key === undefined || key.state === 'gone' || key.state === 'revoked') return 'missing'
  if (key.state !== 'retiring') return 'in_use'
  await wipeKey(query, kid, 'gone')
  await writeAudit(query, audit)
  return 'done'
}

export interface KeyRevocation {
  kid: KeyId
  at: { now: number; revocationExpiresAt: number }
  audit: AuditRecord
}

export async function revokeKey(
  query: Query,
  { kid, at, audit }: KeyRevocation,
): Promise<RevocationRecord[]> {
  await takeTurn(query, 'keys')
  const keys = await signingKeys(query)
  const key = keys.find(one => one.kid === kid)
  if (key === undefined || key.state === 'gone' || key.state === 'revoked') return []
  await wipeKey(query, kid, 'revoked')
  await query('UPDATE signing_keys SET revoked_at = $1 WHERE kid = $2', [at.now, kid])
  const next = keys.find(one => one.state === 'next' && one.alg === key.alg && one.kid !== kid)
  if (key.state === 'active' && next !== undefined) await activate(query, next.kid, at.now)
  await writeAudit(query, audit)
  return writeRevocations(query, [{ kind: 'key', id: kid, expiresAt: at.revocationExpiresAt }])
}
