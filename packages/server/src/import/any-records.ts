// What a database exports a table or a query as: CSV, a list in JSON, or JSON lines. The first character tells.
import { csvRecords } from './csv-records.ts'
import { jsonElements } from './json-elements.ts'
import { jsonLines } from './json-lines.ts'
import { piecesOf } from './lines-of.ts'
import type { SourceRecord, TellProgress } from './source-user.ts'

export async function* anyRecords(file: string, tell: TellProgress): AsyncGenerator<SourceRecord> {
  const first = await firstCharacter(file)
  if (first === '[') yield* jsonElements(file, '', tell)
  else if (first === '{') yield* jsonLines(file, tell)
  else yield* nullsOut(csvRecords(file, tell))
}

/** Some programs write the word where a database has nothing. */
async function* nullsOut(records: AsyncIterable<SourceRecord>): AsyncGenerator<SourceRecord> {
  for await (const record of records) {
    if (record.kind === 'record') {
      const fields = Object.entries(record.value).filter(([, value]) => value !== 'null' && value !== 'NULL')
      yield { ...record, value: Object.fromEntries(fields) }
    } else yield record
  }
}

async function firstCharacter(file: string): Promise<string> {
  for await (const piece of piecesOf(file, () => undefined)) {
    const start = piece.trimStart()
    if (start !== '') return start.slice(0, 1)
  }
  return ''
}
