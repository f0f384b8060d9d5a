// `latchkey migrate-from` on whole applications: what it says is done, and they work.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'latchkey'
import { afterAll, describe, expect, test } from 'vitest'
import { startExample } from '../../examples/test/start-example.ts'
import { bearer, callerAt, post } from '../account.ts'
import { withEdits, writeApplication } from '../application-files.ts'
import { root } from '../imports.ts'
import { cleanEnvironment, newFolder, run, serverProgram } from '../server-process.ts'

const secret = 'made at random, as it should be: 7f1c'
// Inside the workspace, so that applications find their packages.
const place = join(root, '.latchkey-build', `migrate-from-${process.pid}`)
afterAll(() => rmSync(place, { recursive: true, force: true }))

function folderOf(name: string): string {
  const folder = join(place, name)
  mkdirSync(folder, { recursive: true })
  return folder
}

function migrateFrom(...args: string[]): ReturnType<typeof run> {
  const env = cleanEnvironment()
  return run(process.execPath, [serverProgram, 'migrate-from', ...args], { cwd: newFolder(), env })
}

interface Printed {
  ok: boolean
  calls: number
  findings: { code: string; level: string; file: string; line: number }[]
  changes: { file: string; line: number; step: number; becomes: string[] }[]
  edits: { file: string; line: number; column: number; endLine: number; endColumn: number; text: string }[]
}

async function reportOn(folder: string): Promise<Printed> {
  const { stdout, stderr } = await migrateFrom('jsonwebtoken', folder, '--json')
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Printed
}

/** As the well-known tutorials have it: a secret in a config file, a middleware, two routes. */
const tutorial = {
  'package.json': '{ "dependencies": { "express": "^5", "jsonwebtoken": "^9.0.3" } }\n',
  'config/auth.config.js': `module.exports = {
  secret: 'a-secret-for-everybody',
}
`,
  'middleware/authJwt.js': `const jwt = require('jsonwebtoken')
const config = require('../config/auth.config.js')

const verifyToken = (req, res, next) => {
  const token = req.headers['x-access-token']
  if (!token) {
    return res.status(403).send({ message: 'No token provided!' })
  }
  jwt.verify(token, config.secret, (err, decoded) => {
    if (err) {
      res.status(401).send({ message: 'Unauthorized!' })
    }
    req.userId = decoded?.id
    next()
  })
}

module.exports = { verifyToken }
`,
  'server.js': `const express = require('express')
const jwt = require('jsonwebtoken')
const { verifyToken } = require('./middleware/authJwt.js')
const config = require('./config/auth.config.js')

const port = Number(process.env.PORT)
const app = express()
app.use(express.json())

let served = 0
app.post('/api/auth/signin', (req, res) => {
  const token = jwt.sign({ id: req.body.username }, config.secret)
  res.send({ accessToken: token })
})
app.get('/api/test/user', verifyToken, (req, res) => {
  served++
  if (!res.headersSent) res.send({ id: req.userId })
})
app.get('/served', (req, res) => res.send({ served }))

app.listen(port, '127.0.0.1', () => console.log('http://localhost:' + port))
`,
}

async function accessToken(call: ReturnType<typeof callerAt>): Promise<string> {
  const answer = await post(call, '/api/auth/signin', { username: 'ada' })
  const { accessToken: token } = (await answer.json()) as { accessToken: string }
  return token
}

const withToken = (token: string): RequestInit => ({ headers: { 'x-access-token': token } })

