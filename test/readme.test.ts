// The README's first screen, as a newcomer uses it: the guard example is taken from the page, runs from the packed
// tarball in a folder of its own, and answers what the page shows.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { npm } from '../scripts/npm.js'
import { freePort } from './free-port.ts'
import { root } from './imports.ts'
import { cleanEnvironment, newFolder, run } from './server-process.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The first block of a language that holds this. */
function codeBlock(language: string, part: string): string {
  const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
  const found = blocks.find(([, name, code]) => name === language && code?.includes(part))?.[2]
  if (found === undefined) throw new Error(`the README has no block of ${language} with ${part}`)
  return found
}

const program = codeBlock('ts', 'protect')

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
    expect(readFileSync(join(root, 'examples', 'guard', 'app.ts'), 'utf8')).toContain(program)
  })

  test('answers 401, 200 and 403 from the packed package to the pasted lines, as the README shows', async () => {
    const folder = installPacked()
    writeFileSync(join(folder, 'app.js'), program)
    const [, secret = '', file = ''] =
      /^JWT_SECRET=\$\((.*)\) node (\S+)\n$/.exec(codeBlock('sh', 'JWT_SECRET')) ?? []
    const made = await run('bash', ['-c', secret], { env: cleanEnvironment() })
    const url = await startApp(folder, file, { JWT_SECRET: made.stdout.trim() })

    const pasted = codeBlock('sh', 'localhost:3000/notes').replaceAll('http://localhost:3000', url)
    const { stdout } = await run('bash', ['-c', pasted])
    // What the README leaves out between the challenge and the bodies stands for headers and the first body.
    const shown = codeBlock('text', '401')
      .split('\n')
      .filter(line => line !== '…' && line !== '')
    const answered = stdout.replaceAll('\r', '').replaceAll('}{', '}\n{').split('\n')
    expect(shown.length).toBeGreaterThan(3)
    expect(answered.filter(line => shown.includes(line))).toEqual(shown)
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
