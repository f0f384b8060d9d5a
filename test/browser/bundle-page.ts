// Makes the script of a test page from its sources, for a browser.
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

/** The bundle of an entry file in `pages/`, as text. */
export async function bundlePage(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`pages/${entry}`, import.meta.url))],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    conditions: ['latchkey-dev', 'svelte'],
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [svelte],
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** Svelte's own compiler, for the files that need it. */
const svelte: Plugin = {
  name: 'svelte',
  setup(builder) {
    builder.onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const [{ compile }, { readFile }] = await Promise.all([
        import('svelte/compiler'),
        import('node:fs/promises'),
      ])
      const { js } = compile(await readFile(path, 'utf8'), { filename: path, generate: 'client' })
      return { contents: js.code, loader: 'js' }
    })
  },
}

/** A page with nothing but its script. */
export function pageWith(scriptPath: string): { type: string; text: string } {
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Test</title><link rel="icon" href="data:,"><div id="app"></div><script src="${scriptPath}"></script></html>`
  return { type: 'text/html', text }
}
