// Bundles the sources and serves them. Without any Latchkey in it: any server for static files does.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Serves the application on a port of the loopback; 0 is any free one. */
export async function serveExample(
  port: number,
  latchkeyUrl: string,
): Promise<{ url: string; close(): void }> {
  const { outputFiles } = await build({
    entryPoints: [here('main.tsx')],
    bundle: true,
    minify: true,
    format: 'esm',
    jsx: 'automatic',
    platform: 'browser',
    conditions: ['latchkey-dev'],
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
  })
  const files: Record<string, [type: string, text: string]> = {
    '/main.js': ['text/javascript', outputFiles[0]?.text ?? ''],
    '/style.css': ['text/css', readFileSync(here('style.css'), 'utf8')],
  }
  const page = `<!doctype html>
<html lang="en" data-latchkey-url="${latchkeyUrl}">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <meta name="color-scheme" content="light dark">
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/style.css">
  <div id="root"></div>
  <script type="module" src="/main.js"></script>
</html>`
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    // The application reads the address itself: every other path is its page.
    const [type, text] = files[pathname] ?? ['text/html', page]
    response.writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': `default-src 'self'; connect-src ${latchkeyUrl}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    })
    response.end(text)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

if (import.meta.main) {
  const latchkeyUrl = process.env['LATCHKEY_URL'] ?? 'http://localhost:4000'
  const { url } = await serveExample(Number(process.env['PORT'] ?? 5173), latchkeyUrl)
  console.log(`The example runs on ${url} and signs in at ${latchkeyUrl}.`)
  console.log(`The login server has to know its origin: LATCHKEY_ORIGINS=${url} npm start`)
}
