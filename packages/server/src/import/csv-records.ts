// CSV (RFC 4180) as records by the names in its first line. Commas, semicolons or tabs stand between; quoted fields may
// hold line breaks. One record is in memory at a time.
import { type Line, linesOf } from './lines-of.ts'
import { maxRecordLength, problem, type SourceRecord, type TellProgress } from './source-user.ts'

/** Throws an Error where the first line names no fields. */
export async function* csvRecords(file: string, tell: TellProgress): AsyncGenerator<SourceRecord> {
  let joiner: Joiner | undefined
  for await (const line of linesOf(file, tell)) {
    if (joiner === undefined) joiner = joinLines(readHead(line.text, file))
    else yield* joiner.take(line)
  }
  if (joiner !== undefined) yield* joiner.end()
}

interface Head {
  delimiter: string
  names: readonly string[]
}

function readHead(text: string, file: string): Head {
  const counts = [',', ';', '\t'].map(mark => ({ mark, count: text.split(mark).length }))
  const delimiter = counts.toSorted((a, b) => b.count - a.count)[0]?.mark ?? ','
  const names = fieldsOfRow(text, delimiter)?.map(name => name.trim())
  if (names === undefined || new Set(names).size < names.length || names.includes(''))
    throw new Error(`The first line of ${file} should name its fields, each once.`)
  return { delimiter, names }
}

interface Joiner {
  take(line: Line): SourceRecord[]
  end(): SourceRecord[]
}

/**
 * Puts lines together while a quote is open. Where that gives no record, its first line alone is refused and the others
 * are read again: a stray quote costs one user. A record that is too long is skipped to where its quote is closed: what
 * stands inside somebody's field is never read as a line.
 */
function joinLines(head: Head): Joiner {
  let lines: Line[] = []
  let length = 0
  let isOpen = false
  let firstLine = 0

  const settle = (lastLine: number): SourceRecord[] => {
    const [[first, ...rest], isTooLong] = [lines, length > maxRecordLength]
    lines = []
    length = 0
    isOpen = false
    if (isTooLong) return [problem(firstLine, `it is longer than a mebibyte: it goes on to line ${lastLine}`)]
    if (first === undefined) return []
    const text = [first, ...rest].map(line => line.text).join('\n')
    const fields = fieldsOfRow(text, head.delimiter)
    if (fields !== undefined) return text === '' ? [] : [recordOf(first.line, fields, head)]
    const stray = problem(first.line, 'its quotes are not as CSV has them')
    return [stray, ...rest.flatMap(line => joiner.take(line))]
  }
  const joiner: Joiner = {
    take(line) {
      if (length === 0) firstLine = line.line
      length += line.text.length + 1
      if (length > maxRecordLength) lines = []
      else lines.push(line)
      if (line.text.split('"').length % 2 === 0) isOpen = !isOpen
      return isOpen ? [] : settle(line.line)
    },
    end() {
      const records: SourceRecord[] = []
      while (length > 0) records.push(...settle(firstLine + lines.length))
      return records
    },
  }
  return joiner
}

function recordOf(line: number, fields: readonly string[], { names }: Head): SourceRecord {
  if (fields.length !== names.length)
    return problem(line, `it has ${fields.length} fields, the first line ${names.length}`)
  return { line, kind: 'record', value: Object.fromEntries(names.map((name, i) => [name, fields[i]])) }
}

/** Undefined where a quote stands inside a plain field, or behind a quoted one. */
function fieldsOfRow(text: string, delimiter: string): string[] | undefined {
  const pattern = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^"${delimiter}]*))(${delimiter}|$)`, 'y')
  const fields: string[] = []
  for (;;) {
    const found = pattern.exec(text)
    if (found === null) return undefined
    const [, quoted, plain = '', end] = found
    fields.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '') return fields
  }
}
