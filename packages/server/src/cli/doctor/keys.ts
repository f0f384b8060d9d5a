// The master key, the signing keys and the shared secret: there, right, young and strong enough.
import { deriveMasterKey } from '../../auth/master-key.ts'
import { ConfigError } from '../../config.ts'
import { masterKeySource } from '../../store/master-key-file.ts'
import type { Store } from '../../store/store.ts'
import { lengthInWords } from '../../words/time-words.ts'
import { error, type Finding, type Ground, note, warning } from './finding.ts'

export async function checkMasterKey({ config, store }: Ground): Promise<readonly Finding[]> {
  const source = masterKeySource(config)
  const name = source.configured === undefined ? source.file : 'LATCHKEY_MASTER_KEY'
  let bytes: Uint8Array | undefined
  try {
    bytes = source.configured ?? source.read()
  } catch (refusal) {
    if (!(refusal instanceof ConfigError)) throw refusal
    return [
      error(
        'master_key_unreadable',
        refusal.message,
        'Restore it from your backup, or let this user read it.',
      ),
    ]
  }
  const known = (await store?.masterKeys()) ?? []
  if (bytes === undefined) {
    if (known.length === 0) return []
    const fix = 'Restore the file from your backup, or set LATCHKEY_MASTER_KEY. Do not make a new one.'
    return [
      error('master_key_missing', `The database was made with a master key, and ${name} is not there.`, fix),
    ]
  }
  const findings = [...checkBytes(bytes, name)]
  const check = Buffer.from(deriveMasterKey(bytes).check)
  const mine = known.find(record => check.equals(record.check))
  if (known.length > 0 && mine === undefined && source.previous === undefined) {
    const fix = 'Put the right one back; to change it, set LATCHKEY_MASTER_KEY_PREVIOUS to the old one.'
    findings.push(
      error('master_key_wrong', `${name} holds another master key than this database was made with.`, fix),
    )
  }
  if (mine?.compromisedAt !== undefined)
    findings.push(
      error('master_key_compromised', `${name} holds a key that was declared compromised.`, 'Set a new one.'),
    )
  if (source.previous !== undefined && store !== undefined && mine !== undefined)
    findings.push(...(await checkPrevious(store, mine.version)))
  return findings
}

function checkBytes(bytes: Uint8Array, name: string): readonly Finding[] {
  if (new Set(bytes).size >= 16) return []
  const what = `${name} holds a key of ${new Set(bytes).size} different bytes: nobody drew it at random.`
  return [error('master_key_weak', what, `Change it as docs/keys-and-backups.md says. ${makeSecret}`)]
}

async function checkPrevious(store: Store, present: number): Promise<readonly Finding[]> {
  const usage = await store.keyUsage(Math.floor(Date.now() / 1000))
  const isNeeded = usage.some(
    row => row.version !== present && row.signingKeys + row.sessions + row.apiKeys + row.oneTime > 0,
  )
  if (isNeeded) return []
  const what = 'LATCHKEY_MASTER_KEY_PREVIOUS is set, and nothing hangs on it any more.'
  return [warning('master_key_previous_unused', what, 'Remove it.')]
}

const makeSecret = `node -e "console.log(crypto.randomBytes(32).toString('base64url'))" makes one.`

/** Beyond its rotation and the time that the next key is announced: then nobody has tended the keys. */
const lateSeconds = 3_600

export async function checkSigningKeys({ config, store }: Ground): Promise<readonly Finding[]> {
  if (config.jwtSecret !== undefined) return checkSecret(config.jwtSecret)
  const keys = await store?.signingKeys()
  if (keys === undefined) return []
  const now = Math.floor(Date.now() / 1000)
  const active = keys.find(key => key.state === 'active' && key.alg === config.signingAlg)
  if (active === undefined) {
    const what = `No key of the algorithm ${config.signingAlg} signs yet.`
    return [warning('signing_key_missing', what, 'The next start of the server makes one.')]
  }
  const ageSeconds = now - (active.activeAt ?? active.publishedAt)
  const dueSeconds = config.keyRotation + 2 * config.jwksMaxAge + lateSeconds
  const shown = `The key ${active.kid} (${active.alg}) has signed for ${lengthInWords(ageSeconds)}`
  if (ageSeconds > dueSeconds) {
    const what = `${shown}, and LATCHKEY_KEY_ROTATION is ${lengthInWords(config.keyRotation)}.`
    const fix = 'A running server rotates by itself: start it, or run latchkey keys rotate.'
    return [error('signing_key_overdue', what, fix)]
  }
  const next = keys.some(key => key.state === 'next' && key.alg === config.signingAlg)
  const findings = [
    note('signing_key', `${shown}.`, `The next takes over after ${lengthInWords(config.keyRotation)}.`),
  ]
  if (!next) {
    const fix =
      'The next start of the server makes one. Without it an emergency revoke has nothing to switch to.'
    findings.push(warning('signing_key_next_missing', 'No next key is published.', fix))
  }
  return findings
}

const leastBits = 128

/** Guessable is what has little in it: Shannon's measure of its characters, times their number, and no repetition. */
function checkSecret(secret: string): readonly Finding[] {
  const shared = note(
    'secret_shared',
    'Tokens are signed with a shared secret (HS256): whoever verifies them can make them, too.',
    'LATCHKEY_SIGNING_ALG=ES256 gives services a public key instead.',
  )
  const bits = /^(.{1,16}?)\1+$/su.test(secret) ? 0 : Math.floor(entropyBits(secret))
  if (bits >= leastBits) return [shared]
  const what = `LATCHKEY_JWT_SECRET looks guessable: about ${bits} bits by its characters, and ${leastBits} is the least.`
  return [error('secret_weak', what, `Set one that is drawn at random. ${makeSecret}`), shared]
}

function entropyBits(text: string): number {
  const letters = [...text]
  const counts = new Map<string, number>()
  for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  return [...counts.values()].reduce((bits, count) => bits + count * Math.log2(letters.length / count), 0)
}
