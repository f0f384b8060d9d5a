// Versions of what runs here, and whether the two packages belong together.
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { version } from '../../version.ts'
import { error, type Finding, note, warning } from './finding.ts'

const wantedMajor = 24

export function checkVersions(): readonly Finding[] {
  const library = libraryVersion()
  const [major = 0] = process.versions.node.split('.').map(Number)
  const shown = `Node ${process.versions.node}, @latchkey/server ${version}, latchkey ${library}, SQLite ${sqliteVersion()}, OpenSSL ${process.versions.openssl}.`
  const findings = [note('versions', shown, 'Nothing to do.')]
  if (library !== version) {
    const what = `latchkey ${library} and @latchkey/server ${version} do not belong together.`
    findings.push(error('packages_differ', what, 'Install both at one version.'))
  }
  // Odd majors never become long-term releases.
  if (major > wantedMajor && major % 2 === 1)
    findings.push(
      warning('node_short_lived', `Node ${major} is supported for months only.`, 'Use an even major.'),
    )
  return findings
}

function libraryVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL(import.meta.resolve('latchkey/package.json')), 'utf8'),
  )
  return manifest.version
}

function sqliteVersion(): string {
  const database = new DatabaseSync(':memory:')
  try {
    return String(database.prepare('SELECT sqlite_version() AS version').get()?.['version'])
  } finally {
    database.close()
  }
}
