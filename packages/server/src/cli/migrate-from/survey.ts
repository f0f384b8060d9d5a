// The whole look at an application: which files matter, what the rules find in them, and what to change.
import { basename, extname } from 'node:path'
import { signingAlgorithms } from './algorithm-rules.ts'
import { Application, type SourceModule } from './application.ts'
import { handedOn, libraryCalls } from './calls.ts'
import { Changes, type Edit } from './changes.ts'
import { checkDecode } from './decode-rules.ts'
import { moduleExports } from './exports.ts'
import { Findings, type MigrationFinding } from './findings.ts'
import { guardChanges } from './guard-changes.ts'
import { checkGuard } from './guard-rules.ts'
import { importChanges } from './import-rules.ts'
import { ownChanges } from './own-words.ts'
import type { PlannedChange } from './planned-change.ts'
import { checkEnvironmentFiles, checkManifests, type InstalledLibrary } from './repository-rules.ts'
import { checkSign } from './sign-rules.ts'
import { readTree, type Unread } from './source-tree.ts'
import { checkStorage, storageWords } from './storage-rules.ts'
import type { SurveyContext } from './survey-context.ts'
import { libraries } from './value.ts'
import { Values } from './values.ts'
import { checkVerify } from './verify-rules.ts'

export interface Survey {
  readonly folder: string
  readonly sources: number
  /** Files that name the library or work with it. */
  readonly read: number
  readonly calls: number
  readonly findings: readonly MigrationFinding[]
  readonly changes: readonly PlannedChange[]
  /** The first step's changes as stretches of text. */
  readonly edits: readonly Edit[]
  readonly unread: readonly Unread[]
}

const checks = { sign: checkSign, verify: checkVerify, decode: checkDecode, guard: checkGuard } as const

const libraryWords = new RegExp(libraries.join('|'))

/** Hears what is done, and how far that is: from 0 to 1. */
type Tell = (what: 'reading' | 'parsing', share: number) => void

/** Looks at a folder. Nothing is written, and nothing of the application runs. */
export function survey(folder: string, version: string, tell: Tell): Survey {
  const tree = readTree(folder)
  const application = new Application(tree)
  const { mentioning, storing } = sortSources(application, tree.sources, tell)
  const named = mentioning.flatMap((file, at) => {
    tell('parsing', at / mentioning.length)
    return application.module(file) ?? []
  })
  const values = new Values(application)
  const modules = [...named, ...modulesBehind(named, tree.sources, application, values)]
  const context = contextOf(application, modules, values)
  checkCalls(modules, context)
  for (const file of storing) checkStorage(application.module(file), context)
  checkEnvironmentFiles(tree, context)
  const manifests = tree.data.filter(file => basename(file) === 'package.json')
  const installed = checkManifests(application, manifests, context)
  const changes = [
    ...modules.flatMap(module => importChanges(module, context)),
    ...ownChanges(modules, tree.sources, context),
    ...guardChanges(context.calls, tree.sources, context),
    ...installed.map(one => installChange(one, version)),
  ]
  tellUnreadable(new Set(mentioning), context)
  return {
    folder: tree.folder,
    sources: tree.sources.length,
    read: modules.length,
    calls: context.calls.length,
    findings: context.findings.inOrder(context.changes),
    changes,
    edits: context.changes.edits,
    unread: application.unread.sort((a, b) => (a.file < b.file ? -1 : 1)),
  }
}

function contextOf(
  application: Application,
  modules: readonly SourceModule[],
  values: Values,
): SurveyContext {
  const calls = modules.flatMap(module => libraryCalls(module, values))
  const changes = new Changes()
  return {
    application,
    values,
    findings: new Findings(),
    changes,
    later: new Changes(changes),
    calls,
    signsWith: signingAlgorithms(calls, values),
    lifetimeVariables: new Set(),
    secretVariables: new Map(),
    newVariables: new Map(),
  }
}

