// Passwords: the shortest that is accepted, and what a hash costs on this machine.
import { availableParallelism } from 'node:os'
import { type Argon2, addonArgon2, nodeArgon2 } from '../../hash/argon2.ts'
import { hashPassword } from '../../hash/password-hash.ts'
import { error, type Finding, type Ground, note, warning } from './finding.ts'

const wantedLength = 15
const rounds = 5
const slowMs = 250

export async function checkPasswords({ config }: Ground): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  if (config.passwordMin < wantedLength) {
    const what = `Passwords of ${config.passwordMin} characters are accepted, and a password is the only factor.`
    const fix = `LATCHKEY_PASSWORD_MIN=${wantedLength}, as NIST SP 800-63B-4 asks where there is no second factor.`
    findings.push(warning('password_min_short', what, fix))
  }
  return [...findings, ...(await timeHashes())]
}

async function timeHashes(): Promise<readonly Finding[]> {
  const addon = await addonArgon2().catch(() => undefined)
  const findings: Finding[] = []
  if (addon === undefined) {
    const what =
      'The package @node-rs/argon2 has no build for this platform: Node’s own argon2 takes three times as long.'
    findings.push(
      warning('argon2_addon_missing', what, 'npm install without --omit=optional; musl needs its own build.'),
    )
  }
  const compute = addon ?? ownArgon2()
  if (compute === undefined) {
    const fix = 'npm install @node-rs/argon2, or use Node 24.7 or newer.'
    return [...findings, error('argon2_missing', 'Nothing here computes argon2.', fix)]
  }
  return [...findings, costOf(compute)]
}

function ownArgon2(): Argon2 | undefined {
  try {
    return nodeArgon2()
  } catch {
    return undefined
  }
}

function costOf(compute: Argon2): Finding {
  const ms =
    Array.from({ length: rounds }, () => timeOne(compute)).toSorted((a, b) => a - b)[rounds >> 1] ?? 0
  const threads = Math.max(1, availableParallelism() - 1)
  const rate = Math.floor((1000 / ms) * threads)
  const what = `A password hash (argon2id, 19 MiB, two passes) takes ${ms.toFixed(1)} ms here, about ${rate} sign-ins a second.`
  if (ms > slowMs)
    return warning(
      'password_hash_slow',
      what,
      'Sign-ins wait for each other: a faster machine, or more cores.',
    )
  return note('password_hash_time', what, 'These are the parameters that OWASP recommends: leave them.')
}

function timeOne(compute: Argon2): number {
  const startedMs = performance.now()
  hashPassword('how long does this take', compute)
  return performance.now() - startedMs
}
