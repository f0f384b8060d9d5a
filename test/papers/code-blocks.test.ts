// Every code block of the papers is run, or checked by whoever reads its language: the compiler, the shell, the
// parsers, the command line and the route table. None is skipped.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { programsOf } from '../../examples/test/page-program.ts'
import { ownsPath } from '../../packages/server/src/http/app.ts'
import { root } from '../imports.ts'
import { type CodeBlock, codeBlocks } from './code-blocks.ts'
import { given } from './given.ts'

const blocks = codeBlocks()
const nameOf = ({ paper, line }: CodeBlock): string => `${paper}:${line}`

/** Sources that the tests of examples run, and the test that runs the README's own. */
const runSources = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter(file => /\.[cm]?[jt]sx?$/.test(file) && !/(^|\/)(node_modules|dist)\//.test(file))
  .map(file => readFileSync(join(root, 'examples', file), 'utf8'))

const isTypeScript = ({ language }: CodeBlock): boolean => ['ts', 'tsx', 'js'].includes(language)
const isRun = (block: CodeBlock): boolean =>
  (isTypeScript(block) && runSources.some(source => source.includes(block.code))) ||
  // examples/test/guides.test.ts and recipes.test.ts run what is marked as a file.
  (/^docs\/(guards|migrate|recipes)\/|^docs\/quick-start/.test(block.paper) &&
    programsOf(`\`\`\`ts\n${block.code}\n\`\`\``).length === 1) ||
  // test/flow/curl-lines.test.ts pastes these.
  (block.paper === 'README.md' && block.code.startsWith('curl -F username=ada'))

/** Type-checks all TypeScript at once; what the compiler says, by block. */
function compile(some: readonly CodeBlock[]): Map<string, string[]> {
  // Inside the workspace, so that packages are found as an application finds its own.
  const folder = join(root, '.latchkey-build', 'code-blocks')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  const heads = some.map(({ given: names }) => [
    ...names.map(name => given[name] ?? `no such given: ${name}`),
    'export {}',
  ])
  // Installed in no part of this workspace.
  writeFileSync(
    join(folder, 'elsewhere.d.ts'),
    `declare module 'next/server' { export const NextResponse: { next(): Response } }
     declare module 'expo-secure-store' {
       export function getItemAsync(key: string): Promise<string | null>
       export function setItemAsync(key: string, value: string): Promise<void>
       export function deleteItemAsync(key: string): Promise<void>
     }
     declare module 'react-native-get-random-values' {}
     declare module 'react-native-url-polyfill/auto' {}`,
  )
  for (const [at, block] of some.entries())
    writeFileSync(join(folder, `block-${at}.tsx`), `${heads[at]?.join('\n')}\n${block.code}\n`)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.test.json',
      compilerOptions: {
        noImplicitAny: false,
        useUnknownInCatchVariables: true,
        noPropertyAccessFromIndexSignature: false,
        exactOptionalPropertyTypes: false,
        jsxImportSource: 'react',
      },
      include: ['*.ts', '*.tsx'],
      exclude: [],
    }),
  )
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--noEmit', '--pretty', 'false'],
    { encoding: 'utf8' },
  )
  const said = new Map<string, string[]>()
  for (const [, at = '0', line = '0', words = ''] of stdout.matchAll(
    /block-(\d+)\.tsx\((\d+),\d+\): (.*)/g,
  )) {
    const block = some[Number(at)]
    if (block === undefined) continue
    const headLines = (heads[Number(at)] ?? []).join('\n').split('\n').length
    const where = `${block.paper}:${block.line + Number(line) - headLines - 1} ${words}`
    said.set(nameOf(block), [...(said.get(nameOf(block)) ?? []), where])
  }
  return said
}

