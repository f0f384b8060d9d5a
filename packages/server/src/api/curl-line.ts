// An operation as a line for a terminal, with the example of its body. What only the caller knows stands in variables
// of the shell.
import type { Operation, PlacedOperation } from './openapi.ts'

const formType = 'multipart/form-data'
const urlencodedType = 'application/x-www-form-urlencoded'

/** The line, as pasted: `$TOKEN`, `$ID` and their kind have to be set. */
export function curlLine(origin: string, { method, path, operation }: PlacedOperation): string {
  const address = origin + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`)
  const body = bodyWords(operation)
  const isPlain = method === 'get' || (method === 'post' && body.length > 0)
  return [
    'curl',
    ...(isPlain ? [] : [`-X ${method.toUpperCase()}`]),
    ...(operation['x-stream'] ? ['-N'] : []),
    ...credentialWords(operation),
    ...body,
    /[$?&]/.test(address) ? `"${address}"` : address,
  ].join(' ')
}

function credentialWords({ security }: Operation): string[] {
  const names = security.flatMap(one => Object.keys(one))
  if (names.includes('clientSecret')) return ['-u "$CLIENT_ID:$CLIENT_SECRET"']
  return names.includes('accessToken') ? ['-H "Authorization: Bearer $TOKEN"'] : []
}

/** A form where one is taken, since it is the shorter; else JSON. */
function bodyWords({ requestBody, security }: Operation): string[] {
  if (requestBody === undefined) return []
  const isOfClient = security.some(one => 'clientSecret' in one)
  const content = requestBody.content[isOfClient ? urlencodedType : formType]
  if (content === undefined) {
    const example = requestBody.content['application/json']?.example
    return ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(example))}`]
  }
  // Examples of bodies are objects.
  const fields = Object.entries(content.example as Record<string, unknown>)
  return fields.map(([name, value]) => `${isOfClient ? '-d' : '-F'} ${quoted(`${name}=${asText(value)}`)}`)
}

function asText(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') : String(value)
}

function quoted(text: string): string {
  return /^[\w=.@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
