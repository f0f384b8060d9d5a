// Each setting in a real process: a good value shows its effect, a bad one ends the start with exit code 2 and one line.
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ada, bearer, callerAt, post, refusal, signIn } from '../account.ts'
import { certificate } from '../certificate.ts'
import {
  cleanEnvironment,
  newFolder,
  run,
  type ServerProcess,
  serverProgram,
  startServer,
} from '../server-process.ts'

const secret = 'a secret that services share, 32 bytes and more'
const masterKey = Buffer.alloc(32, 7).toString('base64url')

async function startRefused(env: Record<string, string>, folder = newFolder()): Promise<string> {
  const ended = await run(process.execPath, [serverProgram, 'serve'], {
    cwd: folder,
    env: cleanEnvironment(env),
  })
  expect(ended.code, ended.stderr).toBe(2)
  expect(ended.stdout).toBe('')
  expect(ended.stderr.trim().split('\n'), 'one line').toHaveLength(1)
  return ended.stderr
}

async function withServer(
  env: Record<string, string>,
  check: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const server = await startServer({ env })
  try {
    await check(server)
  } finally {
    expect(await server.end()).toBe(0)
  }
}

async function claimsAfterLogin({ url }: ServerProcess): Promise<Record<string, unknown>> {
  const { access_token } = await signIn(callerAt(url))
  const answer = await callerAt(url)('/user/data', bearer(access_token))
  return ((await answer.json()) as { authorizedData: Record<string, unknown> }).authorizedData
}

describe('a bad value', () => {
  test.each<[string, Record<string, string>]>([
    ['LATCHKEY_HOST', { LATCHKEY_HOST: 'not a host' }],
    ['LATCHKEY_PORT', { LATCHKEY_PORT: '70000' }],
    ['LATCHKEY_ISSUER', { LATCHKEY_ISSUER: 'http://login.example.com' }],
    ['LATCHKEY_AUDIENCE', { LATCHKEY_AUDIENCE: 'a b' }],
    ['LATCHKEY_DATABASE_URL', { LATCHKEY_DATABASE_URL: 'mysql://localhost/x' }],
    ['LATCHKEY_MASTER_KEY', { LATCHKEY_MASTER_KEY: 'short' }],
    ['LATCHKEY_SIGNING_ALG', { LATCHKEY_SIGNING_ALG: 'none' }],
    ['LATCHKEY_JWT_SECRET', { LATCHKEY_SIGNING_ALG: 'HS256', LATCHKEY_JWT_SECRET: 'privatekey' }],
    ['LATCHKEY_JWT_SECRET', { LATCHKEY_SIGNING_ALG: 'HS256' }],
    ['LATCHKEY_JWT_SECRET', { LATCHKEY_JWT_SECRET: secret }],
    ['LATCHKEY_ACCESS_TTL', { LATCHKEY_ACCESS_TTL: 'soon' }],
    ['LATCHKEY_SESSION_IDLE', { LATCHKEY_SESSION_IDLE: '-1' }],
    ['LATCHKEY_SESSION_MAX', { LATCHKEY_SESSION_MAX: '1y' }],
    ['LATCHKEY_REFRESH_GRACE', { LATCHKEY_REFRESH_GRACE: '10m' }],
    ['LATCHKEY_JWKS_MAX_AGE', { LATCHKEY_JWKS_MAX_AGE: '0' }],
    ['LATCHKEY_DENY_STATUS', { LATCHKEY_DENY_STATUS: '200' }],
    ['LATCHKEY_TLS_CERT', { LATCHKEY_TLS_CERT: '/nowhere.pem' }],
    ['LATCHKEY_TLS_KEY', { LATCHKEY_TLS_CERT: serverProgram, LATCHKEY_TLS_KEY: '/nowhere.pem' }],
    ['LATCHKEY_TRUST_PROXY', { LATCHKEY_TRUST_PROXY: '10.0.0.0/99' }],
    ['LATCHKEY_ORIGINS', { LATCHKEY_ORIGINS: 'https://app.example.com/' }],
    ['LATCHKEY_REGISTRATION', { LATCHKEY_REGISTRATION: 'maybe' }],
    ['LATCHKEY_PASSWORD_MIN', { LATCHKEY_PASSWORD_MIN: '4' }],
    ['LATCHKEY_LOG_LEVEL', { LATCHKEY_LOG_LEVEL: 'loud' }],
    ['LATCHKEY_PORTT', { LATCHKEY_PORTT: '4000' }],
    ['LATCHKEY_PORT_FILE', { LATCHKEY_PORT_FILE: '/nowhere' }],
  ])('of %s stops the start and is named: %j', async (name, env) => {
    const line = await startRefused(env)
    expect(line).toContain(name)
    for (const hidden of ['privatekey', 'short', secret]) expect(line).not.toContain(hidden)
  })

  test('of a name says which setting is meant', async () => {
    expect(await startRefused({ LATCHKEY_ACESS_TTL: '1h' })).toContain(
      'The nearest one is LATCHKEY_ACCESS_TTL',
    )
  })
})

