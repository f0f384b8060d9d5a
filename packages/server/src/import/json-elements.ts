// The elements of a list in a JSON file that may be larger than memory. Only brackets and texts are followed; each
// element is then parsed by itself.
import { jsonRecord } from './json-record.ts'
import { piecesOf } from './lines-of.ts'
import { maxRecordLength, problem, type SourceRecord, type TellProgress } from './source-user.ts'

/** The list is the whole file, or the member `name` of the object that the file is. */
export async function* jsonElements(
  file: string,
  name: string,
  tell: TellProgress,
): AsyncGenerator<SourceRecord> {
  const cutter = cutList(name)
  for await (const piece of piecesOf(file, tell)) yield* cutter.take(piece)
  yield* cutter.end()
}

/** Outside a text: its first quote, a bracket or comma, or what stands between. Inside: its end, or some of it. */
const outside = /["[\]{},]|[^"[\]{},]+/y
const inside = /"|\\[\s\S]|[^"\\]+/y

const lineBreaksIn = (text: string): number => text.split('\n').length - 1

export function cutList(name: string): {
  take(piece: string): Iterable<SourceRecord>
  end(): Iterable<SourceRecord>
} {
  let line = 1
  let depth = 0
  let isText = false
  /** A backslash that was the last character of a piece. */
  let carried = ''
  /** The last text before the list: its member's name, if it is the one that we look for. */
  let lastText = ''
  /** 0 before the list; the depth inside it; -1 behind it. */
  let listDepth = 0
  let element = ''
  let elementLine = 1

  const grow = (token: string): void => {
    if (element === '') elementLine = line
    // What is too long is refused whole: what is behind the bound need not be kept.
    if (element.length <= maxRecordLength) element += token
  }
  const takeText = (token: string): undefined => {
    if (token === '"') isText = false
    if (listDepth > 0) grow(token)
    else if (isText && lastText.length <= maxRecordLength) lastText += token
  }
  const takeBracket = (token: string): void => {
    const isList = token === '[' && listDepth === 0 && (depth === 0 || (depth === 1 && lastText === name))
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    if (isList) listDepth = depth
    else if (listDepth > 0) grow(token)
  }
  const endElement = (): SourceRecord | undefined => {
    const text = element.trim()
    element = ''
    return text === '' ? undefined : jsonRecord(elementLine, text)
  }
  const takeOther = (token: string): SourceRecord | undefined => {
    if (token === '"') {
      isText = true
      lastText = ''
    }
    if (listDepth > 0 && depth === listDepth && (token === ',' || token === ']')) {
      if (token === ']') listDepth = -1
      return endElement()
    }
    const text = element === '' ? token.trimStart() : token
    const skipped = token.slice(0, token.length - text.length)
    line += lineBreaksIn(skipped)
    if (text !== '') takeBracket(text)
    line += lineBreaksIn(text)
    return undefined
  }

  return {
    *take(piece) {
      const text = carried + piece
      carried = ''
      let at = 0
      while (at < text.length && listDepth >= 0) {
        const pattern = isText ? inside : outside
        pattern.lastIndex = at
        const [token] = pattern.exec(text) ?? []
        if (token === undefined) {
          carried = text.slice(at)
          return
        }
        at += token.length
        const record = isText ? takeText(token) : takeOther(token)
        if (record !== undefined) yield record
      }
    },
    *end() {
      if (listDepth === 0) yield problem(1, `there is no list "${name}" in the file`)
      else if (listDepth > 0)
        yield problem(element === '' ? line : elementLine, 'the file ends inside its list')
    },
  }
}
