// What leaves our hands, and what we let in.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verdictOf } from '../scripts/audit.js'
import { pack } from '../scripts/pack.js'
import { packedFaults } from '../scripts/packed-files.js'
import { root } from './imports.ts'
import { newFolder } from './server-process.ts'

test('each package packs what is on its list and nothing else', () => {
  const packed = pack(newFolder())
  expect(packed.map(({ name }) => name)).toEqual(['latchkey', '@latchkey/server'])
  for (const { name, paths } of packed) {
    expect(packedFaults(name, paths)).toEqual([])
    for (const stray of [
      '.env',
      'dist/data.db',
      'src/index.ts',
      'dist/index.js.map',
      'dist/.tsbuildinfo',
      'test/a.ts',
    ])
      expect(packedFaults(name, [...paths, stray])).toEqual([`${name} packs ${stray}, which is on no list`])
    expect(
      packedFaults(
        name,
        paths.filter((path: string) => path !== 'LICENSE'),
      ),
    ).toEqual([`${name} does not pack LICENSE`])
  }
  expect(packedFaults('another', ['package.json'])).toHaveLength(1)
})

test('nothing that an application gets runs a script when it is installed', () => {
  // The shape of package-lock.json, version 3.
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true; hasInstallScript?: true; link?: true }>
  }
  const all = Object.entries(packages)
  expect(all.length).toBeGreaterThan(100)
  expect(all.filter(([, { hasInstallScript, dev }]) => hasInstallScript && !dev).map(([at]) => at)).toEqual(
    [],
  )
  for (const name of ['latchkey', 'server']) {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
    const scripts = Object.keys(manifest.scripts ?? {})
    expect(scripts.filter(script => /install|prepare/.test(script))).toEqual([])
  }
})

test('the forge’s jobs pin every action by its commit and begin with no rights but to read', () => {
  const folder = join(root, '.github', 'workflows')
  const files = readdirSync(folder).map(file => readFileSync(join(folder, file), 'utf8'))
  expect(files.length).toBeGreaterThan(1)
  const uses = files.flatMap(text => [...text.matchAll(/uses: *(.+)$/gm)].map(([, action = '']) => action))
  expect(uses.length).toBeGreaterThan(3)
  expect(uses.filter(action => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([])
  expect(files.filter(text => !/^permissions:\n {2}contents: read\n/m.test(text))).toEqual([])
})

test.each([
  [
    'clean',
    '{"metadata":{"vulnerabilities":{"total":0},"dependencies":{"total":12}}}',
    { kind: 'clean', packages: 12 },
  ],
  [
    'advisories',
    '{"vulnerabilities":{"left":{"name":"left","severity":"high","range":"<2"}},"metadata":{"vulnerabilities":{"total":1}}}',
    { kind: 'advisories', found: [{ name: 'left', severity: 'high', range: '<2' }] },
  ],
  [
    'an endpoint that is away',
    '{"message":"405 Method Not Allowed - POST https://x","error":{}}',
    { kind: 'unavailable', reason: '405 Method Not Allowed' },
  ],
  ['no report', '', { kind: 'unavailable', reason: 'npm gave no report' }],
  ['a report without counts', '{}', { kind: 'unavailable', reason: 'the report has no counts' }],
])('an audit tells %s', (_what, text, verdict) => {
  expect(verdictOf(text)).toEqual(verdict)
})
