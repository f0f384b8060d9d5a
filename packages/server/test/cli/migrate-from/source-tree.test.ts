// Which files of a folder are read, and what is said of the others.
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeApplication } from '../../../../../test/application-files.ts'
import { newFolder } from '../../../../../test/server-process.ts'
import { IgnoreRules } from '../../../src/cli/migrate-from/ignore-rules.ts'
import { readTree } from '../../../src/cli/migrate-from/source-tree.ts'
import type { Survey } from '../../../src/cli/migrate-from/survey.ts'
import { migrateFrom } from '../../../src/cli/migrate-from.ts'

describe('.gitignore', () => {
  test.each([
    ['*.log', 'a.log', true],
    ['*.log', 'deep/er/a.log', true],
    ['*.log', 'a.log.js', false],
    ['/todo.js', 'todo.js', true],
    ['/todo.js', 'src/todo.js', false],
    ['src/gen', 'src/gen', true],
    ['src/gen', 'lib/src/gen', false],
    ['gen', 'lib/src/gen', true],
    ['gen/', 'gen', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['**/b', 'x/b', true],
    ['a/**', 'a/x/y', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[ab].js', 'b.js', true],
    ['[!ab].js', 'b.js', false],
    ['# a', 'a', false],
    ['\\#a', '#a', true],
    ['*.js\n!keep.js', 'keep.js', false],
    ['*.js\n!keep.js', 'other.js', true],
    ['a.js   ', 'a.js', true],
    ['(x)+.js', '(x)+.js', true],
    ['[z-a]\nfoo[\n*.log', 'a.log', true],
  ])('%j for %j: %s', (rules, path, isIgnored) => {
    expect(new IgnoreRules(rules).ignores(path, false)).toBe(isIgnored)
  })

  test('a folder with a slash, and the rules of a folder above', () => {
    const above = new IgnoreRules('gen/\n/lib/old.js')
    expect(above.ignores('gen', true)).toBe(true)
    const below = new IgnoreRules('!gen', { rules: above, name: 'lib' })
    expect(below.ignores('gen', true)).toBe(false)
    expect(below.ignores('old.js', false)).toBe(true)
  })
})

const call = "require('jsonwebtoken').sign({ a: 1 }, process.env.S)\n"

describe('a folder', () => {
  test('is read without what is installed, built, ignored or declared; everything else that is left out is named', () => {
    const elsewhere = writeApplication({ 'out.js': call })
    const folder = writeApplication({
      'a.js': call,
      'sub/b.mts': call,
      'sub/c.jsx': call,
      'sub/page.html': `<script>${call}</script>`,
      'node_modules/x/a.js': call,
      'packages/x/node_modules/y/a.js': call,
      'dist/a.js': call,
      '.next/a.js': call,
      'types.d.ts': call,
      'readme.md': call,
      '.gitignore': 'secret/\n*.gen.js\n',
      'secret/a.js': call,
      'a.gen.js': call,
      'sub/.gitignore': '!d.gen.js\n/e.js\n',
      'sub/d.gen.js': call,
      'sub/e.js': call,
      'lib.min.js': call,
      'bundle.js': `${call}${'var a=1;'.repeat(5_000)}\n`,
      'large.js': `${call}${'// and on it goes\n'.repeat(70_000)}`,
      'deep.js': `${call}const x = ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`,
      'broken.js': "const jwt = require('jsonwebtoken'\n",
    })
    symlinkSync(folder, join(folder, 'loop'))
    symlinkSync(join(folder, 'sub'), join(folder, 'again'))
    symlinkSync(elsewhere, join(folder, 'outside'))
    symlinkSync(join(folder, 'nowhere.js'), join(folder, 'dead.js'))
    expect(readTree(folder).sources).toEqual([
      ...['a.js', 'broken.js', 'bundle.js', 'deep.js'],
      ...['sub/b.mts', 'sub/c.jsx', 'sub/d.gen.js', 'sub/page.html'],
    ])
    const { printed } = migrateFrom(folder)
    // The shape that the command prints.
    const { findings, unread } = printed.json as Survey
    expect(unread).toEqual([
      { file: 'bundle.js', why: 'minified' },
      { file: 'dead.js', why: 'a link that leads nowhere' },
      { file: 'deep.js', why: 'minified' },
      { file: 'large.js', why: 'larger than 1 MB' },
      { file: 'lib.min.js', why: 'minified' },
      { file: 'outside', why: 'a link that leads out of the folder' },
    ])
    expect(findings.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`)).toEqual([
      'a.js:1:1 expiry_missing',
      'broken.js:2:1 file_unreadable',
      'sub/b.mts:1:1 expiry_missing',
      'sub/c.jsx:1:1 expiry_missing',
      'sub/d.gen.js:1:1 expiry_missing',
      'sub/page.html:1:9 expiry_missing',
    ])
    expect(printed.text).toContain('outside: a link that leads out of the folder')
  })

  test('that nests more deeply than can be followed is told, and the rest is read', () => {
    const nested = `${'(\n'.repeat(30_000)}1${')\n'.repeat(30_000)}`
    const folder = writeApplication({ 'a.js': call, 'deep.js': `${call}const x = ${nested}` })
    // The shape that the command prints.
    const { findings, unread } = migrateFrom(folder).printed.json as Survey
    const told = [...unread.map(({ file }) => file), ...findings.map(({ file }) => file)]
    expect(told.sort()).toEqual(['a.js', 'deep.js'])
  })
})

describe('under version control', () => {
  const git = (folder: string, ...args: string[]): void => {
    execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' })
  }
  const folder = writeApplication({
    '.env': 'PORT=1\nSESSION_SECRET=Swordfish\n',
    '.env.example': 'SESSION_SECRET=change-me\n',
    'new/.env': 'export API_TOKEN=Swordfish\n',
    'ignored/.env': 'API_TOKEN=Swordfish\n',
    'ignored/.gitignore': '.env\n',
    'plain/.env': 'PORT=3000\nNEXT_PUBLIC_MAPS_KEY=shown\n',
    'keys/private.pem': '-----BEGIN PRIVATE KEY-----\nSwordfish\n-----END PRIVATE KEY-----\n',
    'keys/public.pem': '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n',
    'a.js': 'export const a = 1\n',
  })
  git(folder, 'init', '-q')
  git(folder, 'add', '.env', '.env.example', 'keys', 'a.js', 'plain')

  test('a file of secrets that git has, or will take along, is found', () => {
    const { printed, isWell } = migrateFrom(folder)
    // The shape that the command prints.
    const { findings } = printed.json as Survey
    expect(findings.map(({ file, line, code, what }) => [`${file}:${line}`, code, what])).toEqual([
      ['.env:2', 'secret_file_tracked', 'This file is under version control and holds SESSION_SECRET.'],
      ['keys/private.pem:1', 'secret_file_tracked', 'A private key is under version control.'],
      [
        'new/.env:1',
        'secret_file_tracked',
        'This file holds API_TOKEN and is not ignored: the next git add takes it along.',
      ],
    ])
    expect(isWell).toBe(false)
    expect(`${printed.text}${printed.words}${JSON.stringify(printed.json)}`).not.toContain('Swordfish')
  })

  test('a repository’s own settings start no program', () => {
    const trap = join(newFolder(), 'started')
    git(folder, 'config', 'core.fsmonitor', `touch ${trap}`)
    migrateFrom(folder)
    expect(() => execFileSync('ls', [trap], { stdio: 'ignore' })).toThrow()
  })
})

test('a folder below a repository obeys the rules above it', () => {
  const top = writeApplication({ '.gitignore': 'app/old.js\n', 'app/old.js': call, 'app/new.js': call })
  mkdirSync(join(top, '.git'))
  expect(readTree(join(top, 'app')).sources).toEqual(['new.js'])
})

test('a folder that lies in an ignored one is read when it is asked for', () => {
  const files = {
    '.gitignore': 'scratch/\n*.log.js\n',
    'scratch/a [b]/new.js': call,
    'scratch/a [b]/x.log.js': call,
  }
  const top = writeApplication(files)
  mkdirSync(join(top, '.git'))
  expect(readTree(top).sources).toEqual([])
  expect(readTree(join(top, 'scratch/a [b]')).sources).toEqual(['new.js'])
})
