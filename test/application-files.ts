// Applications under test as files: written into a folder, and changed as `latchkey migrate-from` says.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Edit } from '../packages/server/src/cli/migrate-from/changes.ts'
import { newFolder } from './server-process.ts'

/** Writes files into a new folder. */
export function writeApplication(files: Readonly<Record<string, string>>, folder = newFolder()): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Files with edits made, as a tool that reads the JSON would make them: from the end, so that places stay true. */
export function withEdits(
  files: Readonly<Record<string, string>>,
  edits: readonly Edit[],
): Record<string, string> {
  const changed = { ...files }
  for (const { file, line, column, endLine, endColumn, text } of edits.toReversed()) {
    const before = changed[file] ?? ''
    const offset = (atLine: number, atColumn: number): number =>
      before
        .split('\n')
        .slice(0, atLine - 1)
        .reduce((sum, one) => sum + one.length + 1, 0) +
      atColumn -
      1
    changed[file] = before.slice(0, offset(line, column)) + text + before.slice(offset(endLine, endColumn))
  }
  return changed
}
