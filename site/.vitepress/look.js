// What the site shares with the server's own pages: their colours and their mark.
const theme = new URL('../../packages/server/src/theme/', import.meta.url)
// By a name that VitePress's bundler does not follow: it knows an older TypeScript than ours.
const { tokens } = await import(new URL('tokens.ts', theme).href)
export const { markPath } = await import(new URL('mark.ts', theme).href)

const kebab = name => name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
const properties = side =>
  Object.entries(tokens)
    .map(([name, pair]) => `--${kebab(name)}:${pair[side]}`)
    .join(';')

/** Light on the root, dark where the reader or their system chose it. */
export const colours = `:root{${properties(0)}}.dark{${properties(1)}}`

export const icon = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="${tokens.accent[0]}"><path d="${markPath}"/></svg>`,
)}`