describe('a good value', () => {
  test('of issuer, audience, lifetime and deny status shows in tokens and answers', async () => {
    const env = {
      LATCHKEY_ISSUER: 'http://localhost:9999',
      LATCHKEY_AUDIENCE: 'api,files',
      LATCHKEY_ACCESS_TTL: '10m',
      LATCHKEY_SESSION_IDLE: '2h',
      LATCHKEY_SESSION_MAX: '1d',
      LATCHKEY_DENY_STATUS: '401',
      LATCHKEY_JWKS_MAX_AGE: '1m',
      LATCHKEY_HOST: 'localhost',
    }
    const server = await startServer({ env: { ...env, LATCHKEY_PORT: '0' } }).catch(error => error as Error)
    if (server instanceof Error) throw server
    expect(server.output()).toContain('http://localhost:9999')
    await server.end()
  })

  test('of the lifetimes shows in the answer and the claims', async () => {
    const env = {
      LATCHKEY_AUDIENCE: 'api,files',
      LATCHKEY_ACCESS_TTL: '10m',
      LATCHKEY_SESSION_IDLE: '2h',
      LATCHKEY_JWKS_MAX_AGE: '1m',
    }
    await withServer(env, async server => {
      const answer = await signIn(callerAt(server.url))
      expect([answer.expires_in, answer.refresh_expires_in]).toEqual([600, 7200])
      const claims = await claimsAfterLogin(server)
      expect(claims['aud']).toEqual(['api', 'files'])
      expect(claims['iss']).toBe(server.url)
      expect((await fetch(`${server.url}/.well-known/jwks.json`)).headers.get('cache-control')).toContain(
        'max-age=60',
      )
    })
    await withServer({ LATCHKEY_SESSION_MAX: '1d' }, async server => {
      expect((await signIn(callerAt(server.url))).refresh_expires_in).toBe(86_400)
    })
  })

  test('of deny status, registration and password length shows in refusals', async () => {
    await withServer({ LATCHKEY_DENY_STATUS: '401' }, async ({ url }) => {
      expect(await refusal(await fetch(`${url}/user/data`))).toBe('401 missing_token')
    })
    await withServer({ LATCHKEY_REGISTRATION: 'closed' }, async ({ url }) => {
      expect(await refusal(await post(callerAt(url), '/user/register', ada))).toBe('403 registration_closed')
    })
    await withServer({ LATCHKEY_PASSWORD_MIN: '30' }, async ({ url }) => {
      expect(await refusal(await post(callerAt(url), '/user/register', ada))).toBe('422 weak_password')
    })
  })

  test('of the signing algorithm signs with it', async () => {
    await withServer({ LATCHKEY_SIGNING_ALG: 'HS256', LATCHKEY_JWT_SECRET: secret }, async ({ url }) => {
      const { access_token } = await signIn(callerAt(url))
      expect(Buffer.from(access_token.split('.')[0] ?? '', 'base64url').toString()).toContain('"alg":"HS256"')
    })
    await withServer({ LATCHKEY_SIGNING_ALG: 'Ed25519' }, async ({ url }) => {
      const { access_token } = await signIn(callerAt(url))
      expect((await callerAt(url)('/user/data', bearer(access_token))).status).toBe(200)
    })
  })

  test('may stand in .env, in a file named by NAME_FILE, in latchkey.config.ts, in that order before the default', async () => {
    const folder = newFolder()
    writeFileSync(
      join(folder, 'latchkey.config.ts'),
      "export default { accessTtl: '5m', passwordMin: 12, roles: { editor: ['posts:write'] } }\n",
    )
    const show = async (env: Record<string, string> = {}) => {
      const { stdout } = await run(process.execPath, [serverProgram, 'config', '--json'], {
        cwd: folder,
        env: cleanEnvironment(env),
      })
      const rows = JSON.parse(stdout) as { name: string; value: string; source: string }[]
      const row = rows.find(one => one.name === 'LATCHKEY_ACCESS_TTL')
      return `${row?.value} ${row?.source}`
    }
    expect(await show()).toBe('5m file')
    writeFileSync(join(folder, '.env'), 'LATCHKEY_ACCESS_TTL=20m\n')
    expect(await show()).toBe('20m environment')
    expect(await show({ LATCHKEY_ACCESS_TTL: '30m' })).toBe('30m environment')
    rmSync(join(folder, '.env'))
    writeFileSync(join(folder, 'ttl'), '40m\n')
    expect(await show({ LATCHKEY_ACCESS_TTL_FILE: join(folder, 'ttl') })).toBe('40m environment')
  })

  test('of a secret is hidden wherever settings are shown', async () => {
    const env = cleanEnvironment({
      LATCHKEY_MASTER_KEY: masterKey,
      LATCHKEY_SIGNING_ALG: 'HS256',
      LATCHKEY_JWT_SECRET: secret,
    })
    for (const form of [['config'], ['config', '--json']]) {
      const { code, stdout } = await run(process.execPath, [serverProgram, ...form], {
        cwd: newFolder(),
        env,
      })
      expect(code).toBe(0)
      expect(stdout).toContain('(hidden)')
      for (const hidden of [masterKey, secret]) expect(stdout).not.toContain(hidden)
    }
  })

  test('that a Kubernetes service injects is ignored with one line', async () => {
    const injected = {
      LATCHKEY_SERVICE_HOST: '10.0.0.1',
      LATCHKEY_SERVICE_PORT: '4000',
      LATCHKEY_PORT_4000_TCP: 'tcp://10.0.0.1:4000',
      LATCHKEY_PORT_4000_TCP_ADDR: '10.0.0.1',
    }
    await withServer(injected, async server => {
      expect(server.output().match(/LATCHKEY_SERVICE_HOST is ignored/g)).toHaveLength(1)
    })
  })
})

