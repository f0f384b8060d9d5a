// `latchkey doctor`: looks at everything that an installation hangs on, and says how to put right what is wrong. It
// changes nothing.
import { ConfigError, issuerOf, type LoadedConfig, loadConfigFrom } from '../config.ts'
import { openStore } from '../store/open.ts'
import { checkBackups } from './doctor/backups.ts'
import { checkCertificate } from './doctor/certificate.ts'
import { checkClock } from './doctor/clock.ts'
import { checkDatabase, isOpenable } from './doctor/database.ts'
import { checkEnvFile, checkFiles, checkIgnored } from './doctor/files.ts'
import { type Check, error, type Finding, type Ground, type Level } from './doctor/finding.ts'
import { checkHabits } from './doctor/habits.ts'
import { checkMasterKey, checkSigningKeys } from './doctor/keys.ts'
import { checkMail } from './doctor/mail.ts'
import { checkIssuer, checkProxies } from './doctor/network.ts'
import { checkPasswords } from './doctor/passwords.ts'
import { checkVersions } from './doctor/versions.ts'
import { paint } from './paint.ts'
import { openProgress } from './progress.ts'
import { type Printed, printable } from './table.ts'

export interface DoctorOptions {
  backups?: string
}

interface Looked {
  check: string
  findings: readonly Finding[]
}

/** The checks, in the order of what hangs on what; `database` comes first and opens the store for the others. */
const checks: Readonly<Record<string, Check>> = {
  files: checkFiles,
  'version control': checkIgnored,
  'master key': checkMasterKey,
  'signing keys': checkSigningKeys,
  clock: checkClock,
  certificate: checkCertificate,
  proxies: checkProxies,
  issuer: checkIssuer,
  passwords: checkPasswords,
  mail: checkMail,
  backups: checkBackups,
  habits: checkHabits,
  versions: () => checkVersions(),
}

/** Everything that was found; `isWell` when nothing of it is an error. Never throws for what it looks for. */
export async function doctor(
  folder: string,
  { backups }: DoctorOptions,
): Promise<{ printed: Printed; isWell: boolean }> {
  const looked = await lookAround(folder, backups)
  const findings = looked.flatMap(one => one.findings.map(finding => ({ check: one.check, ...finding })))
  const isWell = !findings.some(({ level }) => level === 'error')
  const words = isWell ? 'Nothing is wrong.' : 'Something is wrong.'
  const counted = (['error', 'warning', 'note'] as const)
    .map(level => countOf(level, findings.filter(finding => finding.level === level).length))
    .join(', ')
  return {
    printed: { json: { ok: isWell, findings }, text: textOf(looked), words: `${words} ${counted}.` },
    isWell,
  }
}

async function lookAround(folder: string, backups: string | undefined): Promise<readonly Looked[]> {
  const loaded = await loadSettings(folder)
  if ('code' in loaded)
    return [
      { check: 'settings', findings: [loaded] },
      { check: 'files', findings: checkEnvFile(folder) },
      { check: 'versions', findings: checkVersions() },
    ]
  const names = Object.keys(checks)
  const progress = openProgress(names.length + 1)
  const ground: Ground = { ...loaded, folder, issuer: loaded.issuer, backups, store: undefined }
  const looked: Looked[] = [{ check: 'settings', findings: [] }]
  try {
    progress.step('database')
    const findings = await run(checkDatabase, ground)
    looked.push({ check: 'database', findings })
    if (isOpenable(findings)) ground.store = await openStore(ground.config.databaseUrl)
    for (const [check, look] of Object.entries(checks)) {
      progress.step(check)
      looked.push({ check, findings: await run(look, ground) })
    }
    return looked
  } finally {
    progress.end()
    await ground.store?.close()
  }
}

async function loadSettings(folder: string): Promise<(LoadedConfig & { issuer: string }) | Finding> {
  try {
    const loaded = await loadConfigFrom(folder)
    return { ...loaded, issuer: issuerOf(loaded.config) }
  } catch (refusal) {
    if (!(refusal instanceof ConfigError)) throw refusal
    return error(
      'settings_refused',
      refusal.message,
      'Put it right: nothing starts before. latchkey config shows the rest.',
    )
  }
}

/** A check that fails tells so, and the others go on. */
async function run(check: Check, ground: Ground): Promise<readonly Finding[]> {
  try {
    return await check(ground)
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : 'no reason was given'
    return [
      error(
        'check_failed',
        `This could not be looked at: ${reason}`,
        'Tell the project when the reason says nothing.',
      ),
    ]
  }
}

const colours = { error: 'red', warning: 'yellow', note: 'cyan' } as const

function textOf(looked: readonly Looked[]): string {
  return looked
    .flatMap(({ check, findings }) => [
      `${paint(isFine(findings) ? 'green' : 'bold', isFine(findings) ? 'well' : 'look')}  ${check}`,
      ...findings.flatMap(linesOf),
    ])
    .map(line => `${line}\n`)
    .join('')
}

function isFine(findings: readonly Finding[]): boolean {
  return findings.every(({ level }) => level === 'note')
}

function linesOf({ level, code, what, fix }: Finding): string[] {
  const lines = [`      ${paint(colours[level], level)} ${code}: ${printable(what)}`]
  lines.push(`        ${level === 'note' ? '' : 'Fix: '}${printable(fix)}`)
  return lines
}

function countOf(level: Level, count: number): string {
  return `${count} ${level}${count === 1 ? '' : 's'}`
}