function checkCalls(modules: readonly SourceModule[], context: SurveyContext): void {
  // In tests only the import changes: their calls may be wrong on purpose.
  const unchanging = { ...context, changes: new Changes() }
  for (const call of context.calls) checks[call.verb](call, call.module.isTest ? unchanging : context)
  for (const { verb, at } of modules.flatMap(module => handedOn(module, context.values))) {
    const detail = `${verb} is handed on, and called where it is not seen.`
    context.findings.at('call_unseen', at, { detail })
  }
}

/** A file that names the library and is no code is a finding; any other is told with what was not read. */
function tellUnreadable(mentioning: ReadonlySet<string>, { application, findings }: SurveyContext): void {
  for (const { file, line, column } of application.unreadable) {
    if (mentioning.has(file)) findings.in('file_unreadable', { file, line, column })
    else application.unread.push({ file, why: `not to be read as code, at ${line}:${column}` })
  }
}

function installChange({ file, line, column, names }: InstalledLibrary, version: string): PlannedChange {
  return {
    ...{ file, line, column, step: 1 },
    what: 'What is installed. Until the first release npm pack -w latchkey makes the tarball, in a clone beside this.',
    becomes: [`npm install ../latchkey/latchkey-${version}.tgz && npm uninstall ${names.join(' ')}`],
  }
}

/** Files whose text names a library, and pages that store something. */
function sortSources(application: Application, files: readonly string[], tell: Tell) {
  const mentioning: string[] = []
  const storing: string[] = []
  for (const [at, file] of files.entries()) {
    const text = application.text(file)
    if (libraryWords.test(text)) mentioning.push(file)
    if (storageWords.test(text)) storing.push(file)
    tell('reading', at / files.length)
  }
  return { mentioning, storing }
}

/** Modules that get the library from one of the application's own, which hands it on. */
function modulesBehind(
  modules: readonly SourceModule[],
  files: readonly string[],
  application: Application,
  values: Values,
): SourceModule[] {
  const found: SourceModule[] = []
  const known = new Set(modules.map(({ file }) => file))
  let carriers = modules.filter(module => handsOn(module, values))
  while (carriers.length > 0) {
    const names = carriers
      .flatMap(({ file }) => [importName(file), ...application.packageNames(file)])
      .map(name => name.replaceAll(/[^\w]/g, '\\$&'))
    // As the end of what is imported: `'./lib/jwt'`, `"@app/tokens"`, `'../jwt.js'`.
    const imports = new RegExp(`['"/](?:${names.join('|')})(?:\\.[cm]?[jt]sx?)?(?:/index)?['"]`)
    const next = files
      .filter(file => !known.has(file) && imports.test(application.text(file)))
      .flatMap(file => application.module(file) ?? [])
    for (const module of next) known.add(module.file)
    found.push(...next)
    carriers = next.filter(module => handsOn(module, values))
  }
  return found
}

/** How others name a file in an import: without its ending, and a folder for its index. */
function importName(file: string): string {
  const name = basename(file, extname(file))
  return name === 'index' ? basename(file.slice(0, -basename(file).length - 1)) : name
}

/** Whether a module's exports are, or hold, a library or a function of one. */
function handsOn(module: SourceModule, values: Values): boolean {
  const exports = moduleExports(module)
  const nodes = [...[...exports.names.values()].flat().map(({ node }) => node), ...exports.whole]
  const passed = [...exports.all, ...[...exports.again.values()].map(({ from }) => from)]
  if (passed.some(from => libraries.some(name => name === from))) return true
  return nodes.some(node => {
    const value = values.of({ module, node })
    if (value.kind === 'library') return true
    if (value.kind !== 'object' || value.at.node.type !== 'ObjectExpression') return false
    return value.at.node.properties.some(
      one =>
        one.type === 'ObjectProperty' &&
        values.of({ module: value.at.module, node: one.value }).kind === 'library',
    )
  })
}