describe('HTTPS', () => {
  test('off the loopback is mandatory: a plain start is refused with three ways out', async () => {
    const line = await startRefused({
      LATCHKEY_HOST: '0.0.0.0',
      LATCHKEY_ISSUER: 'https://login.example.com',
    })
    for (const way of ['LATCHKEY_TLS_CERT', 'LATCHKEY_TRUST_PROXY', 'LATCHKEY_HOST=127.0.0.1'])
      expect(line).toContain(way)
    expect(await startRefused({ LATCHKEY_HOST: '0.0.0.0', LATCHKEY_TRUST_PROXY: '1' })).toContain(
      'LATCHKEY_ISSUER',
    )
  })

  test('is served with a certificate, with HSTS, and the issuer follows', async () => {
    const { LATCHKEY_TLS_CERT: cert, LATCHKEY_TLS_KEY: key } = await certificate(newFolder())
    await withServer({ LATCHKEY_TLS_CERT: cert, LATCHKEY_TLS_KEY: key }, async ({ url }) => {
      expect(url).toMatch(/^https:\/\/localhost:\d+$/)
      const answer = await new Promise<{ status: number | undefined; hsts: unknown }>((resolve, reject) => {
        request(`${url}/health/ready`, { ca: readFileSync(cert) }, response => {
          response.resume()
          resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] })
        })
          .on('error', reject)
          .end()
      })
      expect(answer).toEqual({ status: 200, hsts: expect.stringContaining('max-age=') })
    })
    expect(await startRefused({ LATCHKEY_TLS_CERT: key, LATCHKEY_TLS_KEY: cert })).toContain(
      'LATCHKEY_TLS_CERT',
    )
  })
})

describe('the master key', () => {
  test('that is wrong, or missing beside a database that has one, is exit 2 and never a new key', async () => {
    const folder = newFolder()
    const first = await startServer({ folder })
    await signIn(callerAt(first.url))
    await first.end()
    expect(await startRefused({ LATCHKEY_MASTER_KEY: masterKey }, folder)).toContain('LATCHKEY_MASTER_KEY')
    const file = join(folder, 'data', 'master.key')
    const kept = readFileSync(file)
    rmSync(file)
    expect(await startRefused({}, folder)).toContain('master.key')
    writeFileSync(file, kept)
    expect(await (await startServer({ folder })).end()).toBe(0)
  })

  test('may be set, and then no file is made', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'data'))
    const server = await startServer({
      folder,
      env: { LATCHKEY_MASTER_KEY: masterKey, LATCHKEY_DATABASE_URL: 'sqlite:./data/other.db' },
    })
    await server.end()
    expect(() => readFileSync(join(folder, 'data', 'master.key'))).toThrow()
    readFileSync(join(folder, 'data', 'other.db'))
  })
})

describe('SIGTERM', () => {
  test('takes no new connection, lets a running request finish, then ends with 0', async () => {
    const server = await startServer()
    const { hostname, port } = new URL(server.url)
    const body = JSON.stringify(ada)
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.on('data', chunk => {
      answer += chunk
    })
    const heads = ['POST /user/register HTTP/1.1', `Host: ${hostname}:${port}`, 'Expect: 100-continue']
    heads.push('Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: close')
    socket.write(`${heads.join('\r\n')}\r\n\r\n`)
    await expect.poll(() => answer).toContain('100 Continue')
    const ended = server.end('SIGTERM')
    await expect.poll(() => server.output()).toContain('SIGTERM: finishing what is running')
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow()
    socket.write(body)
    await once(socket, 'close')
    expect(answer).toContain('HTTP/1.1 201')
    expect(await ended).toBe(0)
  })

  test('a port that is taken is exit 2 and says so', async () => {
    await withServer({}, async ({ url }) => {
      const { port } = new URL(url)
      expect(await startRefused({ LATCHKEY_PORT: port })).toMatch(
        new RegExp(`^Port ${port} is taken, .* LATCHKEY_PORT=\\d+$`, 'm'),
      )
    })
  })
})
