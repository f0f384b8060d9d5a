// Who calls, as an application meets it after the guard: the verified claims and what is asked of them most.
import type { Claims, Header } from '../token/verdict.ts'

/** What Latchkey's own tokens say of their user; other issuers' tokens say it if they have the same claim. */
export interface AuthUser {
  readonly id: string
  readonly username: string
  readonly roles: readonly string[]
}

const none: readonly string[] = Object.freeze([])

/** The caller of a guarded request. Frozen: requests with the same token may share it. */
export class Auth<Payload = Claims> {
  /** The claims: as signed, or what the guard's schema made of them. */
  readonly claims: Payload
  readonly header: Header
  /** `sub`: whom the token is about (RFC 7519 4.1.2); undefined when it does not say. */
  readonly subject: string | undefined
  /** Undefined for a token that names no user, such as a client's. */
  readonly user: AuthUser | undefined
  /** `scope`, split at single spaces (RFC 6749 3.3). */
  readonly scopes: readonly string[]
  /** The user's roles, or those of a claim `roles`. */
  readonly roles: readonly string[]
  readonly #token: string
  readonly #maker: object

  /**
   * `payload` is what a schema made of the verified claims, or these themselves. Everything else is read from the
   * claims as they were signed: a schema that leaves `scope` out must not take it away.
   */
  constructor(token: string, verified: { claims: Claims; header: Header }, payload: Payload, maker: object) {
    const { claims, header } = verified
    this.claims = payload
    this.header = header
    this.#token = token
    this.#maker = maker
    this.subject = typeof claims.sub === 'string' ? claims.sub : undefined
    this.user = userOf(claims['user'])
    this.scopes = scopesOf(claims['scope'])
    this.roles = this.user?.roles ?? textsOf(claims['roles'])
    Object.freeze(this)
  }

  /** Whether a value is a caller that `maker` admitted: only then its claims have the type that `maker` promises. */
  static isMadeBy(value: unknown, maker: object): boolean {
    return typeof value === 'object' && value !== null && #maker in value && value.#maker === maker
  }

  /** The credential itself, to call another service with. Neither JSON nor a log shows it. */
  get token(): string {
    return this.#token
  }

  /** Whether the token carries a scope: this very name, or `*`, which stands for every scope. */
  has(scope: string): boolean {
    return this.scopes.includes(scope) || this.scopes.includes('*')
  }

  /** Whether the user has a role. */
  is(role: string): boolean {
    return this.roles.includes(role)
  }
}

/** Exact names between single spaces: a tab belongs to the name it stands in, two spaces hold nothing. */
function scopesOf(scope: unknown): readonly string[] {
  if (typeof scope !== 'string' || scope === '') return none
  const names = scope.includes(' ') ? scope.split(' ').filter(name => name !== '') : [scope]
  return Object.freeze(names)
}

function textsOf(value: unknown): readonly string[] {
  const isList = Array.isArray(value) && value.every(item => typeof item === 'string')
  return isList ? Object.freeze([...value]) : none
}

function userOf(value: unknown): AuthUser | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('username' in value))
    return undefined
  const { id, username } = value
  if (typeof id !== 'string' || typeof username !== 'string') return undefined
  return Object.freeze({ id, username, roles: textsOf('roles' in value ? value.roles : undefined) })
}
