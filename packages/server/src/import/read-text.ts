// A file as pieces of text, and how far it has been read.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { TellProgress } from './source-user.ts'

/** Throws what the file system throws. A byte order mark is left out. */
export async function* readText(file: string, tell: TellProgress): AsyncGenerator<string> {
  const { size } = await stat(file)
  let bytes = 0
  const decoder = new TextDecoder()
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    const text = decoder.decode(chunk, { stream: true })
    if (text !== '') yield text
    tell(Math.min(1, bytes / size))
  }
  const rest = decoder.decode()
  if (rest !== '') yield rest
}

/** The first character that is no space: what tells JSON from CSV. */
export async function firstCharacter(file: string): Promise<string> {
  for await (const text of readText(file, () => undefined)) {
    const start = text.trimStart()
    if (start !== '') return start.slice(0, 1)
  }
  return ''
}
