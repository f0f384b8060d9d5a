// Reads every import of the packages' sources: which file asks for which.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

export interface Import {
  /** Paths from the package's src, such as token/verify.ts. */
  from: string
  /** A path from src for a file of the package, else the specifier as it is written. */
  to: string
  isOwn: boolean
  /** Nothing of it is loaded when the program runs. */
  isType: boolean
}

/** All source files of a package, by their path from src. */
export function sourcesOf(packageName: string): string[] {
  const src = join(root, 'packages', packageName, 'src')
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name).slice(src.length + 1))
    .sort()
}

/** Static and dynamic imports, and re-exports. */
export function importsOf(packageName: string, file: string): Import[] {
  const text = readFileSync(join(root, 'packages', packageName, 'src', file), 'utf8').replace(
    /^\s*(\/\/|\*|\/\*).*$/gm,
    '',
  )
  const statements = text.matchAll(
    /(?:(?:\bimport|\bexport)\s+(?<type>type\s)?[^'"()]*?\bfrom\s*|\bimport\s*\(?\s*)'(?<specifier>[\w@.][\w@./:-]*)'/g,
  )
  return [...statements].map(({ groups }) => {
    const specifier = groups?.['specifier'] ?? ''
    const isType = groups?.['type'] !== undefined
    if (!specifier.startsWith('.')) return { from: file, to: specifier, isOwn: false, isType }
    return { from: file, to: posix.normalize(posix.join(dirname(file), specifier)), isOwn: true, isType }
  })
}
