// What lies beside the code: files of settings with secrets in them, keys under version control, and which libraries are
// installed. Values are measured and never shown.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Node } from '@babel/types'
import { type Application, isTestFile, memberNode } from './application.ts'
import type { Spot } from './findings.ts'
import type { SourceTree } from './source-tree.ts'
import type { SurveyContext } from './survey-context.ts'
import { nameOfKey, positionAt, readJson } from './syntax.ts'
import { positionOf } from './value.ts'

/** Names of what a page may show. */
const publicNames = /PUBLIC|PUBLISHABLE|^VITE_|^REACT_APP_/
const secretNames = /SECRET|PASSWORD|PASSWD|PRIVATE|TOKEN|_KEY$|^KEY$|CREDENTIAL/i

/** Secrets in `.env` and its kin: whether git has the file, and whether what the code uses is long enough. */
export function checkEnvironmentFiles(tree: SourceTree, context: SurveyContext): void {
  const tracked = new Set(trackedFiles(tree.folder))
  for (const { file, isIgnored } of tree.environments) {
    const text = context.application.text(file)
    const variables = Object.entries(parseEnv(text)).map(([name, value]) => ({ name, value: value ?? '' }))
    for (const { name, value } of variables) {
      checkLength(name, value, { file, text }, context)
      if (context.lifetimeVariables.has(name) && /^\d+$/.test(value))
        context.findings.in(
          'expiry_unit',
          spotOf(file, text, name),
          `${name} is how long a token lives, without a unit.`,
        )
    }
    const holdsSecret = ({ name, value }: { name: string; value: string }): boolean =>
      value !== '' &&
      (context.secretVariables.has(name) || (secretNames.test(name) && !publicNames.test(name)))
    const secret = variables.find(holdsSecret)
    if (secret === undefined) continue
    const spot = spotOf(file, text, secret.name)
    if (tracked.has(file))
      context.findings.in(
        'secret_file_tracked',
        spot,
        `This file is under version control and holds ${secret.name}.`,
      )
    else if (tree.isRepository && !isIgnored)
      context.findings.in(
        'secret_file_tracked',
        spot,
        `This file holds ${secret.name} and is not ignored: the next git add takes it along.`,
      )
  }
  for (const file of tracked) checkKeyFile(tree.folder, file, context)
}

function checkLength(
  name: string,
  value: string,
  { file, text }: { file: string; text: string },
  context: SurveyContext,
): void {
  const used = context.secretVariables.get(name)
  const bytes = Buffer.byteLength(value)
  if (used === undefined || value === '' || bytes >= used.bytes || value.includes('${')) return
  const { line, column } = positionOf(used.usedBy)
  const where = `${used.usedBy.module.file}:${line}:${column}`
  const detail = `${name}, the secret at ${where}, has ${bytes} byte${bytes === 1 ? '' : 's'} here; its algorithm asks for ${used.bytes} or more.`
  context.findings.in('secret_short', spotOf(file, text, name), detail)
}

function spotOf(file: string, text: string, name: string): Spot {
  const pattern = new RegExp(`^\\s*(export\\s+)?${name.replaceAll(/[^\w]/g, '\\$&')}\\s*=`)
  const line = text.split('\n').findIndex(one => pattern.test(one))
  return { file, line: line + 1, column: 1 }
}

/** What git has of a folder; nothing where there is no git. A repository's own settings start no program. */
function trackedFiles(folder: string): string[] {
  try {
    const list = execFileSync('git', ['-c', 'core.fsmonitor=false', '-C', folder, 'ls-files', '-z'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 256 * 1_048_576,
    })
    return list.split('\0').filter(file => file !== '')
  } catch {
    return []
  }
}

function checkKeyFile(folder: string, file: string, { findings }: SurveyContext): void {
  if (!/\.(pem|key|p8|pkcs8)$/.test(file) || isTestFile(file)) return
  try {
    if (!readFileSync(join(folder, file), 'latin1').includes('PRIVATE KEY-----')) return
  } catch {
    return
  }
  findings.in('secret_file_tracked', { file, line: 1, column: 1 }, 'A private key is under version control.')
}

/** The first version without the holes that are known. */
const soundFrom: Readonly<Record<string, number>> = { jsonwebtoken: 9, 'express-jwt': 6 }

/** Libraries for tokens that are not looked at, and the page that says how to move, where there is one. */
const others: Readonly<Record<string, string | undefined>> = {
  'passport-jwt': 'docs/migrate/passport-jwt.md',
  '@fastify/jwt': 'docs/migrate/fastify-jwt.md',
  'fastify-jwt': 'docs/migrate/fastify-jwt.md',
  'koa-jwt': undefined,
  '@nestjs/jwt': undefined,
  jose: undefined,
  'fast-jwt': undefined,
  'jwt-simple': undefined,
  njwt: undefined,
}

export interface InstalledLibrary extends Spot {
  readonly names: readonly string[]
}

/** Looks at every package.json; answers where jsonwebtoken and its types are asked for. */
export function checkManifests(
  application: Application,
  manifests: readonly string[],
  { findings }: SurveyContext,
): InstalledLibrary[] {
  return manifests.flatMap(file => {
    const text = application.text(file)
    const root = readJson(text)
    const spotOfNode = (node: Node): Spot => ({ file, ...positionAt(text, node.start ?? 0) })
    const asked = ['dependencies', 'devDependencies', 'peerDependencies'].flatMap(kind =>
      dependenciesOf(root, kind),
    )
    for (const { name, version, node } of asked) {
      const spot = spotOfNode(node)
      const sound = Object.hasOwn(soundFrom, name) ? soundFrom[name] : undefined
      const major = Number(/\d+/.exec(version)?.[0] ?? Number.NaN)
      if (sound !== undefined && major < sound)
        findings.in('library_old', spot, `${name} ${major} has known holes.`)
      if (!Object.hasOwn(others, name)) continue
      const page = others[name]
      findings.in(
        'library_other',
        spot,
        `${name} is installed and was not looked at${page === undefined ? '' : `; ${page} has its mapping`}.`,
      )
    }
    const own = asked.filter(({ name }) => /^(@types\/)?jsonwebtoken$/.test(name))
    const [first] = own
    return first === undefined ? [] : [{ ...spotOfNode(first.node), names: own.map(({ name }) => name) }]
  })
}

function dependenciesOf(
  root: Node | undefined,
  kind: string,
): { name: string; version: string; node: Node }[] {
  const list = root && memberNode(root, kind)
  if (list?.type !== 'ObjectExpression') return []
  return list.properties.flatMap(node => {
    if (node.type !== 'ObjectProperty' || node.value.type !== 'StringLiteral') return []
    return [{ name: nameOfKey(node.key, node.computed) ?? '', version: node.value.value, node }]
  })
}
