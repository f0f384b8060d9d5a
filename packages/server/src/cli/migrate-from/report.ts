// The report for people: file by file, then why, then how the calls of the one library are written in the other.
import { paint } from '../paint.ts'
import { printable } from '../table.ts'
import { findingTable } from './finding-table.ts'
import type { MigrationFinding } from './findings.ts'
import { mapping } from './mapping.ts'
import type { PlannedChange } from './planned-change.ts'
import type { Survey } from './survey.ts'
import type { Position } from './syntax.ts'

interface Entry extends Position {
  readonly lines: readonly string[]
}

const colours = { error: 'red', warning: 'yellow', note: 'cyan' } as const

/** The lines of a survey. */
export function reportText(survey: Survey): string {
  const files = [...new Set([...survey.findings, ...survey.changes].map(({ file }) => file))].sort()
  const blocks = files.map(file => fileBlock(file, survey))
  return [...blocks, unreadBlock(survey), reasonsBlock(survey), mappingBlock(survey)]
    .filter(block => block.length > 0)
    .map(lines => lines.map(line => `${line}\n`).join(''))
    .join('\n')
}

function fileBlock(file: string, { findings, changes }: Survey): string[] {
  const entries: Entry[] = [
    ...changes.filter(one => one.file === file).map(changeEntry),
    ...findings.filter(one => one.file === file).map(findingEntry),
  ].sort((a, b) => a.line - b.line || a.column - b.column)
  return [
    paint('bold', printable(file)),
    ...entries.flatMap(({ line, column, lines: [first = '', ...rest] }) => [
      `  ${printable(file)}:${line}:${column}  ${first}`,
      ...rest.map(one => `    ${one}`),
    ]),
  ]
}

function changeEntry({ line, column, step, what, becomes }: PlannedChange): Entry {
  return { line, column, lines: [`${paint('green', `step ${step}`)} ${what}`, ...linesOf(becomes)] }
}

function findingEntry({ line, column, level, code, what, fix, becomes }: MigrationFinding): Entry {
  const lines = [
    `${paint(colours[level], level)} ${code}: ${printable(what)}`,
    `  ${level === 'note' ? '' : 'Fix: '}${fix}`,
    ...linesOf(becomes),
  ]
  return { line, column, lines }
}

/** Tabs of the code are kept as blanks. */
function linesOf(becomes: readonly string[]): string[] {
  return becomes.flatMap(text =>
    text.split('\n').map(line => `  + ${printable(line.replaceAll('\t', '  ').trimEnd())}`),
  )
}

function unreadBlock({ unread }: Survey): string[] {
  if (unread.length === 0) return []
  return [paint('bold', 'Not read'), ...unread.map(({ file, why }) => `  ${printable(file)}: ${why}`)]
}

function reasonsBlock({ findings }: Survey): string[] {
  const codes = [...new Set(findings.map(({ code }) => code))]
  if (codes.length === 0) return []
  return [paint('bold', 'Why'), ...codes.map(code => `  ${code}: ${findingTable[code].why}`)]
}

function mappingBlock({ calls }: Survey): string[] {
  if (calls === 0) return []
  const width = Math.max(...mapping.map(([before]) => before.length))
  return [
    paint(
      'bold',
      'Step 1 is the import line alone: latchkey/jsonwebtoken is the same, call by call. New code, and step 2:',
    ),
    ...mapping.map(([before, after]) => `  ${before.padEnd(width)}  ${after}`),
    '  All of it: docs/migrate/jsonwebtoken.md, docs/migrate/express-jwt.md',
  ]
}
