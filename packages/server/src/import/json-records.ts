// JSON as records: one a line, or the elements of a list in a file that may be larger than memory.
import { isFields } from './field.ts'
import { readText } from './read-text.ts'
import { maxRecordLength, type SourceRecord, type TellProgress } from './source-user.ts'

function recordOf(line: number, text: string): SourceRecord {
  if (text.length > maxRecordLength) return { line, kind: 'problem', why: 'it is longer than a mebibyte' }
  try {
    const value: unknown = JSON.parse(text)
    if (isFields(value)) return { line, kind: 'record', value }
  } catch {
    // The parser's own words would repeat what stands there.
  }
  return { line, kind: 'problem', why: 'it is no JSON object' }
}

/** One object a line. */
export async function* jsonLines(file: string, tell: TellProgress): AsyncGenerator<SourceRecord> {
  let line = 1
  let rest = ''
  for await (const text of readText(file, tell)) {
    const pieces = (rest + text).split('\n')
    // A line without end is cut: it is refused all the same.
    rest = (pieces.pop() ?? '').slice(0, maxRecordLength + 1)
    for (const piece of pieces) {
      if (piece.trim() !== '') yield recordOf(line, piece)
      line++
    }
  }
  if (rest.trim() !== '') yield recordOf(line, rest)
}

/**
 * The elements of a list: of the whole file when that is one, else of the member `name` of its object. Only brackets
 * and texts are followed; each element is then parsed by itself.
 */
export async function* jsonElements(
  file: string,
  name: string,
  tell: TellProgress,
): AsyncGenerator<SourceRecord> {
  let line = 1
  let depth = 0
  let inText = false
  let isEscaped = false
  /** The last text at depth one: a member's name, if a colon follows. */
  let lastText = ''
  /** The depth inside the list, once it has begun. */
  let listDepth = 0
  let isOver = false
  let element = ''
  let elementLine = 1

  for await (const text of readText(file, tell)) {
    for (const character of text) {
      if (character === '\n') line++
      if (isOver) continue
      const isInside = listDepth > 0
      if (inText) {
        if (isEscaped) isEscaped = false
        else if (character === '\\') isEscaped = true
        else if (character === '"') inText = false
        if (isInside) element = grown(element, character)
        else if (depth === 1 && inText) lastText = grown(lastText, character)
        continue
      }
      const isEnd = isInside && depth === listDepth && (character === ',' || character === ']')
      if (isEnd) {
        if (element.trim() !== '') yield recordOf(elementLine, element)
        element = ''
        isOver = character === ']'
        continue
      }
      if (isInside) {
        if (element === '' && character.trim() === '') continue
        if (element === '') elementLine = line
        element = grown(element, character)
      }
      if (character === '"') {
        inText = true
        if (depth === 1) lastText = ''
      } else if (character === '{' || character === '[') {
        const isList = character === '[' && (depth === 0 || (depth === 1 && lastText === name))
        depth++
        if (isList && !isInside) listDepth = depth
      } else if (character === '}' || character === ']') {
        depth--
      }
    }
  }
  if (isOver) return
  const why = listDepth === 0 ? `there is no list "${name}" in the file` : 'the file ends inside its list'
  yield { line: listDepth === 0 ? 1 : elementLine, kind: 'problem', why }
}

/** What is too long is refused whole: what is behind the bound need not be kept. */
function grown(text: string, character: string): string {
  return text.length > maxRecordLength ? text : text + character
}