describe('an application as tutorials write it', () => {
  test('has its faults named; with the edits made it works, and they are gone', async () => {
    const folder = writeApplication(tutorial, folderOf('tutorial'))
    const report = await reportOn(folder)
    const codes = report.findings
      .filter(({ level }) => level === 'error')
      .map(one => `${one.file}:${one.line} ${one.code}`)
    expect(codes).toEqual([
      'config/auth.config.js:2 secret_in_code',
      'config/auth.config.js:2 secret_short',
      'middleware/authJwt.js:9 algorithms_missing',
      'middleware/authJwt.js:10 refusal_goes_on',
      'server.js:12 expiry_missing',
    ])

    const env = { JWT_SECRET: secret }
    const then = callerAt((await startExample(join(folder, 'server.js'), { env })).url)
    const old = await accessToken(then)
    expect(decode(old)).not.toHaveProperty('exp')
    expect((await then('/api/test/user', withToken('forged'))).status).toBe(401)
    // The fault that reading finds: the refused request went on to the handler.
    expect(await (await then('/served')).json()).toEqual({ served: 1 })

    const moved = writeApplication(withEdits(tutorial, report.edits), folderOf('tutorial-moved'))
    const now = callerAt((await startExample(join(moved, 'server.js'), { env })).url)
    const token = await accessToken(now)
    const claims = decode(token)
    expect(Number(claims?.['exp']) - Number(claims?.['iat'])).toBe(3600)
    expect(await (await now('/api/test/user', withToken(token))).json()).toEqual({ id: 'ada' })
    expect((await now('/api/test/user', withToken(old))).status).toBe(401)
    expect((await now('/api/test/user', withToken('forged'))).status).toBe(401)
    expect(await (await now('/served')).json()).toEqual({ served: 1 })

    const again = await reportOn(moved)
    expect(again.ok).toBe(true)
    expect(again.edits).toEqual([])
    expect(again.findings.filter(({ level }) => level !== 'note')).toEqual([])

    // Asked again, it says step two: the engine itself, which refuses short secrets.
    const second = { ...withEdits(tutorial, report.edits) }
    for (const { file, line, becomes } of again.changes.filter(({ step }) => step === 2)) {
      const lines = (second[file] ?? '').split('\n')
      lines[line - 1] = becomes[0] ?? ''
      second[file] = lines.join('\n')
    }
    expect(second['server.js']).toContain("const jwt = require('latchkey')\n")
    const own = writeApplication(second, folderOf('tutorial-own'))
    const last = callerAt((await startExample(join(own, 'server.js'), { env })).url)
    const fresh = await accessToken(last)
    expect(await (await last('/api/test/user', withToken(fresh))).json()).toEqual({ id: 'ada' })
    expect(await (await last('/api/test/user', withToken(token))).json()).toEqual({ id: 'ada' })
    expect((await last('/api/test/user', withToken('forged'))).status).toBe(401)
    expect((await reportOn(own)).calls).toBe(0)
  })
})

/** TypeScript, with a guard of express-jwt beside jsonwebtoken. */
const typed = {
  'app.ts': `import express from 'express'
import { expressjwt } from 'express-jwt'
import jwt, { type JwtPayload, type SignOptions } from 'jsonwebtoken'

const secret: string = process.env.JWT_SECRET || 'development only'
const options: SignOptions = { algorithm: 'HS256' }
const app = express()

app.post('/login', express.json(), (req, res) => {
  res.json({ token: jwt.sign({ sub: String(req.body.username), role: 'clerk' }, secret, options) })
})
app.get('/claims', (req, res) => {
  const claims = jwt.verify(req.headers.authorization?.slice(7) ?? '', secret, { ignoreExpiration: true }) as JwtPayload
  res.json({ of: claims.sub })
})
const guard = expressjwt({ secret, algorithms: ['HS256'], credentialsRequired: true })
app.get('/notes', guard, (req: any, res) => {
  res.json({ of: req.auth.sub, role: req.auth.role })
})
const port = Number(process.env.PORT)
app.listen(port, '127.0.0.1', () => console.log(\`http://localhost:\${port}\`))
`,
}

/** What the compiler says of an application. */
async function compiled(folder: string): Promise<string> {
  writeApplication(
    {
      'package.json': '{ "type": "module" }',
      'tsconfig.json': JSON.stringify({
        extends: '../../../tsconfig.test.json',
        include: ['*.ts'],
      }),
    },
    folder,
  )
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(process.execPath, [tsc, '-p', folder, '--noEmit', '--pretty', 'false'])
  return stdout
}

