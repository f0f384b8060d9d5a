// `latchkey doctor` on real installations: a healthy one has no error, and each fault that is put into one is found by
// its code, with a fix.
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { certificate } from '../certificate.ts'
import { freePort } from '../free-port.ts'
import {
  cleanEnvironment,
  newFolder,
  run,
  type ServerProcess,
  serverProgram,
  startServer,
} from '../server-process.ts'

interface Finding {
  check: string
  code: string
  level: 'error' | 'warning' | 'note'
  what: string
  fix: string
}

interface Report {
  code: number | null
  ok: boolean
  findings: Finding[]
}

async function doctor(folder: string, env: Record<string, string> = {}, ...args: string[]): Promise<Report> {
  const { code, stdout, stderr } = await run(process.execPath, [serverProgram, 'doctor', '--json', ...args], {
    cwd: folder,
    env: cleanEnvironment(env),
  })
  expect(stderr).toBe('')
  return { code, ...(JSON.parse(stdout) as { ok: boolean; findings: Finding[] }) }
}

const errorsOf = ({ findings }: Report): Finding[] => findings.filter(({ level }) => level === 'error')
const codesOf = ({ findings }: Report): string[] => findings.map(({ code }) => code)

/** An installation that was used: a database with keys and a session, made by a real server. */
let used = ''
let port = ''
beforeAll(async () => {
  used = newFolder()
  const server = await startServer({ folder: used })
  expect(await server.end()).toBe(0)
  port = String(await freePort())
})

/** A copy of it, and the settings that it runs with. */
function installation(): { folder: string; data: string; env: Record<string, string> } {
  const folder = newFolder()
  cpSync(used, folder, { recursive: true })
  const data = join(folder, 'data')
  chmodSync(data, 0o700)
  return { folder, data, env: { LATCHKEY_PORT: port, LATCHKEY_PASSWORD_MIN: '15' } }
}

function change(data: string, sql: string): void {
  const database = new DatabaseSync(join(data, 'latchkey.db'))
  database.exec(sql)
  database.close()
}

const day = 86_400_000

