// CSV (RFC 4180) as records by the names in its first line. Commas, semicolons or tabs stand between; quoted fields may
// hold line breaks. One record is in memory at a time.
import { type Line, linesOf } from './lines-of.ts'
import { maxRecordLength, problem, type SourceRecord, type TellProgress } from './source-user.ts'

/** Throws an Error where the first line names no fields. */
export async function* csvRecords(file: string, tell: TellProgress): AsyncGenerator<SourceRecord> {
  let read: ((row: Line) => SourceRecord) | undefined
  for await (const row of csvRows(file, tell)) {
    if (read === undefined) read = readerOf(row, file)
    else yield read(row)
  }
}

/** Lines put together while a quote is open. A quote that is never closed swallows no more than one record may be. */
async function* csvRows(file: string, tell: TellProgress): AsyncGenerator<Line> {
  let row: Line | undefined
  let isQuoted = false
  for await (const { line, text } of linesOf(file, tell)) {
    row = row === undefined ? { line, text } : { line: row.line, text: `${row.text}\n${text}` }
    if ((text.split('"').length - 1) % 2 === 1) isQuoted = !isQuoted
    if (isQuoted && row.text.length <= maxRecordLength) continue
    if (row.text !== '') yield row
    row = undefined
    isQuoted = false
  }
  if (row !== undefined) yield row
}

function readerOf(head: Line, file: string): (row: Line) => SourceRecord {
  const counts = [',', ';', '\t'].map(mark => ({ mark, count: head.text.split(mark).length }))
  const delimiter = counts.toSorted((a, b) => b.count - a.count)[0]?.mark ?? ','
  const names = fieldsOfRow(head.text, delimiter)?.map(name => name.trim())
  if (names === undefined || new Set(names).size < names.length || names.includes(''))
    throw new Error(`The first line of ${file} should name its fields, each once.`)
  return ({ line, text }) => {
    if (text.length > maxRecordLength) return problem(line, 'it is longer than a mebibyte')
    const fields = fieldsOfRow(text, delimiter)
    if (fields === undefined) return problem(line, 'its quotes are not as CSV has them')
    if (fields.length !== names.length)
      return problem(line, `it has ${fields.length} fields, the first line ${names.length}`)
    return { line, kind: 'record', value: Object.fromEntries(names.map((name, i) => [name, fields[i]])) }
  }
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
