// What became of each line of an import, as tab-separated lines. Readable by its owner alone: it names users.
import { open } from 'node:fs/promises'
import type { LineReport } from '../import/import-users.ts'

interface Report {
  write(line: LineReport): Promise<void> | void
  close(): Promise<void>
}

/** Written in pieces of this many characters. */
const pieceLength = 65_536

/** A file that is there is replaced; without a path, nothing is written. */
export async function openReport(path: string | undefined): Promise<Report> {
  if (path === undefined) return { write() {}, async close() {} }
  const file = await open(path, 'w', 0o600)
  await file.chmod(0o600)
  let waiting = 'line\toutcome\tcode\tid\treason\n'
  const flush = async (): Promise<void> => {
    const text = waiting
    waiting = ''
    await file.write(text)
  }
  return {
    write({ line, outcome, code, id = '', why }) {
      waiting += `${[line, outcome, code, id, why].map(plainField).join('\t')}\n`
      return waiting.length > pieceLength ? flush() : undefined
    },
    async close() {
      await flush()
      await file.close()
    },
  }
}

/** No tab and no line break; and nothing that a spreadsheet would take for a formula. */
function plainField(value: string | number): string {
  const plain = String(value).replaceAll(/\p{C}/gu, ' ')
  return /^[=+@-]/.test(plain) ? `'${plain}` : plain
}
