// What a command prints: data to stdout, as JSON or as a table for a terminal, and words to stderr.

export interface Printed {
  json: unknown
  text: string
  words: string
}

export function print({ json, text, words }: Printed, form: 'table' | 'json'): void {
  process.stdout.write(form === 'json' ? `${JSON.stringify(json, null, 2)}\n` : text)
  if (words !== '' && form === 'table') process.stderr.write(`${words}\n`)
}

/** Rows with the same columns; a column that is empty in every row is left out. */
export function tableOf(rows: readonly Record<string, string | number | boolean | null>[]): string {
  const names = Object.keys(rows[0] ?? {}).filter(name => rows.some(row => row[name] !== null))
  const lines = [names, ...rows.map(row => names.map(name => String(row[name] ?? '')))]
  const widths = names.map((_, i) => Math.max(...lines.map(line => line[i]?.length ?? 0)))
  return lines
    .map(
      line =>
        `${line
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