/** Faults of a shell block: its syntax, scripts and files that are not there, routes that nobody serves. */
function shellFaults({ code }: CodeBlock): string[] {
  const syntax = spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' })
  // The shape of package.json.
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const words = code.replaceAll(/\\\n/g, ' ').replaceAll(/(^|\s)#[^\n]*/g, '$1')
  const missingScripts = [...words.matchAll(/\bnpm run ([\w:-]+)/g)].filter(
    ([, name = '']) => scripts[name] === undefined,
  )
  const missingFiles = [...words.matchAll(/\bnode ((?:scripts|examples|bench|test)\/\S+)/g)].filter(
    ([, file = '']) => !existsSync(join(root, file)),
  )
  const unserved = [...words.matchAll(/localhost:4000(\/[^\s"'?)]*)/g)].filter(
    ([, path = '']) => !ownsPath(path),
  )
  return [
    ...(syntax.status === 0 ? [] : [syntax.stderr]),
    ...[...missingScripts, ...missingFiles].map(([what]) => `there is no ${what}`),
    ...unserved.map(([, path]) => `nobody serves ${path}`),
    ...commandsOf(words).flatMap(commandFaults),
  ]
}

/** The uses of the command line in a shell block, each as its arguments. */
function commandsOf(words: string): string[][] {
  return [...words.matchAll(/(?:^|[\s|&;(])(?:npx )?latchkey((?: +[^\s|&;()<>]+)*)/g)].map(([, rest = '']) =>
    rest
      .trim()
      .split(/\s+/)
      .filter(word => word !== ''),
  )
}

const helps = new Map<string, string>()

/** What `--help` of a command says; undefined for a command that is none. */
function helpOf(path: readonly string[]): string | undefined {
  const key = path.join(' ')
  const known = helps.get(key)
  if (known !== undefined) return known
  try {
    const text = execFileSync(
      process.execPath,
      [join(root, 'packages/server/dist/cli/main.js'), ...path, '--help'],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    helps.set(key, text)
    return text
  } catch {
    return undefined
  }
}

/** Whether a command and each of its options stand in the help. */
function commandFaults(words: readonly string[]): string[] {
  const names = words
    .slice(0, 2)
    .filter((word, at) => /^[a-z][\w-]*$/.test(word) && (at === 0 || !words[0]?.startsWith('-')))
  const withTwo = names.length === 2 ? helpOf(names) : undefined
  const isPair =
    withTwo !== undefined && helpOf(names.slice(0, 1)) !== withTwo && withTwo.includes(names.join(' '))
  const help = isPair ? withTwo : helpOf(names.slice(0, 1))
  if (help === undefined) return [`there is no command latchkey ${names.join(' ')}`]
  const options = words.filter(word => word.startsWith('--')).map(word => word.replace(/=.*/, ''))
  return options
    .filter(option => !help.includes(option))
    .map(option => `latchkey ${names.join(' ')} has no option ${option}`)
}

/** What the compiler declared for both packages, without comments, constructors and the words that every declaration has. */
const declared = ['latchkey', 'server']
  .flatMap(name => {
    const folder = join(root, 'packages', name, 'dist')
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.d.ts'))
      .map(file => readFileSync(join(folder, file), 'utf8'))
  })
  .map(bare)
  .join('\n')

function bare(declaration: string): string {
  return declaration
    .replaceAll(/\/\*[\s\S]*?\*\/|#private;|\bconstructor\([\s\S]*?\);|\b(export|declare|default)\b/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** Of a class the reference leaves out what only the package calls: there each member has to be declared. */
function isDeclared(code: string): boolean {
  const pieces = code.startsWith('class ') ? code.split(/(?<=;)/) : [code]
  return pieces.every(piece => declared.includes(piece.trim()))
}

/** Faults of a block by its language; undefined where nobody reads it. */
const readers: Readonly<Record<string, (block: CodeBlock) => string[]>> = {
  sh: shellFaults,
  declaration: ({ code }) => (isDeclared(bare(code)) ? [] : ['is not what the compiler declared']),
  json: ({ code }) => faultsOf(() => JSON.parse(code)),
  yaml: ({ code }) => faultsOf(() => parse(code)),
}

function faultsOf(read: () => unknown): string[] {
  try {
    read()
    return []
  } catch (error) {
    return [String(error)]
  }
}

test('every code block of the papers is run or checked, and none is skipped', () => {
  const said = compile(blocks.filter(isTypeScript))
  const run = blocks.filter(isRun)
  const unread = blocks.filter(block => !isTypeScript(block) && readers[block.language] === undefined)
  const faults = [
    ...[...said.values()].flat(),
    ...blocks.flatMap(block =>
      (readers[block.language]?.(block) ?? []).map(fault => `${nameOf(block)} ${fault}`),
    ),
  ]
  console.log(
    `code blocks: ${run.length} run, ${blocks.length - run.length - unread.length} checked, ${unread.length} skipped`,
  )
  expect(faults).toEqual([])
  expect(unread.map(nameOf)).toEqual([])
  expect(run.length).toBeGreaterThan(10)
}, 120_000)
