// What the packages export, as their declarations have it: read by the compiler's own program, whose interface may
// change with a version of it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
function exportsOf({ file }, { checker, program }) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file))
  if (module === undefined) throw new Error(`${file} exports nothing`)
  return checker
    .getExportsOfModule(module)
    .map(exported => ({ name: exported.name, symbol: real(exported, checker) }))
}

const real = (symbol, checker) =>
  symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

function described({ name, symbol }, project, homes) {
  const { checker } = project
  const nodes = symbol.declarations.map(handle => handle.resolve(project))
  const parents = nodes
    .flatMap(node => node.heritageClauses ?? [])
    .flatMap(clause => clause.types)
    .map(type => real(checker.getSymbolAtLocation(type.expression), checker))
    .filter(parent => !homes.has(parent.id))
    .flatMap(parent => parent.declarations.map(handle => handle.resolve(project)))
    .filter(node => !node.getSourceFile().fileName.includes('/node_modules/'))
  return {
    name,
    isValue: (symbol.flags & SymbolFlags.Value) !== 0,
    comment: checker.getDocumentationCommentOfSymbol(symbol),
    texts: nodes.map(textOf),
    parents: parents.map(textOf),
  }
}

/** A declaration without what every one of them says. */
function textOf(node) {
  const statement = node.parent?.parent?.declarationList === node.parent ? node.parent.parent : node
  return statement
    .getText()
    .replace(/^export (declare )?(default )?/, '')
    .replace(/^declare /, '')
    .replaceAll(/^ +#private;\n/gm, '')
}
