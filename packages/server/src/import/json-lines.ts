// JSON lines: one object a line.
import { jsonRecord } from './json-record.ts'
import { linesOf } from './lines-of.ts'
import type { SourceRecord, TellProgress } from './source-user.ts'

export async function* jsonLines(file: string, tell: TellProgress): AsyncGenerator<SourceRecord> {
  for await (const { line, text } of linesOf(file, tell)) {
    if (text.trim() !== '') yield jsonRecord(line, text)
  }
}
