// `latchkey token`: by the keys of a server that runs, and by keys in files.
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { bearer, callerAt, post, signIn } from '../account.ts'
import {
  cleanEnvironment,
  newFolder,
  run,
  type ServerProcess,
  serverProgram,
  startServer,
} from '../server-process.ts'

interface Place {
  folder: string
  url?: string
}

function token({ folder, url }: Place, args: readonly string[], input?: string) {
  const port = url === undefined ? {} : { LATCHKEY_PORT: new URL(url).port }
  return run(process.execPath, [serverProgram, 'token', ...args], {
    cwd: folder,
    env: cleanEnvironment(port),
    ...(input !== undefined && { input }),
  })
}

async function withServer(work: (server: ServerProcess) => Promise<void>): Promise<void> {
  const server = await startServer()
  try {
    await work(server)
  } finally {
    expect(await server.end()).toBe(0)
  }
}

describe('latchkey token', () => {
  test('decode says what a real access token holds, from stdin without a word, from an argument with one', async () => {
    await withServer(async server => {
      const { access_token } = await signIn(callerAt(server.url))
      const piped = await token(server, ['decode'], `Bearer ${access_token}\n`)
      expect(piped).toMatchObject({ code: 0, stderr: '' })
      const atHyphen = await token(server, ['decode', '-'], access_token)
      expect(atHyphen, 'a hyphen is stdin').toMatchObject({ code: 0, stderr: '' })
      expect(atHyphen.stdout).toContain(piped.stdout.match(/jti: .*/)?.[0])
      expect(piped.stdout).toMatch(/^An access token, made for 1 hour; it ends in (1 hour|59 minutes)/)
      expect(piped.stdout).toMatch(/exp: \d+\n\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, in /)
      expect(piped.stdout).toContain('at no step that can be told without its keys')
      expect(piped.stdout).not.toContain('\u001b')
      const given = await token(server, ['decode', access_token, '--json'])
      expect(given.stderr).toMatch(/^Note: an argument stays in the shell's history/)
      expect(JSON.parse(given.stdout)).toMatchObject({ kind: 'jwt', header: [{ name: 'alg' }, {}, {}] })
    })
  }, 60_000)

  test('decode names the step and the reason of a refusal', async () => {
    const folder = newFolder()
    const parts = [{ alg: 'ES256', typ: 'at+jwt' }, { exp: 1_000 }, 'x']
    const text = parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    const { code, stdout } = await token({ folder }, ['decode'], text)
    expect(code).toBe(0)
    expect(stdout).toMatch(/refuses it at the step "expiry" \(token_expired\): It ended \d+ years .*ago\./)
  })

  test('verify says what the server says: good, revoked, changed', async () => {
    await withServer(async server => {
      const call = callerAt(server.url)
      const { access_token, refresh_token } = await signIn(call)
      const good = await token(server, ['verify'], access_token)
      expect(good.code, good.stderr).toBe(0)
      expect(JSON.parse(good.stdout)).toMatchObject({ user: { username: 'ada' } })
      const other = await token(server, ['verify', '--audience', 'api', '--json'], access_token)
      expect(other.code).toBe(1)
      expect(JSON.parse(other.stdout)).toMatchObject({ ok: false, code: 'audience_mismatch' })
      const jwks = await token(
        server,
        ['verify', '--jwks', `${server.url}/.well-known/jwks.json`],
        access_token,
      )
      expect(jwks.code, jwks.stderr).toBe(0)

      await post(call, '/user/logout', { refresh_token })
      const dead = await token(server, ['verify'], access_token)
      expect(dead).toMatchObject({ code: 1, stdout: '' })
      expect(dead.stderr).toMatch(/^Refused \(token_revoked\)/)
    })
  }, 60_000)

  test('sign makes a token of a user that the server takes, and writes it into the audit log', async () => {
    await withServer(async server => {
      const call = callerAt(server.url)
      await signIn(call)
      const made = await token(server, [
        'sign',
        '--user',
        'ada',
        '--expires-in',
        '5m',
        '--claim',
        'n=7',
        'word=x',
      ])
      expect(made.code, made.stderr).toBe(0)
      expect(made.stdout).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/)
      const answer = await call('/user/data', bearer(made.stdout.trim()))
      expect(answer.status).toBe(200)
      const { authorizedData } = (await answer.json()) as { authorizedData: Record<string, unknown> }
      expect(authorizedData).toMatchObject({
        n: 7,
        word: 'x',
        user: { username: 'ada', roles: [] },
        scope: '',
      })
      expect(Number(authorizedData['exp']) - Number(authorizedData['iat'])).toBe(300)
      const database = new DatabaseSync(join(server.folder, 'data', 'latchkey.db'), { readOnly: true })
      const rows = database.prepare("SELECT actor, detail FROM audit WHERE event = 'token_signed'").all()
      database.close()
      expect(rows.map(row => ({ ...row }))).toEqual([
        { actor: 'command line', detail: authorizedData['jti'] },
      ])
    })
  }, 60_000)

  test('sign and verify work by keys in files, and never show them', async () => {
    const folder = newFolder()
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const files = {
      private: join(folder, 'private.pem'),
      public: join(folder, 'public.json'),
      secret: join(folder, 's'),
    }
    writeFileSync(files.private, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(files.public, JSON.stringify({ ...publicKey.export({ format: 'jwk' }), alg: 'ES256' }))
    writeFileSync(files.secret, 'short\n')
    const made = await token({ folder }, ['sign', '--key', files.private, '--subject', 'ada', '--typ', 'JWT'])
    expect(made.code, made.stderr).toBe(0)
    const good = await token({ folder }, ['verify', '--key', files.public], made.stdout)
    expect(good.code, good.stderr).toBe(0)
    const weak = await token({ folder }, ['sign', '--secret-file', files.secret, '--subject', 'ada'])
    expect(weak.code).toBe(1)
    expect(weak.stderr).not.toContain('short\n')
    writeFileSync(files.public, '{ "d": "private-part" ')
    const broken = await token({ folder }, ['verify', '--key', files.public], made.stdout)
    expect(broken.code).toBe(2)
    expect(broken.stderr).not.toContain('private-part')
    const long = await token({ folder }, ['sign', '--key', files.private, '--expires-in', 'soon'])
    expect(long).toMatchObject({ code: 2, stdout: '' })
  }, 60_000)
})
