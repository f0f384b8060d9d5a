// What was found, and where: collected while rules look, and put in order at the end.
import type { Level } from '../doctor/finding.ts'
import type { Changes } from './changes.ts'
import { type FindingCode, type FindingRow, findingTable } from './finding-table.ts'
import type { Position } from './syntax.ts'
import { type Place, positionOf } from './value.ts'

export interface MigrationFinding extends Position {
  readonly file: string
  /** Stable: scripts decide by it. */
  readonly code: FindingCode
  readonly level: Level
  readonly what: string
  readonly why: string
  readonly fix: string
  /** The lines as they should be, where they can be written out and hold nothing that may be a secret. */
  readonly becomes: readonly string[]
}

export interface Spot extends Position {
  readonly file: string
}

/** What a finding says beyond its row of the table. */
export interface Told {
  /** Takes the place of the row's sentence. */
  readonly detail?: string
  /** The code whose changed lines are the answer. */
  readonly shown?: Place
}

interface Noted extends Spot {
  readonly code: FindingCode
  readonly detail: string | undefined
  readonly isTest: boolean
  readonly shown: Place | undefined
}

export class Findings {
  readonly #noted = new Map<string, Noted>()

  /** At a piece of code. */
  at(code: FindingCode, place: Place, { detail, shown }: Told = {}): void {
    const { file, isTest } = place.module
    this.#note({ code, file, ...positionOf(place), detail, isTest, shown })
  }

  /** At a line of a file that is no code. */
  in(code: FindingCode, spot: Spot, detail?: string): void {
    this.#note({ code, ...spot, detail, isTest: false, shown: undefined })
  }

  /** In the order of files and lines. */
  inOrder(changes: Changes): MigrationFinding[] {
    return [...this.#noted.values()]
      .map(({ code, detail, isTest, shown, file, line, column }) => {
        const row: FindingRow = findingTable[code]
        const becomes = shown === undefined ? [] : changes.linesOf(shown)
        const level: Level = isTest ? 'note' : row.level
        const what = `${detail ?? row.what}${isTest && row.level !== 'note' ? ' This is a test: a note only.' : ''}`
        return { file, line, column, code, level, what, why: row.why, fix: row.fix, becomes }
      })
      .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column))
  }

  /** The same at the same place is found once, however many calls lead there. */
  #note(noted: Noted): void {
    const { code, file, line, column } = noted
    const key = `${code} ${line}:${column} ${file}`
    if (!this.#noted.has(key)) this.#noted.set(key, noted)
  }
}
