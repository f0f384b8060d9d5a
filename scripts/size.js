// How large the engine is: `latchkey`, bundled and minified as an application would have it. Exits 1 above the limit.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const limitBytes = 25 * 1024
const entry = fileURLToPath(new URL('../packages/latchkey/src/index.ts', import.meta.url))

const { outputFiles, metafile } = await build({
  entryPoints: [entry],
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
const packed = gzipSync(contents, { level: 9 }).length
const kilobytes = bytes => `${(bytes / 1024).toFixed(1)} KB`
console.log(
  `latchkey: ${kilobytes(contents.length)} minified, ${kilobytes(packed)} gzipped; at most ${kilobytes(limitBytes)} minified`,
)

const [output] = Object.values(metafile.outputs)
const rows = Object.entries(output.inputs).sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput)
if (process.argv.includes('--files')) {
  for (const [file, { bytesInOutput }] of rows) console.log(`${String(bytesInOutput).padStart(7)}  ${file}`)
}
const strangers = rows.map(([file]) => file).filter(file => !file.startsWith('packages/latchkey/src/'))
if (strangers.length > 0) console.error(`latchkey depends on: ${strangers.join(', ')}`)
process.exit(contents.length > limitBytes || strangers.length > 0 ? 1 : 0)
