// What `import … from 'latchkey'` says of itself to the compiler. Each @ts-expect-error fails when there is no error.
import { type } from 'arktype'
import {
  type Algorithm,
  type Claims,
  type CompleteToken,
  createKey,
  createSigner,
  createVerifier,
  decode,
  type ErrorCode,
  generateKey,
  type Jwk,
  type Key,
  type KeySource,
  keyring,
  LatchkeyError,
  type PublicJwk,
  remoteKeys,
  sign,
  type UnverifiedToken,
  type Verdict,
  type Verifier,
  verify,
} from 'latchkey'
import * as v from 'valibot'
import { z } from 'zod'
import type { Expect, Same } from './expect-type.ts'

declare const key: Key
declare const token: string
declare const parsed: object

export function keys(): void {
  const made = createKey({ secret: 'x' })
  type _1 = Expect<Same<typeof made, Key>>
  createKey({ secret: new Uint8Array() }, { alg: 'HS512', kid: 'k' })
  createKey({ pem: 'x' }, { alg: 'RS256' })
  createKey({ jwk: parsed as Jwk })
  createKey({ jwk: JSON.parse('{}') as Jwk })
  createKey(made.toJwk())
  // @ts-expect-error: text says not what it is
  createKey('x')
  // @ts-expect-error: a parsed object may lack its kty
  createKey({ jwk: parsed })
  // @ts-expect-error: none is no algorithm
  createKey({ secret: 'x' }, { alg: 'none' })
  // @ts-expect-error: nor are names in another case
  generateKey('hs256')
  // @ts-expect-error: there are no RSA keys of 1024 bits
  generateKey('RS256', { modulusBits: 1024 })
  // @ts-expect-error: an option that does not exist
  createKey({ secret: 'x' }, { algorithm: 'HS256' })
  // @ts-expect-error: a key is never changed
  key.alg = 'HS256'
  const published = keyring([key]).publish()
  type _2 = Expect<Same<typeof published, { keys: PublicJwk[] }>>
  type _3 = Expect<Same<Extract<Algorithm, 'none'>, never>>
  type _4 = Expect<Same<Key['alg'], Algorithm>>
}

export function verifiers(): void {
  const verifier = createVerifier({ key })
  type _1 = Expect<Same<typeof verifier, Verifier<Claims>>>
  const claims = verifier(token)
  type _2 = Expect<Same<typeof claims.sub, string | undefined>>
  type _3 = Expect<Same<typeof claims.exp, number | undefined>>
  type _4 = Expect<Same<typeof claims.aud, string | readonly string[] | undefined>>
  // Safe by being unknown: what nobody checked has no type.
  type _5 = Expect<Same<(typeof claims)['user'], unknown>>
  // @ts-expect-error: and so has no members
  claims['user'].id
  // @ts-expect-error: claims are read only
  claims.sub = 'eve'
  const verdict = verifier.safe(token)
  type _6 = Expect<Same<typeof verdict, Verdict<Claims>>>
  // @ts-expect-error: only a verdict that is ok has claims
  verdict.claims
  if (verdict.ok) verdict.claims.sub
  else {
    type _7 = Expect<Same<typeof verdict.code, ErrorCode>>
    type _8 = Expect<Same<typeof verdict.error, LatchkeyError>>
  }
  const later = verifier.async(token)
  type _9 = Expect<Same<typeof later, Promise<Claims>>>
  const complete = verifier.complete(token)
  type _10 = Expect<Same<typeof complete, CompleteToken<Claims>>>

  createVerifier({ keys: [key] })
  createVerifier({ keys: keyring([key]), algorithms: ['ES256'] })
  createVerifier({ keys: remoteKeys('https://a.example'), clockTolerance: '60s', maxAge: '10m' })
  createVerifier({ key, unsafeIgnoreExpiration: true })
  // @ts-expect-error: [S16] a verifier needs keys
  createVerifier({ issuer: 'a' })
  // @ts-expect-error: of one source
  createVerifier({ key, keys: [key] })
  // @ts-expect-error: a secret is made a key first
  createVerifier({ key: 'secret' })
  // @ts-expect-error: [S41] patterns are no values
  createVerifier({ key, issuer: /x/ })
  // @ts-expect-error: nor in a list
  createVerifier({ key, audience: [/x/g] })
  // @ts-expect-error: [S17] none is no algorithm
  createVerifier({ key, algorithms: ['none'] })
  // @ts-expect-error: a misspelled option
  createVerifier({ key, issuers: 'a' })
  // @ts-expect-error: the dangerous one says so
  createVerifier({ key, ignoreExpiration: true })
  const source: KeySource = { generation: 0, find: () => [key] }
  createVerifier({ keys: source })
}

