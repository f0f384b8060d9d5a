// `latchkey keys …`: the signing keys and the master key, from the command line. A running server takes part within a
// second: it reads the same store.
import { abandonOtherMasterKeys, type Rewrapped, rewrapKeys } from '../auth/rewrap.ts'
import { revocationEnd } from '../auth/sessions.ts'
import type { Config } from '../config.ts'
import type { KeyId, SigningKeyRecord } from '../store/records.ts'
import type { KeyUsage } from '../store/store.ts'
import { commandAudit, withKeys, withStore } from './open-database.ts'
import { instant, type Printed, tableOf } from './table.ts'

/** The keys that there are, without their secrets. */
export function listKeys(config: Config): Promise<Printed> {
  return withStore(config, async store => printedKeys(await store.signingKeys()))
}

/** Lets the next key take over as soon as it has been published long enough. */
export function rotateKeys(config: Config): Promise<Printed> {
  return withKeys(config, async ({ store, ring }) => {
    await store.requestKeyRotation(Math.floor(Date.now() / 1000), commandAudit('key_rotated'))
    await ring.tend()
    return printedKeys(await store.signingKeys())
  })
}

/** Ends a retiring key before its time. Throws for an unknown key and for one that signs or waits. */
export function retireKey(config: Config, kid: string): Promise<Printed> {
  return withKeys(config, async ({ store }) => {
    // Any text may be asked for; only a real id finds a key.
    const outcome = await store.retireKey(kid as KeyId, commandAudit('key_retired', kid))
    if (outcome === 'missing') throw new Error(`There is no key ${kid}.`)
    if (outcome === 'in_use') {
      throw new Error('Only a retiring key can be retired. Rotate first, or revoke it if it leaked.')
    }
    return printedKeys(await store.signingKeys())
  })
}

/** Kills a key and every token it signed; the next one signs at once. Throws for an unknown key. */
export function revokeKey(config: Config, kid: string): Promise<Printed> {
  return withKeys(config, async ({ store, ring }) => {
    const nowMs = Date.now()
    const at = {
      now: Math.floor(nowMs / 1000),
      revocationExpiresAt: revocationEnd({ rules: config }, nowMs),
    }
    // Any text may be asked for; only a real id finds a key.
    const revoked = await store.revokeKey(kid as KeyId, at, commandAudit('key_revoked', kid))
    if (revoked.length === 0) throw new Error(`There is no key ${kid}.`)
    await ring.tend()
    return printedKeys(await store.signingKeys())
  })
}

/** Wraps everything under the present master key, and tells what the previous one is still needed for. */
export function rewrap(config: Config): Promise<Printed> {
  return withKeys(config, async ({ store, master }) => {
    const done = await rewrapKeys(store, master, commandAudit('keys_rewrapped'))
    return printedUsage(done, master.version)
  })
}

/**
 * Takes everything away from a master key that others know. Throws while the present one is the only one
 * that there ever was.
 */
export function rewrapCompromised(config: Config): Promise<Printed> {
  return withKeys(config, async ({ store, master, ring }) => {
    const nowMs = Date.now()
    const revoked = await abandonOtherMasterKeys(store, master, {
      why: 'compromised',
      now: Math.floor(nowMs / 1000),
      revocationExpiresAt: revocationEnd({ rules: config }, nowMs),
      audit: commandAudit('master_key_compromised'),
    })
    if (revoked === undefined) {
      throw new Error(
        'The present master key is the only one in force. Put a new one into LATCHKEY_MASTER_KEY and the old one into LATCHKEY_MASTER_KEY_PREVIOUS first.',
      )
    }
    await ring.tend()
    const sessions = revoked.filter(entry => entry.kind === 'session').length
    const keys = revoked.filter(entry => entry.kind === 'key').length
    return {
      json: { sessions_ended: sessions, signing_keys_revoked: keys },
      text: '',
      words: `${sessions} sessions ended and ${keys} signing keys revoked. Restart every server now, so that none accepts the old master key any more.`,
    }
  })
}

function printedKeys(keys: readonly SigningKeyRecord[]): Printed {
  const rows = keys.map(key => ({
    kid: key.kid,
    alg: key.alg,
    state: key.state,
    master_key: key.keyVersion,
    published_at: instant(key.publishedAt),
    active_at: instant(key.activeAt),
    rotate_at: instant(key.rotateAt),
    retired_until: instant(key.retiredUntil),
    revoked_at: instant(key.revokedAt),
  }))
  return { json: rows, text: tableOf(rows), words: '' }
}

function printedUsage({ replaced, usage }: Rewrapped, present: number): Printed {
  const rows = usage.map(row => ({
    master_key: row.version,
    present: row.version === present,
    signing_keys: row.signingKeys,
    sessions: row.sessions,
    api_keys: row.apiKeys,
    links: row.oneTime,
  }))
  const needed = usage.some(row => row.version !== present && isNeeded(row))
  const words = needed
    ? 'Sessions, API keys and links move over as they are used. Keep LATCHKEY_MASTER_KEY_PREVIOUS until none is left, or those that are left end.'
    : 'Nothing needs a previous master key: LATCHKEY_MASTER_KEY_PREVIOUS can be removed.'
  return {
    json: { rewrapped: replaced, previous_needed: needed, usage: rows },
    text: tableOf(rows),
    words: `${replaced} signing keys rewrapped. ${words}`,
  }
}

function isNeeded(row: KeyUsage): boolean {
  return row.signingKeys + row.sessions + row.apiKeys + row.oneTime > 0
}
