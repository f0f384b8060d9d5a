// `npm run docs:site`: builds the documentation site out of docs/, and says where it is. With --dev it serves the site
// and shows each change at once; with --preview it serves what was built.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endBy, runChild } from './child.js'
import { ensureInstalled } from './ensure-installed.js'

const site = fileURLToPath(new URL('../site', import.meta.url))
const vitepress = join(site, 'node_modules', 'vitepress', 'bin', 'vitepress.js')
const chosen = process.argv[2]
const command = { '--dev': 'dev', '--preview': 'preview' }[chosen] ?? 'build'

if (!ensureInstalled(site, 'what builds the site, in site/')) process.exit(1)
const further = process.argv.slice(command === 'build' ? 2 : 3)
const ended = await runChild(process.execPath, [vitepress, command, '.', ...further], { cwd: site })
if (ended.stoppedBy !== undefined) await endBy(ended.stoppedBy)
if (ended.code === 0 && command === 'build')
  console.log(`The site is in ${join(site, '.vitepress', 'dist')}; npm run docs:site -- --preview serves it.`)
process.exit(ended.code ?? 1)
