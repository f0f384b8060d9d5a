// A file as lines, one in memory at a time, and how far it has been read.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { maxRecordLength, type TellProgress } from './source-user.ts'

export interface Line {
  /** From 1. */
  line: number
  /** Without its end. Cut where it is longer than any record may be: whoever reads it refuses it. */
  text: string
}

/** A file's text in pieces. Throws what the file system throws. A byte order mark is left out. */
export async function* piecesOf(file: string, tell: TellProgress): AsyncGenerator<string> {
  const { size } = await stat(file)
  let bytes = 0
  const decoder = new TextDecoder()
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    yield decoder.decode(chunk, { stream: true })
    tell(Math.min(1, bytes / size))
  }
  yield decoder.decode()
}

/** Every line of a file, empty ones too. */
export async function* linesOf(file: string, tell: TellProgress): AsyncGenerator<Line> {
  let line = 1
  let rest = ''
  for await (const piece of piecesOf(file, tell)) {
    const texts = (rest + piece).split('\n')
    rest = (texts.pop() ?? '').slice(0, maxRecordLength + 1)
    for (const text of texts) yield { line: line++, text: text.replace(/\r$/, '') }
  }
  yield { line, text: rest }
}
