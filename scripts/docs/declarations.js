// What the packages export, as their declarations have it: read by the compiler's own program, whose interface may
// change with a version of it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SyntaxKind } from 'typescript/unstable/ast'
import { API, SymbolFlags } from 'typescript/unstable/sync'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Every import that a package gives types for, with its declaration file. */
function entriesOf(folder) {
  const { name, exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const entries = Object.entries(exports).flatMap(([path, conditions]) =>
    conditions.types === undefined
      ? []
      : [{ import: name + path.slice(1), file: join(root, folder, conditions.types) }],
  )
  // What all guards are made of comes before the frameworks.
  const isGuard = one => one.import.endsWith('/guard')
  const [first, ...others] = entries
  return [first, ...others.filter(isGuard), ...others.filter(one => !isGuard(one))]
}

/**
 * Each import with its exports: `name`, `isValue`, `comment`, `texts` (one for each overload), and `parents`, the
 * interfaces that it extends and that no import gives. What two imports give is at the first of them; the others have
 * its name in `again`.
 */
export function declarations(folders) {
  const entries = folders.flatMap(entriesOf)
  const folder = join(root, '.latchkey-build', 'declarations')
  mkdirSync(folder, { recursive: true })
  const config = join(folder, 'tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({
      extends: '../../tsconfig.test.json',
      compilerOptions: { customConditions: [] },
      include: [],
      files: entries.map(({ file }) => file),
    }),
  )
  const api = new API({ cwd: root })
  try {
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects()
    const all = entries.map(entry => ({ import: entry.import, exports: exportsOf(entry, project) }))
    const homes = new Map()
    for (const { import: from, exports } of all)
      for (const { symbol } of exports) if (!homes.has(symbol.id)) homes.set(symbol.id, from)
    return all.map(({ import: from, exports }) => ({
      import: from,
      own: exports
        .filter(({ symbol }) => homes.get(symbol.id) === from)
        .map(one => described(one, project, homes)),
      again: exports
        .filter(({ symbol }) => homes.get(symbol.id) !== from)
        .map(({ name, symbol }) => ({ name, home: homes.get(symbol.id) })),
    }))
  } finally {
    api.close()
  }
}

/** The exports of a file with what each really is, whichever file that comes from. */
function exportsOf({ file }, project) {
  const { checker, program } = project
  const module = checker.getSymbolAtLocation(program.getSourceFile(file))
  if (module === undefined) throw new Error(`${file} exports nothing`)
  return checker.getExportsOfModule(module).map(exported => ({
    name: exported.name,
    symbol: real(exported, checker),
    isTypeOnly: exported.declarations.some(handle => isTypeOnly(handle.resolve(project))),
  }))
}

/** `export type { A }`, `export { type A }`: what a class makes cannot be called there. */
const isTypeOnly = node => node.isTypeOnly === true || node.parent?.parent?.isTypeOnly === true

const real = (symbol, checker) =>
  symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

function described({ name, symbol, isTypeOnly }, project, homes) {
  const { checker } = project
  const nodes = symbol.declarations.map(handle => handle.resolve(project))
  const parents = nodes
    .flatMap(node => node.heritageClauses ?? [])
    .flatMap(clause => clause.types)
    .map(type => real(checker.getSymbolAtLocation(type.expression), checker))
    .filter(parent => !homes.has(parent.id))
    .flatMap(parent => parent.declarations.map(handle => handle.resolve(project)))
    .filter(node => !node.getSourceFile().fileName.includes('/node_modules/'))
  const isValue = !isTypeOnly && (symbol.flags & SymbolFlags.Value) !== 0
  const [first, ...others] = nodes
  // Of overloads the first one's comment leads; the others say in their place what they differ in.
  const isOverloaded = others.length > 0 && nodes.every(node => node.kind === SyntaxKind.FunctionDeclaration)
  const comment = isOverloaded ? proseOf(first) : checker.getDocumentationCommentOfSymbol(symbol)
  const texts = isOverloaded
    ? [textOf(first), ...others.map(node => commentOf(node) + textOf(node))]
    : nodes.map(isTypeOnly ? textOfInstance : textOf)
  return {
    name,
    isValue,
    comment,
    texts,
    parents: parents.map(node => textOf(node)),
  }
}

/** A declaration's comment as it is written, with the end of its line; nothing where there is none. */
function commentOf(node) {
  const [comment = ''] = /\/\*\*.*?\*\/\n/s.exec(node.getFullText().slice(0, -node.getText().length)) ?? []
  return comment
}

const proseOf = node =>
  commentOf(node)
    .replaceAll(/^ *\/?\*+\/? ?|\*\/$/gm, '')
    .trim()

/** A declaration without what every one of them says. */
function textOf(node) {
  const statement = node.parent?.parent?.declarationList === node.parent ? node.parent.parent : node
  return statement
    .getText()
    .replace(/^export (declare )?(default )?/, '')
    .replace(/^declare /, '')
    .replaceAll(/^ +#private;\n/gm, '')
}

/** The same of a class that is exported as a type: what only its own package calls says nothing to others. */
function textOfInstance(node) {
  const hidden = (node.members ?? []).filter(
    member =>
      member.kind === SyntaxKind.Constructor ||
      member.name?.kind === SyntaxKind.ComputedPropertyName ||
      member.modifiers?.some(({ kind }) => kind === SyntaxKind.StaticKeyword),
  )
  return hidden.reduce((text, member) => text.replace(member.getFullText(), ''), textOf(node))
}
