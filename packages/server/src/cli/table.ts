// What a command prints: data to stdout, as JSON or as a table for a terminal, and words to stderr.
import { paint } from './paint.ts'

export interface Printed {
  json: unknown
  text: string
  words: string
}

export type JsonChoice = { json?: true }

/** Prints what a command came to: as JSON where that was asked for, else its table and its words. */
export async function show(printed: Promise<Printed> | Printed, choice: JsonChoice = {}): Promise<void> {
  const { json, text, words } = await printed
  process.stdout.write(choice.json && json !== undefined ? `${JSON.stringify(json, null, 2)}\n` : text)
  if (words !== '' && !choice.json) process.stderr.write(`${words}\n`)
}

/** Words alone: something was done and there is nothing to hand on. */
export function said(words: string): Printed {
  return { json: undefined, text: '', words }
}

type Cell = string | number | boolean | null

/** Rows with the same columns under their names; a column that is empty in every row is left out. */
export function tableOf(rows: readonly Record<string, Cell>[]): string {
  const names = Object.keys(rows[0] ?? {}).filter(name => rows.some(row => row[name] !== null))
  if (names.length === 0) return ''
  const [head = '', ...lines] = alignedLines([
    names,
    ...rows.map(row => names.map(name => printable(row[name] ?? ''))),
  ])
  return [paint('bold', head), ...lines].map(line => `${line}\n`).join('')
}

/** One thing: a name and its value on each line; what is not there is left out. */
export function listOf(thing: Record<string, Cell>): string {
  const lines = Object.entries(thing)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, printable(value ?? '')])
  return alignedLines(lines)
    .map(line => `${line}\n`)
    .join('')
}

/** An instant for a table. */
export function instant(seconds: number | undefined | null): string | null {
  return seconds === undefined || seconds === null ? null : new Date(seconds * 1000).toISOString()
}

function alignedLines(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map(line => line[i]?.length ?? 0)))
  return lines.map(line =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** Text that others chose (a device's name) moves no cursor and clears no screen. */
export function printable(value: Cell): string {
  return String(value).replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{fffd}')
}
