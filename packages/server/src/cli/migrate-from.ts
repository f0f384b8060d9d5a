// `latchkey migrate-from jsonwebtoken`: looks at an application's calls of the old library and says, file by file, what
// is dangerous and what to change. It changes nothing and runs nothing of the application.
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError } from '../config.ts'
import { version } from '../version.ts'
import type { Level } from './doctor/finding.ts'
import { reportText } from './migrate-from/report.ts'
import { survey } from './migrate-from/survey.ts'
import { openProgress } from './progress.ts'
import type { Printed } from './table.ts'

const steps = 50

/** The report on a folder; `isWell` when nothing of it is an error. Throws ConfigError for a folder that is none. */
export function migrateFrom(folder: string): { printed: Printed; isWell: boolean } {
  const path = resolve(folder)
  if (!existsSync(path) || !statSync(path).isDirectory()) throw new ConfigError(`There is no folder ${path}.`)
  const startedMs = performance.now()
  const progress = openProgress(steps)
  let told = 0
  // Reading is half of the line, parsing the other half.
  const result = survey(path, version, (what, share) => {
    for (const due = (what === 'reading' ? 0 : steps / 2) + (share * steps) / 2; told < due; told++)
      progress.step(what)
  })
  progress.end()
  const seconds = (performance.now() - startedMs) / 1000
  const { findings, changes, edits, unread, sources, read, calls } = result
  const isWell = !findings.some(({ level }) => level === 'error')
  const json = {
    ok: isWell,
    folder: result.folder,
    seconds,
    sources,
    read,
    calls,
    findings,
    changes,
    edits,
    unread,
  }
  return { printed: { json, text: reportText(result), words: wordsOf(result, seconds) }, isWell }
}

function wordsOf(
  { findings, changes, unread, sources, read, calls }: ReturnType<typeof survey>,
  seconds: number,
): string {
  const counted = (['error', 'warning', 'note'] as const)
    .map(level => countOf(level, findings.filter(finding => finding.level === level).length))
    .join(', ')
  const looked = `${countOf('file', sources)} looked at in ${seconds.toFixed(1)} s, ${read} of them with ${countOf('call', calls)}`
  const left = unread.length === 0 ? '' : ` ${countOf('file', unread.length)} not read: listed above.`
  const none = calls === 0 && changes.length === 0 ? ' jsonwebtoken is not used here.' : ''
  return `${counted}. ${looked}.${none}${left}`
}

function countOf(what: Level | 'file' | 'call', count: number): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
