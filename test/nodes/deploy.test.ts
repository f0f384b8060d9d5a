// The deployment files name settings that there are, with values that a start accepts, and files that are there.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkListening, loadConfig, settings } from '../../packages/server/src/config.ts'
import { root } from '../imports.ts'

const folder = join(root, 'deploy')
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => relative(folder, join(entry.parentPath, entry.name)))
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
const known = new Set<string>(Object.values(settings).map(row => row.env))

/** What stands for a secret in a file that cannot hold it. */
const secrets = {
  LATCHKEY_MASTER_KEY: Buffer.alloc(32, 1).toString('base64url'),
  LATCHKEY_DATABASE_URL: 'postgres://latchkey:password@database/latchkey',
}

/** The settings of a manifest: `NAME: value` as compose has them, or `name: NAME, value: value`. */
function settingsIn(text: string): Record<string, string> {
  const compose = [...text.matchAll(/^\s+(LATCHKEY_\w+): ["']?([^"'\n]+)["']?$/gm)]
  const kubernetes = [...text.matchAll(/name: (LATCHKEY_\w+), value: ["']?([^"'\n}]+?)["']? }/g)]
  return {
    ...Object.fromEntries([...compose, ...kubernetes].map(([, name = '', value = '']) => [name, value])),
    ...secrets,
  }
}

test.each(files)('%s names settings that there are', file => {
  const named = [...read(file).matchAll(/\bLATCHKEY_[A-Z_]+\b/g)].map(([name]) => name)
  expect(named.filter(name => !known.has(name))).toEqual([])
})

describe.each(['compose.yaml', 'kubernetes.yaml'])('%s', file => {
  test('gives a server settings that it starts with', () => {
    const env = settingsIn(read(file))
    expect(Object.keys(env).length).toBeGreaterThan(5)
    const { config } = loadConfig({ env })
    checkListening(config)
    expect(config.trustProxy).toEqual({ kind: 'hops', hops: 1 })
  })
})

test('the Dockerfile copies and runs what is there', () => {
  const text = read('Dockerfile')
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list = '']) => list.split(' '))
  expect(copied.length).toBeGreaterThan(4)
  expect(copied.filter(path => !existsSync(join(root, path)))).toEqual([])
  const [, program = ''] = /^CMD \["node", "([^"]+)"/m.exec(text) ?? []
  expect(existsSync(join(root, program))).toBe(true)
  expect(text).toMatch(/^USER node$/m)
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(text).toContain(`pg@${devDependencies.pg}`)
})

test('no pod gets variables that look like settings', () => {
  expect(read('kubernetes.yaml')).toContain('enableServiceLinks: false')
})
