// How much of the sources a piece of work went through, by V8's own count of blocks.
import { readFileSync } from 'node:fs'
import { type Profiler, Session } from 'node:inspector/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Coverage {
  /** The file's path in the repository. */
  file: string
  characters: number
  covered: number
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The sources that were loaded before or in the work, and what of them ran in it. */
export async function coverageOf(work: () => Promise<unknown>): Promise<Coverage[]> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true })
    await work()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    return result.filter(({ url }) => /\/packages\/\w+\/src\/.*\.ts$/.test(url)).map(countOf)
  } finally {
    session.disconnect()
  }
}

/** Types are blanked out when they are stripped, so offsets are those of the file. Outer ranges come before inner ones. */
function countOf({ url, functions }: Profiler.ScriptCoverage): Coverage {
  const path = fileURLToPath(url)
  const text = readFileSync(path, 'utf8')
  const ran = new Uint8Array(text.length).fill(1)
  for (const { ranges } of functions)
    for (const { startOffset, endOffset, count } of ranges)
      ran.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  let characters = 0
  let covered = 0
  for (let at = 0; at < text.length; at++) {
    if (/\s/.test(text[at] ?? '')) continue
    characters++
    covered += ran[at] ?? 0
  }
  return { file: relative(root, path), characters, covered }
}
