// What an application adds to accounts in code: the hooks of latchkey.config.ts and createLatchkey. Each is called by
// the rule it belongs to.

/** A user as hooks see one. */
export interface HookUser {
  readonly id: string
  readonly username: string
  readonly roles: readonly string[]
}

/** Where a call came from. */
export interface HookCaller {
  /** The caller's address, where there is a socket. */
  readonly address: string | undefined
}

export interface HookLogin extends HookCaller {
  readonly user: HookUser
  /** How the user signed in (RFC 8176). */
  readonly amr: readonly string[]
  readonly device: string | undefined
}

export interface HookRegistration extends HookCaller {
  readonly user: HookUser
}

export interface HookToken {
  readonly user: HookUser
  /** `login` or `refresh`. */
  readonly reason: 'login' | 'refresh'
}

/** A row of the audit log. Ids of users and never names; nothing that could be presented. */
export interface AuditEntry {
  /** Grows by time of writing; the same row may be given again after a failure. */
  readonly id: number
  /** ISO 8601. */
  readonly at: string
  readonly event: string
  readonly user: string | null
  readonly actor: string | null
  /** SHA-256 of the session's id, in base64url. */
  readonly session: string | null
  readonly address: string | null
  readonly device: string | null
  readonly detail: string | null
}

/** Each is awaited, for three seconds at most; what takes longer has failed. */
export interface Hooks {
  /** After an account was made. A failure is logged and undoes nothing. */
  onRegister?(registration: HookRegistration): void | Promise<void>
  /**
   * After the right password and before the session starts. A failure refuses the sign-in: with the error's own code
   * where it is a LatchkeyError, such as `new LatchkeyError('forbidden')`, else `internal_error`.
   */
  onLogin?(login: HookLogin): void | Promise<void>
  /** Adds claims to an access token; those of the contract cannot be replaced. A failure means no token. */
  claims?(token: HookToken): Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>
  /** Takes audit rows, in their order, within seconds. Rows of a failed call are given again. */
  audit?(entries: readonly AuditEntry[]): void | Promise<void>
}

export const hookNames: readonly (keyof Hooks)[] = ['onRegister', 'onLogin', 'claims', 'audit']
