// The code blocks of the papers, as a reader would copy them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../imports.ts'

export interface CodeBlock {
  paper: string
  /** The first line of its code in the paper, counted from one. */
  line: number
  /** The language; `declaration` for what the compiler itself declared, in the reference. */
  language: string
  code: string
  /** What stands around it in an application: the names in `<!-- given: app, secret -->` before it. */
  given: readonly string[]
}

const papers = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'ARCHITECTURE.md',
  ...['docs', 'examples', 'deploy', 'packages/latchkey', 'packages/server'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.md') && !/(^|\/)(node_modules|dist)\//.test(file))
      .map(file => `${folder}/${file}`),
  ),
].sort()

/** Blocks that name a language; what is shown without one, or as text, is output. */
export function codeBlocks(): CodeBlock[] {
  return papers.flatMap(paper => {
    const text = readFileSync(join(root, paper), 'utf8')
    const fences =
      /(?:<!-- given: (?<given>[^>]+) -->\n+)?```(?!text\b)(?<language>[a-z]+)(?<info>[^\n]*)\n(?<code>[\s\S]*?)\n?```/g
    return [...text.matchAll(fences)].map(match => {
      const { given = '', language = '', info = '', code = '' } = match.groups ?? {}
      const before = text.slice(0, match.index + match[0].indexOf(code))
      return {
        paper,
        line: before.split('\n').length,
        language: info.trim() === 'declaration' ? 'declaration' : language,
        code,
        given: given
          .split(',')
          .map(name => name.trim())
          .filter(name => name !== ''),
      }
    })
  })
}
