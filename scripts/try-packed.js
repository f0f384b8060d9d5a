// Installs the packed packages into an empty project and uses them as the README says, on each Node that is promised.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { npm } from './npm.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The Nodes that are promised: the oldest of the library's, the server's, and the newest line. */
const nodes = [
  { version: '22.12.0', packages: ['latchkey'] },
  { version: '24.21.0', packages: ['latchkey', '@latchkey/server'] },
  { version: '26.10.0', packages: ['latchkey', '@latchkey/server'] },
]

/** Fetches a Node from npm, where each version is a package that holds the binary and runs no script. */
function fetchNode(version, folder) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const at = join(folder, `node-${version}`)
  mkdirSync(at)
  writeFileSync(join(at, 'package.json'), '{ "private": true }')
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`], {
    cwd: at,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const binary = join(at, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(binary)) throw new Error(`${name}@${version} holds no ${binary}`)
  return binary
}

/** An empty project with the tarballs installed, and what the bill of materials says is in it. */
export function installPacked(folder, tarballs, others = []) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "an-application", "version": "1.0.0", "type": "module", "private": true }',
  )
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs, ...others], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** Runs a program until `use` is done with its address. */
async function whileServing(node, args, { cwd, env }, use) {
  const port = await freePort()
  const child = spawn(node, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    const url = `http://localhost:${port}`
    for (let left = 150; ; left--) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} instead of serving`)
      const answers = await fetch(url).then(
        () => true,
        () => false,
      )
      if (answers) break
      if (left === 0) throw new Error('it did not serve within 15 seconds')
      await pause(100)
    }
    await use(url)
  } finally {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

async function expectStatus(answer, status) {
  const given = await answer
  if (given.status !== status) throw new Error(`${given.url} answered ${given.status} instead of ${status}`)
  return given.text()
}

/** The README's first example: 401, then 200 with the token that it hands out. */
function tryGuard(node, folder) {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
  if (code === undefined) throw new Error('the README has no example')
  writeFileSync(join(folder, 'app.js'), code)
  const env = port => ({ PORT: String(port), JWT_SECRET: 'a-secret-of-the-example-that-is-long-enough' })
  return whileServing(node, ['app.js'], { cwd: folder, env }, async url => {
    await expectStatus(fetch(`${url}/notes`), 401)
    const authorization = `Bearer ${await expectStatus(fetch(`${url}/token`), 200)}`
    await expectStatus(fetch(`${url}/notes`, { headers: { authorization } }), 200)
    await expectStatus(fetch(`${url}/admin`, { headers: { authorization } }), 403)
  })
}

/** The server's three lines: register, sign in, data. */
function tryServer(node, folder) {
  const bin = join(folder, 'node_modules', '@latchkey', 'server', 'bin', 'latchkey.js')
  const env = port => ({ LATCHKEY_PORT: String(port), LATCHKEY_LOG_LEVEL: 'error' })
  const person = () => new URLSearchParams({ username: 'ada', password: 'brass-lantern-on-the-sill' })
  return whileServing(node, [bin, 'serve'], { cwd: folder, env }, async url => {
    await expectStatus(fetch(`${url}/user/register`, { method: 'POST', body: person() }), 201)
    const login = { method: 'POST', body: person(), headers: { accept: 'text/plain' } }
    const authorization = `Bearer ${await expectStatus(fetch(`${url}/user/login`, login), 200)}`
    await expectStatus(fetch(`${url}/user/data`, { headers: { authorization } }), 200)
  })
}

/** Tries the packages on every Node; prints a line for each. Throws at the first that does not work. */
export async function tryPacked(folder, packed) {
  for (const { version, packages } of nodes) {
    const node = fetchNode(version, folder)
    const project = join(folder, `project-${version}`)
    const tarballs = packed.filter(({ name }) => packages.includes(name)).map(({ tarball }) => tarball)
    installPacked(project, tarballs, ['express'])
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
    await tryGuard(node, project)
    if (packages.includes('@latchkey/server')) await tryServer(node, project)
    console.log(`  ${stdout.trim()}: ${packages.join(' and ')} installed and used`)
  }
}
