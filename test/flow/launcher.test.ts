// The launcher, on a machine whose own Node is too old: it brings the one that npm installed, or says what to do.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../imports.ts'
import { cleanEnvironment, newFolder, run } from '../server-process.ts'

const olderNode =
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.11.0"}})'
const asOlderNode = ['--import', olderNode]
const system = process.platform === 'win32' ? 'win' : process.platform
const brought = join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', 'node')

/** A clone's folder without what npm brings, and a script in it. */
function folderWith(script: string): string {
  const folder = newFolder()
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'script.js'), script)
  return folder
}

const launch = (folder: string, ...node: string[]) =>
  run(process.execPath, [...node, 'scripts/node.js', 'script.js'], { cwd: folder, env: cleanEnvironment() })

describe('the launcher', () => {
  test('runs a script with the running Node when that is new enough, and ends as it ends', async () => {
    const folder = folderWith('console.log(process.version); process.exit(7)')
    expect(await launch(folder)).toEqual({ code: 7, stdout: `${process.version}\n`, stderr: '' })
  })

  test('says in one sentence what to do when there is no Node to run with', async () => {
    const { code, stdout, stderr } = await launch(folderWith(''), ...asOlderNode)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(/needs Node 24 or newer, this is 20\.11\.0.*install Node 24/)
  })

  test('says that npm ci comes first where nothing is installed', async () => {
    const folder = folderWith('')
    rmSync(join(folder, 'node_modules'), { recursive: true })
    expect(await launch(folder, ...asOlderNode)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Nothing is installed here yet. Run this first: npm ci\n',
    })
  })

  test('brings the Node that npm installed, passes signals on, and ends as it ends', async ({ skip }) => {
    skip(!existsSync(brought), `npm has no Node for ${system}-${process.arch}`)
    const folder = newFolder()
    const script = join(folder, 'script.mjs')
    writeFileSync(
      script,
      "process.on('SIGTERM', () => process.exit(3)); setInterval(() => {}, 1000); console.log(process.version)",
    )
    const child = spawn(process.execPath, [...asOlderNode, join(root, 'scripts/node.js'), script], {
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [version] = await once(child.stdout, 'data')
    expect(String(version)).toMatch(/^v2[4-9]\./)
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([3, null])
  })
})