describe('an application in TypeScript with express-jwt', () => {
  test('compiles and works after step one, and after step two as it is written out', async () => {
    const report = await reportOn(writeApplication(typed, folderOf('typed')))
    const codes = report.findings.filter(({ level }) => level !== 'note').map(({ code }) => code)
    expect(codes).toEqual([
      'secret_fallback',
      'secret_short',
      'expiry_missing',
      'algorithms_missing',
      'expiry_ignored',
    ])
    const first = withEdits(typed, report.edits)
    const firstFolder = writeApplication(first, folderOf('typed-1'))
    const env = { JWT_SECRET: secret }
    const [compiler, started] = await Promise.all([
      compiled(firstFolder),
      startExample(join(firstFolder, 'app.ts'), { env }),
    ])
    expect(compiler).toBe('')
    const call = callerAt(started.url)
    const answer = await post(call, '/login', { username: 'ada' })
    const { token } = (await answer.json()) as { token: string }
    expect(decode(token)).toMatchObject({ sub: 'ada', exp: expect.any(Number) })
    expect(await (await call('/notes', bearer(token))).json()).toEqual({ of: 'ada', role: 'clerk' })
    expect(await (await call('/claims', bearer(token))).json()).toEqual({ of: 'ada' })

    // Each line of step two in the place of the one that it names.
    const lines = (first['app.ts'] ?? '').split('\n')
    for (const { line, step, becomes } of report.changes) {
      const old = lines[line - 1] ?? ''
      if (step === 2) lines[line - 1] = `${/^\s*/.exec(old)?.[0]}${becomes[0]}`
    }
    const second = lines.join('\n').replace('(req: any, res)', '(req, res)')
    expect(second).toContain("import { protect as expressjwt } from 'latchkey/express'")
    expect(second).toContain("const guard = expressjwt({ secret, algorithms: ['HS256'] })")
    expect(second).toContain('{ of: req.auth.subject, role: req.auth.claims.role }')
    const secondFolder = writeApplication({ 'app.ts': second }, folderOf('typed-2'))
    const [compilerAgain, moved] = await Promise.all([
      compiled(secondFolder),
      startExample(join(secondFolder, 'app.ts'), { env }),
    ])
    expect(compilerAgain).toBe('')
    const guarded = callerAt(moved.url)
    expect(await (await guarded('/notes', bearer(token))).json()).toEqual({ of: 'ada', role: 'clerk' })
    expect((await guarded('/notes')).status).toBe(401)
    expect((await guarded('/notes', bearer(`${token}x`))).status).toBe(401)
  })
})

describe('the command', () => {
  test('ends with 0 where nothing is dangerous, 1 where something is, 2 for what it cannot look at', async () => {
    const clean = writeApplication({ 'a.js': 'console.log(1)\n' })
    const bad = writeApplication({ 'a.js': "require('jsonwebtoken').sign({ a: 1 }, process.env.S)\n" })
    const [none, some, nowhere, other] = await Promise.all([
      migrateFrom('jsonwebtoken', clean),
      migrateFrom('jsonwebtoken', bad),
      migrateFrom('jsonwebtoken', join(clean, 'nothing')),
      migrateFrom('jose', clean),
    ])
    expect(none).toMatchObject({ code: 0, stdout: '' })
    expect(none.stderr).toMatch(
      /^0 errors, 0 warnings, 0 notes\. 1 file looked at .*jsonwebtoken is not used here\.\n$/,
    )
    expect(some.code).toBe(1)
    expect(some.stdout).toContain('a.js:1:1  error expiry_missing')
    expect(some.stdout).toContain(
      "+ require('latchkey/jsonwebtoken').sign({ a: 1 }, process.env.S, { expiresIn: '1h' })",
    )
    // No colours for a pipe.
    expect(some.stdout).not.toContain('\u001b')
    expect(nowhere).toMatchObject({ code: 2, stdout: '' })
    expect(nowhere.stderr).toMatch(/^There is no folder .*\n$/)
    expect(other.code).toBe(2)
    expect(other.stderr).toContain('jsonwebtoken')
  })
})
