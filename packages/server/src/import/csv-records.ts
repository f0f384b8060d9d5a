// CSV (RFC 4180) as records by the names in its first line. Commas, semicolons or tabs stand between; quoted fields may
// hold line breaks. One record is in memory at a time.
import { readText } from './read-text.ts'
import { maxRecordLength, type SourceRecord, type TellProgress } from './source-user.ts'

export async function* csvRecords(file: string, tell: TellProgress): AsyncGenerator<SourceRecord> {
  let names: string[] | undefined
  for await (const row of csvRows(file, tell)) {
    if (row.fields === undefined) {
      yield { line: row.line, kind: 'problem', why: row.why }
    } else if (names === undefined) {
      names = row.fields.map(name => name.trim())
    } else if (row.fields.length > names.length) {
      yield {
        line: row.line,
        kind: 'problem',
        why: `it has ${row.fields.length} fields, the first line ${names.length}`,
      }
    } else {
      const { fields } = row
      yield {
        line: row.line,
        kind: 'record',
        value: Object.fromEntries(names.map((name, i) => [name, fields[i] ?? ''])),
      }
    }
  }
}

type CsvRow = { line: number; fields: string[] } | { line: number; fields: undefined; why: string }

/** What comes next: a field's beginning, its plain or quoted text, or what follows a quote inside quotes. */
type State = 'start' | 'plain' | 'quoted' | 'quote'

async function* csvRows(file: string, tell: TellProgress): AsyncGenerator<CsvRow> {
  let delimiter: string | undefined
  let state: State = 'start'
  let fields: string[] = []
  let field = ''
  let length = 0
  let line = 1
  let startLine = 1

  const endField = (): void => {
    fields.push(field)
    field = ''
    state = 'start'
  }
  const endRow = (): CsvRow | undefined => {
    endField()
    const row = { line: startLine, fields }
    const isTooLong = length > maxRecordLength
    const isEmpty = fields.length === 1 && fields[0] === ''
    fields = []
    length = 0
    if (isTooLong) return { line: row.line, fields: undefined, why: 'it is longer than a mebibyte' }
    return isEmpty ? undefined : row
  }

  for await (const text of readText(file, tell)) {
    delimiter ??= delimiterOf(text)
    for (const character of text) {
      if (character === '\n') line++
      if (state === 'quoted') {
        if (character === '"') state = 'quote'
        else if (length++ <= maxRecordLength) field += character
        continue
      }
      if (state === 'quote' && character === '"') {
        field += '"'
        state = 'quoted'
      } else if (character === delimiter) {
        endField()
      } else if (character === '\n') {
        const row = endRow()
        startLine = line
        if (row !== undefined) yield row
      } else if (character === '\r') {
        // Ends a line together with what follows.
      } else if (state === 'start' && character === '"') {
        state = 'quoted'
      } else {
        state = 'plain'
        if (length++ <= maxRecordLength) field += character
      }
    }
  }
  if (state === 'quoted')
    yield { line: startLine, fields: undefined, why: 'the file ends inside a quoted field' }
  else if (field !== '' || fields.length > 0) {
    const row = endRow()
    if (row !== undefined) yield row
  }
}

/** The most frequent of the three in the first line. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split('\n', 1)
  const counts = [',', ';', '\t'].map(mark => ({ mark, count: first.split(mark).length }))
  return counts.toSorted((a, b) => b.count - a.count)[0]?.mark ?? ','
}
