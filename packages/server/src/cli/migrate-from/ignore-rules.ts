// What .gitignore files leave out: the patterns of git's own page, read once for each folder.

interface Rule {
  readonly pattern: RegExp
  readonly isAgain: boolean
  readonly isOfFolders: boolean
}

/** The rules of a folder and of those above it; the last one that matches decides. */
export class IgnoreRules {
  readonly #rules: readonly Rule[]
  readonly #above: { readonly rules: IgnoreRules; readonly name: string } | undefined

  constructor(text: string, above?: { readonly rules: IgnoreRules; readonly name: string }) {
    this.#rules = text.split(/\r?\n/).flatMap(readRule)
    this.#above = above
  }

  /** Whether a path, from this folder and with `/` between, is left out. */
  ignores(path: string, isFolder: boolean): boolean {
    return this.#judge(path, isFolder) ?? false
  }

  #judge(path: string, isFolder: boolean): boolean | undefined {
    const rule = this.#rules.findLast(
      ({ pattern, isOfFolders }) => (!isOfFolders || isFolder) && pattern.test(path),
    )
    if (rule !== undefined) return !rule.isAgain
    const above = this.#above
    return above === undefined ? undefined : above.rules.#judge(`${above.name}/${path}`, isFolder)
  }
}

function readRule(line: string): Rule[] {
  const written = line.replace(/(?<!\\)\s+$/, '')
  if (written === '' || written.startsWith('#')) return []
  const isAgain = written.startsWith('!')
  const pattern = isAgain ? written.slice(1) : written
  const isOfFolders = pattern.endsWith('/')
  const path = isOfFolders ? pattern.slice(0, -1) : pattern
  // A slash that is not at the end ties a pattern to its folder.
  const isTied = path.includes('/')
  const source = `^${isTied ? '' : '(?:.*/)?'}${sourceOf(path.replace(/^\//, ''))}$`
  return [{ pattern: new RegExp(source), isAgain, isOfFolders }]
}

const parts: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/^\*\*\//, () => '(?:.*/)?'],
  [/^\/\*\*$/, () => '/.*'],
  [/^\*+/, found => (found === '**' ? '.*' : '[^/]*')],
  [/^\?/, () => '[^/]'],
  [/^\[[!^]?\]?[^\]]*\]/, found => `[${found.slice(1, -1).replace(/^[!^]/, '^').replace(/\\/g, '\\\\')}]`],
  [/^\\?[\s\S]/, found => found.slice(-1).replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')],
]

/** A glob as the source of a regular expression. */
function sourceOf(glob: string): string {
  let source = ''
  for (let rest = glob; rest !== ''; ) {
    for (const [part, translate] of parts) {
      const [found] = part.exec(rest) ?? []
      if (found === undefined) continue
      source += translate(found)
      rest = rest.slice(found.length)
      break
    }
  }
  return source
}
