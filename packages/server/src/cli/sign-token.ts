// `latchkey token sign`: a token by hand, for trying a route or for a script. What the server's own key signs is
// audited.
import { createSigner, type Key } from 'latchkey'
import { publicUser, scopeOfRoles } from '../auth/access-token.ts'
import { auditOf } from '../auth/audit.ts'
import type { AuthContext } from '../auth/context.ts'
import { newTokenId } from '../auth/identifiers.ts'
import { type Config, ConfigError, secondsOf } from '../config.ts'
import { absoluteTime } from '../words/time-words.ts'
import { findUser } from './find-user.ts'
import { type KeyFileOptions, keyOfFile } from './key-file.ts'
import { commandLine, withAuth } from './open-auth.ts'
import type { Printed } from './table.ts'

export interface SignOptions extends KeyFileOptions {
  user?: string
  subject?: string
  scope?: string[]
  issuer?: string
  audience?: string[]
  expiresIn: string
  claim?: string[]
  typ: string
}

/** The token on stdout. Throws ConfigError for options that cannot be meant. */
export async function signToken(config: Config, options: SignOptions): Promise<Printed> {
  const key = keyOfFile(options)
  if (options.user !== undefined && options.subject !== undefined)
    throw new ConfigError('Give one of --user and --subject.')
  if (key === undefined) return withAuth(config, auth => signByServer(auth, options))
  if (options.user !== undefined)
    throw new ConfigError('--user is for the key of the server here. Give --subject with a key of your own.')
  return printedToken(
    createSigner({ key, typ: options.typ, noTimestamp: true })(claimsOf(options)),
    options,
    key,
  )
}

async function signByServer(auth: AuthContext, options: SignOptions): Promise<Printed> {
  if (options.typ !== 'at+jwt') throw new ConfigError('The key of the server here signs at+jwt only.')
  const user = options.user === undefined ? undefined : await findUser(auth, options.user)
  const { iss = auth.issuer, aud = auth.audience, ...claims } = claimsOf(options)
  const token = auth.keyRing.sign({
    iss,
    aud,
    client_id: 'latchkey',
    ...(user && { sub: user.id, user: publicUser(user), scope: scopeOfRoles(user.roles, auth.roles) }),
    ...claims,
  })
  await auth.store.writeAudit(
    auditOf(auth, 'token_signed', commandLine, {
      userId: user?.id,
      actor: commandLine.actor,
      detail: String(claims['jti']),
    }),
  )
  return printedToken(token, options, undefined)
}

function claimsOf(options: SignOptions): Record<string, unknown> {
  const iat = Math.floor(Date.now() / 1000)
  const { subject, scope, issuer, audience } = options
  return {
    ...(subject !== undefined && { sub: subject }),
    ...(issuer !== undefined && { iss: issuer }),
    ...(audience !== undefined && { aud: audience.length === 1 ? audience[0] : audience }),
    ...(scope !== undefined && { scope: scope.join(' ') }),
    iat,
    exp: iat + lifetimeSeconds(options.expiresIn),
    jti: newTokenId(),
    ...Object.fromEntries((options.claim ?? []).map(readClaim)),
  }
}

function lifetimeSeconds(text: string): number {
  const value = secondsOf(text)
  if (value === undefined || value === 0) throw new ConfigError('--expires-in accepts a time, such as 15m.')
  return value
}

function readClaim(text: string): [name: string, value: unknown] {
  const at = text.indexOf('=')
  if (at < 1) throw new ConfigError('--claim accepts name=value.')
  const value = text.slice(at + 1)
  try {
    return [text.slice(0, at), JSON.parse(value)]
  } catch {
    return [text.slice(0, at), value]
  }
}

function printedToken(token: string, options: SignOptions, key: Key | undefined): Printed {
  const end = absoluteTime(Math.floor(Date.now() / 1000) + lifetimeSeconds(options.expiresIn))
  const why =
    key === undefined
      ? ' It belongs to no session: it ends then, or when its key is revoked. The audit log has its jti.'
      : ''
  return { json: undefined, text: `${token}\n`, words: `Good until ${end}.${why}` }
}
