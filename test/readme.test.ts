// The README's first screen, as a newcomer uses it: the guard example is taken from the page, runs from the packed
// tarball in a folder of its own, and answers what the page shows.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { npm } from '../scripts/npm.js'
import { freePort } from './free-port.ts'
import { root } from './imports.ts'
import { cleanEnvironment, newFolder } from './server-process.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')

function codeBlock(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme) ?? []
  if (code === undefined) throw new Error(`the README has no block of ${language}`)
  return code
}

/** A folder with the example in it and the packed package installed as the README says. */
function installPacked(): string {
  const folder = newFolder()
  const [{ filename } = { filename: '' }] = Object.values<{ filename: string }>(
    JSON.parse(npm(['pack', '-w', 'latchkey', '--json', '--pack-destination', folder], { cwd: root })),
  )
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  npm(['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', `./${filename}`], {
    cwd: folder,
  })
  // Express is this workspace's own: what is tried here is our package.
  symlinkSync(join(root, 'node_modules', 'express'), join(folder, 'node_modules', 'express'))
  return folder
}

/** Starts a program that listens on the port of its environment; ends it with the test. */
async function startApp(folder: string, file: string, env: Record<string, string>): Promise<string> {
  const port = await freePort()
  const child = spawn(process.execPath, [file], {
    cwd: folder,
    env: cleanEnvironment({ ...env, PORT: String(port) }),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  onTestFinished(async () => {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  const url = `http://127.0.0.1:${port}`
  await expect
    .poll(
      () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      { timeout: 15_000, interval: 50 },
    )
    .toBe(true)
  return url
}

describe('the guard of the README', () => {
  test('is the example that is type-checked', () => {
    expect(readFileSync(join(root, 'examples', 'guard', 'app.ts'), 'utf8')).toContain(codeBlock('ts'))
  })

  test('answers 401, 403 and 200 from the packed package, as the README shows', async () => {
    const folder = installPacked()
    writeFileSync(join(folder, 'app.ts'), codeBlock('ts'))
    const secret = execFileSync(process.execPath, ['-p', "crypto.randomBytes(32).toString('base64url')"])
    const url = await startApp(folder, 'app.ts', { JWT_SECRET: secret.toString().trim() })

    const refused = await fetch(`${url}/notes`)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(readme).toContain('HTTP/1.1 401 Unauthorized')
    expect(readme).toContain('WWW-Authenticate: Bearer\n')

    const token = await (await fetch(`${url}/token`)).text()
    const withToken = { headers: { authorization: `Bearer ${token}` } }
    const answer = await fetch(`${url}/notes`, withToken)
    expect(answer.status).toBe(200)
    expect(readme).toContain(await answer.text())

    const beyond = await fetch(`${url}/admin`, withToken)
    expect(beyond.status).toBe(403)
    expect(beyond.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
  })
})

describe('examples/one-file', () => {
  test('signs a user in and guards a route, in 25 lines', async () => {
    const file = join(root, 'examples', 'one-file', 'app.ts')
    expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(25)
    const url = await startApp(newFolder(), file, {})
    expect((await fetch(`${url}/notes`)).status).toBe(401)
    const form = {
      method: 'POST',
      body: new URLSearchParams({ username: 'ada', password: 'a lantern on the sill' }),
    }
    expect((await fetch(`${url}/user/register`, form)).status).toBe(201)
    const login = await fetch(`${url}/user/login`, { ...form, headers: { accept: 'text/plain' } })
    const authorization = `Bearer ${await login.text()}`
    const notes = await fetch(`${url}/notes`, { headers: { authorization } })
    expect(await notes.json()).toEqual({ notes: ['Only ada sees this.'] })
    expect((await fetch(`${url}/user/logout`, { method: 'POST', headers: { authorization } })).status).toBe(
      204,
    )
    expect((await fetch(`${url}/notes`, { headers: { authorization } })).status).toBe(401)
  })
})
