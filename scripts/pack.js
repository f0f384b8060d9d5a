// Packs the packages as they are published and judges the tarballs as somebody gets them: files, exports, types.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npm } from './npm.js'
import { packedFaults } from './packed-files.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = path => [process.execPath, join(root, 'node_modules', path)]
const run = ([command, ...args]) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0

export const packageNames = ['latchkey', '@latchkey/server']

/** Packs into a folder. Gives each tarball's path, its size in bytes and what is in it. */
export function pack(folder) {
  return packageNames.map(name => {
    const packed = npm(['pack', '-w', name, '--json', '--pack-destination', folder], { cwd: root })
    const [{ filename, version, size, files }] = Object.values(JSON.parse(packed))
    return { name, version, tarball: join(folder, filename), size, paths: files.map(({ path }) => path) }
  })
}

/** Whether a tarball holds what it should, and every way to import it leads somewhere with types. */
export function isPackedWell({ name, tarball, paths }) {
  const faults = packedFaults(name, paths)
  for (const fault of faults) console.error(fault)
  const publint = run([...bin('publint/src/cli.js'), 'run', tarball, '--strict'])
  // The packages are ES modules alone, for Node's own resolution: older resolutions are not claimed.
  const attw = run([...bin('@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only'])
  return faults.length === 0 && publint && attw
}
