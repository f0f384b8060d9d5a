// What a guard reads of a request, whatever framework it came through. Two readers: Node's message and the
// fetch Request. Everything is read on demand, so that a route without cookies never parses one.

/** The little that a guard asks of a request. Only `authorization` is always read. */
export interface GuardRequest<Native = unknown> {
  /** Every value of the Authorization header: one text, or a list when it was sent more than once. */
  readonly authorization: string | readonly string[] | undefined
  readonly method?: string | undefined
  /** The request target, with its query. */
  readonly url?: string | undefined
  /** The Cookie header as it came. */
  readonly cookie?: string | undefined
  /** Any other header, by its lower-case name. */
  header?(name: string): string | undefined
  /** The address at the other end of the socket, a proxy's where there is one; undefined where no socket is seen. */
  readonly address?: string | undefined
  /** What the framework handed over; given to `from` when it is a function. */
  readonly native?: Native
}

/** The part of `http.IncomingMessage` that is read; wrappers of frameworks and serverless shims have it too. */
export interface NodeMessage {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly rawHeaders?: readonly string[]
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly socket?: { readonly remoteAddress?: string | undefined }
}

/** Reads a Node request. `native` is what the application's own functions receive. */
export class NodeRequest<Native> implements GuardRequest<Native> {
  readonly native: Native
  readonly message: NodeMessage

  constructor(message: NodeMessage, native: Native) {
    this.message = message
    this.native = native
  }

  get authorization(): string | readonly string[] | undefined {
    const first = this.message.headers['authorization']
    return first === undefined ? undefined : everyAuthorization(this.message.rawHeaders, first)
  }

  get method(): string | undefined {
    return this.message.method
  }

  get url(): string | undefined {
    return this.message.url
  }

  get cookie(): string | undefined {
    return this.header('cookie')
  }

  get address(): string | undefined {
    return this.message.socket?.remoteAddress
  }

  header(name: string): string | undefined {
    const { headers } = this.message
    // HTTP/2 says the host elsewhere (RFC 9113 8.3.1).
    const value = headers[name] ?? (name === 'host' ? headers[':authority'] : undefined)
    return typeof value === 'object' ? value.join(', ') : value
  }
}

/** Reads a fetch Request (Hono, Next, any `Request → Response` handler). */
export class FetchRequest<Native> implements GuardRequest<Native> {
  readonly native: Native
  readonly request: Request
  readonly address: string | undefined

  constructor(request: Request, native: Native, address?: string) {
    this.request = request
    this.native = native
    this.address = address
  }

  get authorization(): string | undefined {
    return this.header('authorization')
  }

  get method(): string {
    return this.request.method
  }

  get url(): string {
    return this.request.url
  }

  get cookie(): string | undefined {
    return this.header('cookie')
  }

  header(name: string): string | undefined {
    return this.request.headers.get(name) ?? undefined
  }
}

/**
 * Node keeps the first Authorization header and drops the others, so a second credential would pass unseen
 * (RFC 6750 2: one method, once). The raw list has them all. `headers` stays the source of a single value:
 * a middleware in front may have put a token there.
 */
function everyAuthorization(
  raw: readonly string[] | undefined,
  first: string | readonly string[],
): string | readonly string[] {
  if (raw === undefined) return first
  let count = 0
  for (let at = 0; at < raw.length; at += 2) if (isAuthorization(raw[at])) count++
  if (count < 2) return first
  return raw.filter((_, at) => at % 2 === 1 && isAuthorization(raw[at - 1]))
}

function isAuthorization(name: string | undefined): boolean {
  return name?.length === 13 && name.toLowerCase() === 'authorization'
}
