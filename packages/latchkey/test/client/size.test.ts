import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('../../src/client/client.ts', import.meta.url))

test('the client is at most 6 KB gzipped, all of it, and asks for nothing of Node', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [source],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    // A module of Node would be an error here.
    platform: 'browser',
    write: false,
    metafile: true,
  })
  const bytes = gzipSync(outputFiles[0]?.contents ?? '').length
  console.log(`latchkey/client: ${bytes} bytes gzipped, of 6000`)
  expect(bytes).toBeLessThanOrEqual(6000)
  const inputs = Object.keys(metafile.inputs).filter(path => !/src\/(client|base\/errors)/.test(path))
  expect(inputs).toEqual([])
})
