// `npm run release`: everything between a commit and the registry, in order; the first part that fails ends it.
// `--dry-run` does all but publish, and leaves the tarballs and the bills of materials to look at.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npm } from './npm.js'
import { isPackedWell, pack, packageNames } from './pack.js'
import { installPacked, tryPacked } from './try-packed.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, '.latchkey-build', 'release')
const help = `Usage: npm run release -- --dry-run

Builds, checks, packs, tries and describes a release. Without --dry-run it publishes, which only the forge's job can:
a release says where it was built (provenance). The versions and the changelog are made beforehand, by
"npx changeset version", from the notes in .changeset.`

const options = new Set(process.argv.slice(2))
const unknown = [...options].filter(option => !['--dry-run', '--help'].includes(option))
if (unknown.length > 0 || options.has('--help')) {
  console.log(unknown.length > 0 ? `There is no option ${unknown[0]}.\n\n${help}` : help)
  process.exit(unknown.length > 0 ? 2 : 0)
}
const isDryRun = options.has('--dry-run')

const run = (args, at = root) => spawnSync(process.execPath, args, { cwd: at, stdio: 'inherit' }).status === 0
const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim()
const scratch = mkdtempSync(join(tmpdir(), 'latchkey-release-'))
let packed = []

/** The parts in their order: each answers whether all is well, or throws. */
const parts = {
  'a clean tree': () => {
    const changes = git('status', '--porcelain')
    if (changes === '') return true
    console.log(`${changes}\nA release is made of what is committed.`)
    return isDryRun
  },
  check: () => run(['scripts/check.js']),
  changelog: showChangelog,
  pack: () => {
    rmSync(out, { recursive: true, force: true })
    mkdirSync(out, { recursive: true })
    packed = pack(out)
    for (const { name, version, size, paths } of packed)
      console.log(`  ${name} ${version}: ${paths.length} files, ${(size / 1024).toFixed(0)} KB`)
    return packed.every(isPackedWell)
  },
  'bill of materials': writeBills,
  'try it': async () => {
    await tryPacked(scratch, packed)
    return true
  },
  publish: () => (isDryRun ? showPublishing() : publish()),
}

/** What the next release says of itself, made in a copy so that nothing here changes. */
function showChangelog() {
  const copy = join(scratch, 'copy')
  for (const path of ['package.json', 'package-lock.json', '.changeset'])
    cpSync(join(root, path), join(copy, path), { recursive: true })
  for (const at of ['packages/latchkey', 'packages/server'])
    for (const path of ['package.json', 'CHANGELOG.md']) {
      try {
        cpSync(join(root, at, path), join(copy, at, path))
      } catch {
        // No changelog before the first release.
      }
    }
  spawnSync('git', ['init', '--quiet'], { cwd: copy })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const notes = spawnSync(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'version'], {
    cwd: copy,
    encoding: 'utf8',
  })
  if (notes.status !== 0) {
    console.log(notes.stdout + notes.stderr)
    return false
  }
  for (const at of ['packages/latchkey', 'packages/server']) {
    const { name, version } = JSON.parse(readFileSync(join(copy, at, 'package.json'), 'utf8'))
    const before = JSON.parse(readFileSync(join(root, at, 'package.json'), 'utf8')).version
    console.log(version === before ? `  ${name} stays ${version}` : `  ${name} ${before} → ${version}`)
    if (version === before) continue
    const text = readFileSync(join(copy, at, 'CHANGELOG.md'), 'utf8')
    console.log(text.replace(/^/gm, '    '))
  }
  return true
}

/** What somebody gets who installs a package, as CycloneDX: read from an installation, not from this workspace. */
function writeBills() {
  for (const { name, tarball } of packed) {
    const needs = name === 'latchkey' ? [tarball] : packed.map(one => one.tarball)
    const project = join(scratch, `bill-${name.replace('/', '-')}`)
    installPacked(project, needs)
    const bill = npm(['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'library'], { cwd: project })
    const file = tarball.replace(/\.tgz$/, '.cdx.json')
    writeFileSync(file, bill)
    const { components } = JSON.parse(bill)
    if (!components.some(component => component.name === name.split('/').at(-1) || component.name === name))
      throw new Error(`the bill of materials of ${name} does not name it`)
    console.log(`  ${name}: ${components.length} components`)
  }
  return true
}

function publishArguments({ tarball }) {
  return ['publish', tarball, '--provenance', '--access', 'public']
}

function showPublishing() {
  for (const one of packed)
    console.log(`  would run: npm ${publishArguments(one).join(' ').replace(root, '')}`)
  return true
}

/** Publishes from the forge's job, whose identity the provenance is about. */
function publish() {
  if (process.env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined) {
    console.log('Only the forge’s release job can publish: it has the identity that provenance needs.')
    return false
  }
  for (const one of packed) npm(publishArguments(one), { cwd: root, stdio: 'inherit' })
  return true
}

console.log(
  `${isDryRun ? 'A dry run of a' : 'A'} release of ${packageNames.join(' and ')} from ${git('rev-parse', '--short', 'HEAD')}`,
)
try {
  for (const [name, part] of Object.entries(parts)) {
    console.log(`\n${name} …`)
    if (await part()) continue
    console.log(`\nThe release ended at: ${name}`)
    process.exitCode = 1
    break
  }
  if (process.exitCode !== 1)
    console.log(`\nAll is well. The tarballs and bills of materials: .latchkey-build/release`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
