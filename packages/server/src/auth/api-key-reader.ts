// Reads presented API keys. What was found is remembered until the key is revoked or its user's rights change, so that
// a guard asks the store once a key and not once a request.
import { timingSafeEqual } from 'node:crypto'
import type { ApiKeyId, ApiKeyRecord, UserRecord } from '../store/records.ts'
import { publicUser, scopeOfRoles } from './access-token.ts'
import { hashSecret, ownScopes } from './api-keys.ts'
import type { AuthContext, PublicUser } from './context.ts'

/** Who presents an API key, and what it may do: never more than its user may do now. */
interface ApiKeyPrincipal {
  keyId: ApiKeyId
  user: PublicUser
  scopes: readonly string[]
  createdAt: number
  expiresAt: number | undefined
}

/** Undefined for a key that is unknown, wrong, expired, revoked, or whose user is disabled. */
export type ApiKeyReader = (text: string) => Promise<ApiKeyPrincipal | undefined>

interface Remembered {
  principal: ApiKeyPrincipal
  secretHash: Uint8Array
  /** Read again after this: a revocation is known for as long, so none is missed. */
  readUntil: number
  touchedAt: number
}

const idLength = 22
const touchEachSeconds = 60
const maxRemembered = 10_000

export function openApiKeyReader(context: AuthContext): ApiKeyReader {
  const remembered = new Map<string, Remembered>()

  const recall = (id: string, now: number): Remembered | undefined => {
    const found = remembered.get(id)
    if (found === undefined) return undefined
    const { revocations } = context
    // A log that cannot be read leaves the store to answer, or nobody.
    if (found.readUntil > now && !revocations.isStale() && !revocations.isRevoked(id)) return found
    remembered.delete(id)
    return undefined
  }
  const remember = (id: string, found: Remembered): void => {
    // What was revoked a moment ago may be read before and remembered after: then it is not remembered.
    if (context.revocations.isRevoked(id)) return
    if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value ?? '')
    remembered.set(id, found)
  }

  /** Reads a key from the store; undefined when it does not count. A secret under an older master key is hashed anew. */
  const lookUp = async (id: string, secret: string, now: number): Promise<Remembered | undefined> => {
    const { master, store } = context
    const key = await store.findApiKey(id as ApiKeyId)
    // A hash under a key that others know tells them nothing of the secret: it stays good until it is renewed.
    const hashKey = [master, master.previous].find(one => one?.version === key?.keyVersion)
    const presented = hashSecret(hashKey ?? master, secret)
    // The comparison is made for an unknown key too, so that time does not tell which ids exist.
    const matches = timingSafeEqual(presented, key?.secretHash ?? Buffer.alloc(presented.length))
    if (key === undefined || hashKey === undefined || !matches || key.revokedAt !== undefined)
      return undefined
    const user = await store.findUser(key.userId)
    if (user === undefined || user.disabledAt !== undefined) return undefined
    const secretHash = hashSecret(master, secret)
    if (hashKey !== master) await store.rehashApiKey(key.id, key, { secretHash, keyVersion: master.version })
    const found = {
      principal: principalOf(context, key, user),
      secretHash,
      readUntil: now + context.rules.accessTtl,
      touchedAt: key.lastUsedAt ?? 0,
    }
    remember(id, found)
    return found
  }
  const find = async (id: string, secret: string, now: number): Promise<Remembered | undefined> => {
    const found = recall(id, now)
    if (found === undefined) return lookUp(id, secret, now)
    return timingSafeEqual(hashSecret(context.master, secret), found.secretHash) ? found : undefined
  }

  return async text => {
    const id = text.slice(3, 3 + idLength)
    if (!text.startsWith('lk_') || text[3 + idLength] !== '_') return undefined
    const now = Math.floor(context.clock() / 1000)
    const found = await find(id, text.slice(4 + idLength), now)
    if (found === undefined || (found.principal.expiresAt ?? Infinity) <= now) return undefined
    if (found.touchedAt + touchEachSeconds <= now) {
      found.touchedAt = now
      await context.store.touchApiKey(found.principal.keyId, now)
    }
    return found.principal
  }
}

function principalOf(context: AuthContext, key: ApiKeyRecord, user: UserRecord): ApiKeyPrincipal {
  const granted = new Set(scopeOfRoles(user.roles, context.roles).split(' '))
  const scopes = key.scopes.filter(scope => granted.has(scope) || granted.has('*') || ownScopes.has(scope))
  const roles = user.roles.filter(role => carriesRole(scopes, scopeOfRoles([role], context.roles)))
  return {
    keyId: key.id,
    // Remembered and handed out again: nobody may write into it.
    user: Object.freeze({ ...publicUser(user), roles: Object.freeze(roles) }),
    scopes,
    createdAt: key.createdAt,
    expiresAt: key.expiresAt,
  }
}

/** A key has a role of its user's only with everything that the role gives: a guard may ask for the role alone. */
function carriesRole(scopes: readonly string[], scopeOfRole: string): boolean {
  if (scopes.includes('*')) return true
  return scopeOfRole !== '' && scopeOfRole.split(' ').every(scope => scopes.includes(scope))
}
