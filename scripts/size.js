// How large the engine is, bundled and minified as an application would have it: all of `latchkey`, and what a program
// takes that only verifies. Exits 1 above a limit (a little above today's size, so that growth is a decision), or when
// something foreign gets in. Then what the first page loads, as it is sent. Usage: npm run size [-- --files]
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { ensureBuilt } from './build.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = 'packages/latchkey/src/'
const kilobyte = 1024

/** What is bundled, and how many bytes it may have when minified. */
const bundles = [
  { name: 'latchkey, all of it', code: `export * from './${source}index.ts'`, limitBytes: 66 * kilobyte },
  {
    name: 'createVerifier alone',
    code: `export { createVerifier } from './${source}index.ts'`,
    limitBytes: 32 * kilobyte,
  },
]

const kilobytes = bytes => `${(bytes / kilobyte).toFixed(1)} KB`

for (const { name, code, limitBytes } of bundles) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    write: false,
    metafile: true,
    legalComments: 'none',
  })
  const [{ contents }] = outputFiles
  const gzipped = kilobytes(gzipSync(contents, { level: 9 }).length)
  console.log(
    `${name}: ${kilobytes(contents.length)} minified, ${gzipped} gzipped; at most ${kilobytes(limitBytes)}`,
  )
  const [output] = Object.values(metafile.outputs)
  const rows = Object.entries(output.inputs).sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput)
  if (process.argv.includes('--files')) {
    for (const [file, { bytesInOutput }] of rows) console.log(`${String(bytesInOutput).padStart(7)}  ${file}`)
  }
  const strangers = rows.map(([file]) => file).filter(file => file !== '<stdin>' && !file.startsWith(source))
  if (strangers.length > 0) console.error(`${name} depends on: ${strangers.join(', ')}`)
  if (contents.length > limitBytes || strangers.length > 0) process.exitCode = 1
}

/** The page most people meet first, with everything it loads. */
if (!ensureBuilt()) process.exit(1)
const pagesFolder = `${root}packages/server/dist/pages/`
const load = name => import(pathToFileURL(`${pagesFolder}${name}.js`).href)
const [{ signInPage }, { plainFrame }, { findAsset }] = await Promise.all(
  ['sign-in', 'frame', 'assets'].map(load),
)
const page = String(signInPage({ frame: plainFrame, username: '', canSignUp: true }))
const names = [...page.matchAll(/\/assets\/([\w.-]+)\?/g)].map(([, name]) => name)
const parts = [['the page', page], ...names.map(name => [name, findAsset(name).content])]
const firstPageBytes = parts.reduce((sum, [, content]) => sum + Buffer.byteLength(content), 0)
const firstPageLimit = 12 * kilobyte
const listed = parts.map(([name, content]) => `${name} ${kilobytes(Buffer.byteLength(content))}`).join(', ')
console.log(
  `the first page: ${kilobytes(firstPageBytes)} (${listed}), not compressed; at most ${kilobytes(firstPageLimit)}`,
)
if (firstPageBytes > firstPageLimit) process.exitCode = 1
