// Reads server-sent events (WHATWG HTML, "Parsing an event stream"), as far as a feed of ours sends them.

export interface StreamEvent {
  readonly event: string
  readonly data: string
  readonly id: string | undefined
}

/** The events of a stream of bytes. One that ends in the middle is dropped. Throws when one is longer than `maxLength` characters. */
export async function* readEvents(
  bytes: AsyncIterable<Uint8Array>,
  maxLength: number,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of bytes) {
    text += decoder.decode(chunk, { stream: true })
    let end = text.indexOf('\n\n')
    while (end >= 0) {
      const event = parse(text.slice(0, end))
      text = text.slice(end + 2)
      if (event !== undefined) yield event
      end = text.indexOf('\n\n')
    }
    if (text.length > maxLength) throw new Error('an event of the feed is too long')
  }
}

function parse(block: string): StreamEvent | undefined {
  const fields = new Map<string, string>()
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''))
  }
  const [event, data] = [fields.get('event'), fields.get('data')]
  return event === undefined || data === undefined ? undefined : { event, data, id: fields.get('id') }
}