export function schemas(): void {
  const byZod = createVerifier({
    key,
    schema: z.object({
      sub: z.string(),
      user: z.object({ roles: z.array(z.string()) }),
      n: z.coerce.number(),
    }),
  })
  type _1 = Expect<Same<ReturnType<typeof byZod>, { sub: string; user: { roles: string[] }; n: number }>>
  const byValibot = createVerifier({ key, schema: v.object({ sub: v.string(), n: v.optional(v.number()) }) })
  const valibotClaims = byValibot(token)
  type _2 = Expect<Same<typeof valibotClaims.sub, string>>
  type _3 = Expect<Same<typeof valibotClaims.n, number | undefined>>
  const byArktype = createVerifier({ key, schema: type({ sub: 'string', roles: 'string[]' }) })
  type _4 = Expect<Same<ReturnType<typeof byArktype>, { sub: string; roles: string[] }>>
  const byAsync = createVerifier({ key, schema: v.objectAsync({ sub: v.string() }) })
  type _5 = Expect<Same<Awaited<ReturnType<typeof byAsync.async>>, { sub: string }>>

  const verdict = byZod.safe(token)
  if (verdict.ok) {
    type _6 = Expect<Same<typeof verdict.claims.user.roles, string[]>>
  }
  type _7 = Expect<Same<ReturnType<typeof byZod.complete>['payload']['n'], number>>
  // @ts-expect-error: what the schema does not name is not there
  byZod(token).iss
  // @ts-expect-error: any object is no schema
  createVerifier({ key, schema: { parse: () => ({}) } })
}

export function verbs(): void {
  const signed = sign({ user: 1 }, 'secret', { expiresIn: '1h', algorithm: 'HS256' })
  type _1 = Expect<Same<typeof signed, string>>
  const nothing = sign({ user: 1 }, 'secret', (_error, made) => {
    type _2 = Expect<Same<typeof made, string | undefined>>
  })
  type _3 = Expect<Same<typeof nothing, void>>
  sign({}, key, { issuer: 'a' }, () => {})
  const claims = verify(token, 'secret')
  type _4 = Expect<Same<typeof claims, Claims>>
  const complete = verify(token, 'secret', { complete: true })
  type _5 = Expect<Same<typeof complete, CompleteToken<Claims>>>
  verify(token, 'secret', { issuer: 'a' }, (_error, found) => {
    type _6 = Expect<Same<typeof found, Claims | undefined>>
  })
  verify(
    token,
    (header, done) => done(null, header.kid ?? ''),
    (_error, found) => found?.sub,
  )
  verify(
    token,
    async () => key,
    { complete: true },
    (_error, found) => found?.header.alg,
  )
  // @ts-expect-error: a payload is an object
  sign('text', 'secret')
  // @ts-expect-error: a misspelled option
  sign({}, 'secret', { noTimeStamp: true })
  // @ts-expect-error: a function that finds the key needs a callback
  verify(token, () => 'secret')
  // @ts-expect-error: nothing is no key
  verify(token, undefined)
  // @ts-expect-error: claims are unknown until somebody looks
  verify(token, 'secret')['user'].id
  const signer = createSigner({ key, jwtid: true })
  const later = signer.async({ a: 1 }, { subject: 'ada' })
  type _7 = Expect<Same<typeof later, Promise<string>>>
  // @ts-expect-error: a signer needs its key
  createSigner({ issuer: 'a' })
  // @ts-expect-error: one call adds claims only
  signer({}, { typ: 'x' })
}

export function decoding(): void {
  const payload = decode(token)
  type _1 = Expect<Same<typeof payload, Readonly<Record<string, unknown>> | null>>
  const parts = decode(token, { complete: true })
  type _2 = Expect<Same<typeof parts, UnverifiedToken | null>>
  // @ts-expect-error: [S14] it may be null
  payload['sub']
  if (payload === null || parts === null) return
  // [S14] Nothing in it has a type: who wants to use it must look at it first.
  type _3 = Expect<Same<(typeof payload)['sub'], unknown>>
  // @ts-expect-error: [S14] what is decoded is no verdict
  const verdict: Verdict = parts
  // @ts-expect-error: [S14] and nothing to make a verifier of
  createVerifier({ key: parts })
  // @ts-expect-error: an option that does not exist
  decode(token, { verify: true })
  return void verdict
}

export function errors(): void {
  const error = new LatchkeyError('token_expired')
  type _1 = Expect<Same<typeof error.code, ErrorCode>>
  // @ts-expect-error: codes are a closed list
  new LatchkeyError('oops')
  // @ts-expect-error: and compared as one
  error.code === 'oops'
}