/** Something that answers as an issuer does, with a clock and with keys of its own. */
async function issuerWith(
  answer: (url: string) => { date?: string; issuer: string; kids?: readonly string[] },
): Promise<string> {
  const server = createServer((_, response) => {
    const { date, issuer, kids = [] } = answer(url)
    if (date !== undefined) response.setHeader('date', date)
    response.end(JSON.stringify({ issuer, keys: kids.map(kid => ({ kid })) }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return url
}

function kidsIn(data: string): string[] {
  const database = new DatabaseSync(join(data, 'latchkey.db'), { readOnly: true })
  const rows = database.prepare('SELECT kid FROM signing_keys').all()
  database.close()
  return rows.map(row => String(row['kid']))
}

const sharedSecret = { LATCHKEY_SIGNING_ALG: 'HS256' }

interface Fault {
  fault: string
  code: string
  fix: RegExp
  plant(place: {
    folder: string
    data: string
  }): Record<string, string> | Promise<Record<string, string>> | undefined
}

const faults: readonly Fault[] = [
  {
    fault: 'a master key that others can read',
    code: 'master_key_readable',
    fix: /^chmod 600 .*master\.key$/,
    plant: ({ data }) => void chmodSync(join(data, 'master.key'), 0o644),
  },
  {
    fault: 'a file of secrets that others can read',
    code: 'env_file_readable',
    fix: /^chmod 600 .*\.env$/,
    plant({ folder, data }) {
      const key = readFileSync(join(data, 'master.key'), 'utf8').trim()
      writeFileSync(join(folder, '.env'), `LATCHKEY_MASTER_KEY=${key}\n`)
      chmodSync(join(folder, '.env'), 0o644)
      return undefined
    },
  },
  {
    fault: 'a data folder that others can write into',
    code: 'data_folder_open',
    fix: /^chmod 700 /,
    plant: ({ data }) => void chmodSync(data, 0o777),
  },
  {
    fault: 'a master key that is gone',
    code: 'master_key_missing',
    fix: /Restore the file.*Do not make a new one/,
    plant: ({ data }) => void rmSync(join(data, 'master.key')),
  },
  {
    fault: 'the master key of another database',
    code: 'master_key_wrong',
    fix: /LATCHKEY_MASTER_KEY_PREVIOUS/,
    plant: () => ({
      LATCHKEY_MASTER_KEY: Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7)).toString('base64url'),
    }),
  },
  {
    fault: 'a certificate that has ended',
    code: 'certificate_expired',
    fix: /Renew it/,
    plant: ({ folder }) => certificate(folder, { endsAt: new Date(Date.now() - day) }),
  },
  {
    fault: 'a private key that is another certificate’s',
    code: 'certificate_key_mismatch',
    fix: /same issue/,
    async plant({ folder }) {
      const [one, other] = [await certificate(folder), await certificate(folder, { host: 'other' })]
      return { ...one, LATCHKEY_TLS_KEY: other.LATCHKEY_TLS_KEY }
    },
  },
  {
    fault: 'a certificate for another host',
    code: 'certificate_host',
    fix: /Get one for localhost/,
    plant: ({ folder }) => certificate(folder, { host: 'elsewhere.example' }),
  },
  {
    fault: 'a proxy setting that trusts the whole internet',
    code: 'proxy_trusts_everybody',
    fix: /proxies' own addresses/,
    plant: () => ({ LATCHKEY_TRUST_PROXY: '0.0.0.0/0', LATCHKEY_ISSUER: `http://localhost:${port}` }),
  },
  {
    fault: 'a clock that is a minute and a half off the issuer’s',
    code: 'clock_off_issuer',
    fix: /time service/,
    async plant({ data }) {
      const kids = kidsIn(data)
      const date = () => new Date(Date.now() + 90_000).toUTCString()
      return { LATCHKEY_ISSUER: await issuerWith(issuer => ({ issuer, kids, date: date() })) }
    },
  },
  {
    fault: 'a server of this name on another database',
    code: 'issuer_other_keys',
    fix: /compare LATCHKEY_DATABASE_URL/,
    plant: async () => ({ LATCHKEY_ISSUER: await issuerWith(issuer => ({ issuer, kids: ['another'] })) }),
  },
  {
    fault: 'another program at the issuer’s address',
    code: 'issuer_is_another',
    fix: /Another program/,
    async plant() {
      return { LATCHKEY_ISSUER: await issuerWith(() => ({ issuer: 'https://login.example.com' })) }
    },
  },
  {
    fault: 'a signing key that nobody has rotated for 200 days',
    code: 'signing_key_overdue',
    fix: /latchkey keys rotate/,
    plant: ({ data }) =>
      void change(data, "UPDATE signing_keys SET active_at = active_at - 200 * 86400 WHERE state = 'active'"),
  },
  {
    fault: 'a shared secret that can be guessed',
    code: 'secret_weak',
    fix: /drawn at random/,
    plant: () => ({ ...sharedSecret, LATCHKEY_JWT_SECRET: 'secretsecretsecretsecretsecretsecret' }),
  },
  {
    fault: 'a database that is damaged',
    code: 'database_damaged',
    fix: /latchkey restore/,
    plant({ data }) {
      change(data, 'PRAGMA wal_checkpoint(TRUNCATE)')
      const file = join(data, 'latchkey.db')
      const descriptor = openSync(file, 'r+')
      // The second page and what follows, in its middle.
      writeSync(descriptor, Buffer.alloc(8_192, 0x5a), 0, 8_192, Math.min(6_144, statSync(file).size))
      return undefined
    },
  },
  {
    fault: 'a database of a newer version',
    code: 'database_newer',
    fix: /Start that version/,
    plant: ({ data }) => void change(data, 'PRAGMA user_version = 4711'),
  },
  {
    fault: 'a mail server that is not there',
    code: 'mail_unreachable',
    fix: /LATCHKEY_SMTP_URL/,
    plant: async () => ({
      LATCHKEY_SMTP_URL: `smtp://127.0.0.1:${await freePort()}`,
      LATCHKEY_MAIL_FROM: 'no-reply@example.com',
    }),
  },
  {
    fault: 'a setting that is not understood',
    code: 'settings_refused',
    fix: /nothing starts before/,
    plant: () => ({ LATCHKEY_ACCESS_TTL: 'soon' }),
  },
  {
    fault: 'an address that serve refuses to listen on',
    code: 'listening_refused',
    fix: /serve refuses to start/,
    plant: () => ({ LATCHKEY_HOST: '0.0.0.0' }),
  },
]

describe('latchkey doctor', () => {
  test('finds no error in a healthy installation, at rest and while its server runs', async () => {
    const { folder, env } = installation()
    const atRest = await doctor(folder, env)
    expect(errorsOf(atRest)).toEqual([])
    expect(atRest).toMatchObject({ code: 0, ok: true })
    expect(codesOf(atRest)).toContain('server_not_running')

    const server: ServerProcess = await startServer({ folder })
    const running = await doctor(folder, { ...env, LATCHKEY_PORT: new URL(server.url).port })
    await server.end()
    expect(errorsOf(running)).toEqual([])
    expect(codesOf(running)).not.toContain('server_not_running')
    expect(running.findings.filter(({ fix }) => fix === '')).toEqual([])
  }, 60_000)

  test.each(faults)('finds $fault', async ({ code, fix, plant }) => {
    const { folder, data, env } = installation()
    const planted = await plant({ folder, data })
    const report = await doctor(folder, { ...env, ...planted })
    const found = report.findings.find(finding => finding.code === code)
    expect(found, JSON.stringify(report.findings)).toMatchObject({ level: 'error' })
    expect(found?.fix).toMatch(fix)
    expect(errorsOf(report).map(finding => finding.code)).toEqual([code])
    expect(report).toMatchObject({ code: 1, ok: false })
  })

  test('changes nothing: a database of an older version is reported and stays as it is', async () => {
    const { folder, data, env } = installation()
    change(data, 'PRAGMA user_version = 3')
    const report = await doctor(folder, env)
    expect(report.findings.find(({ code }) => code === 'migrations_pending')?.fix).toMatch(
      /^latchkey migrate/,
    )
    const database = new DatabaseSync(join(data, 'latchkey.db'), { readOnly: true })
    expect({ ...database.prepare('PRAGMA user_version').get() }).toEqual({ user_version: 3 })
    database.close()
  })

  test('says what a guard with a tolerance of 5 s refuses when clocks are a minute apart', async () => {
    const { folder, env } = installation()
    const usual = await doctor(folder, env)
    const rule = (report: Report) => report.findings.find(({ code }) => code === 'clock_rule')?.what
    expect(rule(usual)).toContain('a guard that is ahead refuses each token 55 seconds before its end')
    expect(rule(usual)).toContain('accepts it 1 minute 5 seconds after its end')
    const short = await doctor(folder, { ...env, LATCHKEY_ACCESS_TTL: '30s' })
    expect(rule(short)).toContain('a guard that is ahead refuses every token at once (token_expired)')
  })

  test('remembers latchkey backup, and looks into a folder of backups', async () => {
    const { folder, env } = installation()
    const backups = newFolder()
    expect(codesOf(await doctor(folder, env, '--backups', backups))).toContain('backup_missing')
    const file = join(backups, 'monday.db')
    const made = await run(process.execPath, [serverProgram, 'backup', file], {
      cwd: folder,
      env: cleanEnvironment(env),
    })
    expect(made.code, made.stderr).toBe(0)
    expect(codesOf(await doctor(folder, env))).toContain('backup_age')
    const longAgo = new Date(Date.now() - 30 * day)
    utimesSync(file, longAgo, longAgo)
    expect(codesOf(await doctor(folder, env, '--backups', backups))).toContain('backup_old')
  }, 60_000)

  test('reports for people, without a colour where there is no terminal, and without a secret', async () => {
    const { folder } = installation()
    const secret = 'correct-horse-battery-staple-and-more'
    const { code, stdout, stderr } = await run(process.execPath, [serverProgram, 'doctor'], {
      cwd: folder,
      env: cleanEnvironment({
        LATCHKEY_PORT: port,
        LATCHKEY_SMTP_URL: `smtp://user:${secret}@127.0.0.1:1`,
        LATCHKEY_MAIL_FROM: 'a@example.com',
      }),
    })
    expect(code).toBe(1)
    expect(stdout).toMatch(/error mail_unreachable: .*\n\s+Fix: /)
    expect(stderr).toMatch(/^Something is wrong\. 1 error, /)
    expect(stdout + stderr).not.toContain('\x1b')
    expect(stdout + stderr).not.toContain(secret)
  })
})
