// What a packed package may hold, and nothing else: a stray file is a secret or a megabyte that everybody gets.

const built = /^dist\/(?:[\w-]+\/)*[\w.-]+(?<!\.map)\.(?:js|d\.ts)$/

/** Patterns of the paths in each package's tarball. */
const allowed = {
  latchkey: [/^package\.json$/, /^README\.md$/, /^LICENSE$/, built],
  '@latchkey/server': [
    /^package\.json$/,
    /^README\.md$/,
    /^LICENSE$/,
    /^bin\/latchkey\.js$/,
    /^passwords\/[\w-]+\.(?:txt|md)$/,
    built,
  ],
}

/** Files that a package is useless without. */
const needed = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']

/**
 * Compares the paths of a packed package with the list. Answers with a sentence for each that should not be there and
 * each that is missing; none when all is well.
 */
export function packedFaults(name, paths) {
  const patterns = allowed[name]
  if (patterns === undefined) return [`${name} has no list of files in scripts/packed-files.js`]
  const strays = paths.filter(path => !patterns.some(pattern => pattern.test(path)))
  const missing = needed.filter(path => !paths.includes(path))
  return [
    ...strays.map(path => `${name} packs ${path}, which is on no list`),
    ...missing.map(path => `${name} does not pack ${path}`),
  ]
}
