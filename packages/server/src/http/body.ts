// Reads a credential route's body: JSON, urlencoded or multipart fields, up to a cap, into one plain object.
import { isUtf8 } from 'node:buffer'
import { LatchkeyError, parseStrictText } from 'latchkey'

const maxBodyBytes = 16 * 1024

type Fields = Record<string, unknown>

const readers: Record<
  string,
  (bytes: Uint8Array<ArrayBuffer>, contentType: string) => Fields | Promise<Fields>
> = {
  'application/json': readJson,
  'application/x-www-form-urlencoded': readForm,
  'multipart/form-data': readMultipart,
}

/**
 * The fields of a body; none when there is no body at all. Throws `unsupported_media_type`, `body_too_large`,
 * `malformed_body`.
 */
export async function readFields(request: Request): Promise<Fields> {
  const contentType = request.headers.get('content-type') ?? ''
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  const read = Object.hasOwn(readers, mediaType) ? readers[mediaType] : undefined
  if (read === undefined && mediaType !== '') throw unsupported(mediaType)
  const bytes = await readBytes(request)
  if (bytes.length === 0) return {}
  if (read === undefined) throw unsupported('nothing')
  return read(bytes, contentType)
}

function unsupported(got: string): LatchkeyError {
  return new LatchkeyError('unsupported_media_type', {
    detail: `Send ${Object.keys(readers).join(', ')}; this body says ${got.slice(0, 80)}.`,
  })
}

async function readBytes(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const declared = request.headers.get('content-length')
  if (Number(declared ?? 0) > maxBodyBytes) throw tooLarge()
  try {
    // A server of HTTP holds a request to the length that it declares: such a body needs no stream around it.
    const bytes = /^\d+$/.test(declared ?? '')
      ? new Uint8Array(await request.arrayBuffer())
      : await readStream(request.body)
    if (bytes.length > maxBodyBytes) throw tooLarge()
    return bytes
  } catch (error) {
    if (error instanceof LatchkeyError) throw error
    throw malformed('The body ended early.', error)
  }
}

async function readStream(body: Request['body']): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of body ?? []) {
    total += chunk.length
    if (total > maxBodyBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Uint8Array.from(Buffer.concat(chunks))
}

function tooLarge(): LatchkeyError {
  return new LatchkeyError('body_too_large', { detail: `A body here has up to ${maxBodyBytes} bytes.` })
}

function malformed(detail: string, cause?: unknown): LatchkeyError {
  return new LatchkeyError('malformed_body', { detail, cause })
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw notUtf8(error)
  }
}

function notUtf8(cause?: unknown): LatchkeyError {
  return malformed('The body is not UTF-8.', cause)
}

/** A name that comes twice would be read one way here and another way by whoever checked it in front of us. */
function readJson(bytes: Uint8Array): Fields {
  const text = decodeText(bytes)
  const fields = parseStrictText(text)
  if (fields === undefined) throw malformed(whyNoFields(text))
  return fields
}

/** The parser's own message is not told: it quotes the body, which may hold a password. */
function whyNoFields(text: string): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'The body is not JSON.'
  }
  return typeof value !== 'object' || value === null || Array.isArray(value)
    ? 'The body is not a JSON object.'
    : 'A name in the body comes twice, or is one that parsers read differently.'
}

/** URLSearchParams makes one character of all bytes that are no UTF-8: different passwords would become the same. */
function readForm(bytes: Uint8Array): Fields {
  const text = decodeText(bytes)
  // What curl -d sends without a header is called a form, whatever it is.
  if (text.startsWith('{'))
    throw malformed('The body is JSON: send the header Content-Type: application/json.')
  for (const [escapes] of text.matchAll(/(?:%[\da-f]{2})+/gi))
    if (!isUtf8(Buffer.from(escapes.replaceAll('%', ''), 'hex'))) throw notUtf8()
  return singleFields(new URLSearchParams(text))
}

/** A part with two names, or in an encoding of mails (RFC 7578 4.7): parsers differ on both. */
const ambiguousPart =
  /^content-disposition:[^\r\n]*;\s*name\s*=[^\r\n]*;\s*name\s*=|^content-transfer-encoding:\s*(?!7bit|8bit|binary)/im

async function readMultipart(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Fields> {
  if (ambiguousPart.test(decodeText(bytes))) throw malformed('A part of the body can be read in two ways.')
  let form: FormData
  try {
    form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
  } catch (error) {
    throw malformed('The body is not multipart/form-data.', error)
  }
  return singleFields(form)
}

/** A field that comes twice would be read one way here and another way by whoever checked it in front of us. */
function singleFields(entries: Iterable<[string, unknown]>): Fields {
  const fields = new Map<string, unknown>()
  for (const [name, value] of entries) {
    if (fields.has(name)) throw malformed(`The field "${name.slice(0, 80)}" comes twice.`)
    if (typeof value !== 'string')
      throw malformed(`The field "${name.slice(0, 80)}" is a file; fields here are text.`)
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}
