// The text of one JSON object as a record.
import { isFields } from './field.ts'
import { maxRecordLength, problem, type SourceRecord } from './source-user.ts'

export function jsonRecord(line: number, text: string): SourceRecord {
  if (text.length > maxRecordLength) return problem(line, 'it is longer than a mebibyte')
  try {
    const value: unknown = JSON.parse(text)
    if (isFields(value)) return { line, kind: 'record', value }
  } catch {
    // The parser's own words would repeat what stands there.
  }
  return problem(line, 'it is no JSON object')
}
