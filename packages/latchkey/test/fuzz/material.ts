// What the fuzzer starts from: keys with their verifiers here and in jose, made once a run.
import { createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import * as jose from 'jose'
import type { Algorithm } from '../../src/keys/algorithms.ts'
import type { Key } from '../../src/keys/key.ts'
import { createVerifier, type Verifier, type VerifierSettings } from '../../src/token/verifier.ts'
import { signingKey, verifyingHalf } from '../keys/keys-of-tests.ts'

/** When every token is judged, here and in jose. */
export const nowSeconds = 1_700_000_000

export interface Judge {
  readonly verifier: Verifier
  /** jose's verdict: the claims, or undefined when it refuses. */
  readonly ask: (token: string) => Promise<{ header: unknown; claims: unknown } | undefined>
}

export interface Pair {
  readonly alg: Algorithm
  readonly key: Key
  /** A true signature over any text, made by node:crypto and not by the engine. */
  readonly signRaw: (input: string) => string
  readonly judges: readonly Judge[]
  /** The public key in every form in which somebody took it for a secret. */
  readonly forms: readonly (string | Uint8Array)[]
}

const hashes: Partial<Record<Algorithm, string>> = {
  HS256: 'sha256',
  HS512: 'sha512',
  RS256: 'sha256',
  ES256: 'sha256',
  ES512: 'sha512',
}

/** The same demands in both languages. */
const demands: readonly (readonly [VerifierSettings, jose.JWTVerifyOptions])[] = [
  [{}, {}],
  [
    { issuer: ['a', 'b'], audience: ['x', 'y'], clockTolerance: 5 },
    { issuer: ['a', 'b'], audience: ['x', 'y'], clockTolerance: 5 },
  ],
  [
    { typ: 'at+jwt', subject: 'ada', requiredClaims: ['jti'] },
    { typ: 'at+jwt', subject: 'ada', requiredClaims: ['jti', 'exp'] },
  ],
  [{ maxAge: 600 }, { maxTokenAge: 600 }],
]

async function pairOf(alg: Algorithm): Promise<Pair> {
  const key = signingKey(alg)
  const open = verifyingHalf(key)
  const jwk = key.type === 'secret' ? key.toPrivateJwk() : key.toJwk()
  const imported = await jose.importJWK(jwk as unknown as jose.JWK, alg)
  const judges = demands.map(([ours, theirs]) => ({
    verifier: createVerifier({ key: open, clock: () => nowSeconds * 1000, maxTokenLength: 100_000, ...ours }),
    ask: async (token: string) => {
      try {
        const options = { algorithms: [alg], currentDate: new Date(nowSeconds * 1000), ...theirs }
        const { payload, protectedHeader } = await jose.jwtVerify(token, imported, options)
        return { claims: payload, header: protectedHeader }
      } catch {
        return undefined
      }
    },
  }))
  const forms =
    key.type === 'secret'
      ? ['']
      : [key.toPem(), JSON.stringify(jwk), Buffer.from(String(jwk['n'] ?? jwk['x']), 'base64url')]
  return { alg, key, signRaw: rawSigner(key), judges, forms }
}

function rawSigner(key: Key): (input: string) => string {
  const hash = hashes[key.alg] ?? null
  if (key.type === 'secret') {
    const secret = Buffer.from(String(key.toPrivateJwk()['k']), 'base64url')
    return input =>
      createHmac(hash ?? '', secret)
        .update(input)
        .digest('base64url')
  }
  const object: KeyObject = createPrivateKey(key.toPrivatePem())
  return input =>
    sign(hash, Buffer.from(input), { key: object, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

/** HMAC most often: it is what most tokens have, and a case costs a hundredth. */
const shares: readonly (readonly [Algorithm, number])[] = [
  ['HS256', 40],
  ['HS512', 4],
  ['RS256', 2],
  ['ES256', 2],
  ['ES512', 1],
  ['Ed25519', 1],
]

export async function makePairs(): Promise<readonly Pair[]> {
  const lists = await Promise.all(
    shares.map(async ([alg, share]) => new Array<Pair>(share).fill(await pairOf(alg))),
  )
  return lists.flat()
}
