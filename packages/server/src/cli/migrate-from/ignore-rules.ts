// What .gitignore files leave out, read once for each folder.
import ignore, { type Ignore } from 'ignore'

/** The rules of a folder and of those above it; the last one that matches decides. */
export class IgnoreRules {
  readonly #rules: Ignore
  readonly #above: { readonly rules: IgnoreRules; readonly name: string } | undefined

  constructor(text: string, above?: { readonly rules: IgnoreRules; readonly name: string }) {
    this.#rules = ignore({ ignorecase: false }).add(text)
    this.#above = above
  }

  /** Whether a path, from this folder and with `/` between, is left out. */
  ignores(path: string, isFolder: boolean): boolean {
    return this.#judge(path, isFolder) ?? false
  }

  #judge(path: string, isFolder: boolean): boolean | undefined {
    const { ignored, unignored } = this.#rules.test(isFolder ? `${path}/` : path)
    if (ignored || unignored) return ignored
    const above = this.#above
    return above === undefined ? undefined : above.rules.#judge(`${above.name}/${path}`, isFolder)
  }
}
