// API keys in the place of a token: the application says what a key stands for, and the claims that it gives are asked
// for as much as a token's.
import { LatchkeyError } from '../base/errors.ts'
import { type Claims, type Header, Refusal, type Verdict } from '../token/verdict.ts'
import type { ApiKeyResolver } from './options.ts'

const longestKey = 256
const header: Header = Object.freeze({ alg: 'none', typ: 'api-key' })

/** Whether a credential has the shape of an API key: `lk_<id>_<secret>`. No token begins so. */
export function looksLikeApiKey(credential: string): boolean {
  return credential.startsWith('lk_')
}

/** Judges a key. Rejects with what the resolver rejects with. */
export async function judgeApiKey(
  key: string,
  resolve: (key: string) => ReturnType<ApiKeyResolver>,
  nowMs: number,
): Promise<Verdict> {
  if (key.length > longestKey) return new Refusal('token_too_long')
  const claims: unknown = await resolve(key)
  if (claims === undefined || claims === null) return new Refusal('token_malformed')
  if (typeof claims !== 'object' || Array.isArray(claims))
    throw new LatchkeyError('store_unavailable', { detail: 'The resolver of API keys gave no claims.' })
  // An object that is no list: the resolver's type says that its members are claims.
  const given = claims as Claims
  const { exp } = given
  if (exp !== undefined && !(typeof exp === 'number' && nowMs < exp * 1000))
    return new Refusal('token_expired')
  return { ok: true, claims: given, header }
}
