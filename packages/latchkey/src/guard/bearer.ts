// Where a request's credential is found, and whether there is exactly one (RFC 6750 2). What the credential
// is worth is not judged here.
import type { GuardRequest } from './request.ts'
import { isFromOwnOrigin } from './same-origin.ts'

/** Where to look: the Authorization header, a cookie, a query parameter, or a function of the application. */
export type CredentialSource<Native = unknown> =
  | 'header'
  | { readonly cookie: string; readonly origins?: readonly string[] }
  | { readonly query: string }
  | ((native: Native) => string | null | undefined)

/**
 * What was found. `isBare`: no credential, but the header begins like a token without a scheme.
 * `unspaced`: "Bearer" and the token without the space that belongs between them. `whole_answer`: the JSON that a token
 * came in.
 */
export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'none'; readonly isBare: boolean }
  | { readonly kind: 'unspaced' | 'several' | 'whole_answer' | 'unreadable' | 'foreign_origin' }

export type ReadCredential<Native> = (request: GuardRequest<Native>) => Credential

const none: Credential = Object.freeze({ kind: 'none', isBare: false })
const bare: Credential = Object.freeze({ kind: 'none', isBare: true })
const unspaced: Credential = Object.freeze({ kind: 'unspaced' })
const several: Credential = Object.freeze({ kind: 'several' })
const wholeAnswer: Credential = Object.freeze({ kind: 'whole_answer' })
const unreadable: Credential = Object.freeze({ kind: 'unreadable' })
const foreignOrigin: Credential = Object.freeze({ kind: 'foreign_origin' })

const bearerInList = /(?:^|,)[ \t]*bearer/i
const space = 0x20

/**
 * The one credential of an Authorization header. The scheme is compared without case (RFC 9110 11.1). Values
 * are judged joined, as the fetch `Headers` join them, so that every framework answers alike.
 */
function readAuthorization(value: string | readonly string[] | undefined): Credential {
  if (value === undefined) return none
  const text = typeof value === 'string' ? value : value.join(', ')
  if (text.startsWith('Bearer {')) return wholeAnswer
  if (text.includes(',')) return bearerInList.test(text) ? several : none
  // "eyJ" is how the header of a token begins: {" in base64url.
  if (!text.startsWith('Bearer') && text.slice(0, 6).toLowerCase() !== 'bearer')
    return text.startsWith('eyJ') ? bare : none
  if (text.length === 6) return none
  if (text.charCodeAt(6) !== space) return unspaced
  let start = 7
  while (text.charCodeAt(start) === space) start++
  return found(text.slice(start))
}

/** Builds the reader of `from`, once, when the guard is made. */
export function credentialReader<Native>(
  from: CredentialSource<Native> | readonly CredentialSource<Native>[],
): ReadCredential<Native> {
  const readers = (isList(from) ? from : [from]).map(source => readerOf(source))
  const [only] = readers
  if (readers.length === 1 && only !== undefined) return only
  return request => {
    let result = none
    for (const read of readers) {
      const next = read(request)
      if (next.kind === 'none') {
        if (next.isBare && result === none) result = bare
        continue
      }
      if (result.kind !== 'none') return several
      result = next
    }
    return result
  }
}

function isList<Native>(
  from: CredentialSource<Native> | readonly CredentialSource<Native>[],
): from is readonly CredentialSource<Native>[] {
  return Array.isArray(from)
}

function readerOf<Native>(source: CredentialSource<Native>): ReadCredential<Native> {
  if (source === 'header') return request => readAuthorization(request.authorization)
  if (typeof source === 'function') return request => fromFunction(source, request)
  if ('query' in source) return request => fromQuery(request.url, source.query)
  const origins = new Set(source.origins)
  return request => {
    const credential = fromCookie(request.cookie, source.cookie)
    if (credential.kind !== 'token' || isFromOwnOrigin(request, origins)) return credential
    return foreignOrigin
  }
}

/** Cookie pairs are split by hand: only space and tab may stand around a name, nothing that Unicode calls space. */
function fromCookie(header: string | undefined, name: string): Credential {
  if (header === undefined) return none
  let result = none
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 0 || withoutBlanks(pair.slice(0, equals)) !== name) continue
    if (result.kind !== 'none') return several
    result = found(withoutBlanks(pair.slice(equals + 1)))
  }
  return result
}

function withoutBlanks(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/(?<![ \t])[ \t]+$/, '')
}

function fromQuery(url: string | undefined, name: string): Credential {
  const question = url?.indexOf('?') ?? -1
  if (url === undefined || question < 0) return none
  const [value, ...more] = new URLSearchParams(url.slice(question + 1).replace(/#.*$/s, '')).getAll(name)
  if (more.length > 0) return several
  return found(value ?? '')
}

function fromFunction<Native>(
  read: (native: Native) => string | null | undefined,
  request: GuardRequest<Native>,
): Credential {
  try {
    // The application's function reads its own framework's request; whoever builds a GuardRequest for it gives one.
    const value: unknown = read(request.native as Native)
    if (value === undefined || value === null) return none
    return typeof value === 'string' ? found(value) : unreadable
  } catch {
    // What it stumbled over came from the client.
    return unreadable
  }
}

function found(token: string): Credential {
  return token === '' ? none : { kind: 'token', token }
}
