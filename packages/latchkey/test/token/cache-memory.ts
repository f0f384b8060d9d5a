// Measures what a full cache of the usual size takes, in a process of its own: prints one line of JSON. The tokens are
// HS256 tokens of 470 characters with ten claims, as an access token has them.
import { setTimeout as pause } from 'node:timers/promises'
import { createKey, createSigner, createVerifier } from 'latchkey'
import { usualCacheSize, VerifiedTokens } from '../../src/token/verified-tokens.ts'

const collect = globalThis.gc ?? (() => {})

async function heapBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect()
    await pause(1)
  }
  return process.memoryUsage().heapUsed
}

const key = createKey({ secret: 'a secret of the measurement, 32 bytes long' })
const signer = createSigner({
  key,
  expiresIn: 3600,
  issuer: 'https://issuer.example',
  audience: 'https://api.example',
  jwtid: true,
})
const verifier = createVerifier({ key })
const claimsOf = (count: number): object => ({
  sub: `user-${count}`,
  sid: `session-${count}`,
  client_id: 'latchkey',
  scope: 'posts:read posts:write',
  user: { id: `user-${count}`, username: `name-${count}`, roles: ['editor'] },
})
verifier(signer(claimsOf(0)))

const cacheBefore = await heapBytes()
const empty = new VerifiedTokens(usualCacheSize)
empty.add(
  {
    token: 'x',
    verified: { ok: true, claims: {}, header: { alg: 'HS256' } },
    asked: { claims: {}, header: { alg: 'HS256' } },
    fromMs: 0,
    endMs: 0,
  },
  0,
)
const emptyBytes = (await heapBytes()) - cacheBefore

const before = await heapBytes()
// Through the verifier, as a guard does it: each token a new text.
for (let count = 0; count < usualCacheSize * 2; count++) verifier(signer(claimsOf(count)))
const fullBytes = (await heapBytes()) - before
// The verifier is still in use here, so nothing of it was collected.
verifier(signer(claimsOf(1)))

// Which of as many tokens would be found, told by a cache that can be looked into.
for (let count = 0; count < usualCacheSize * 2; count++) {
  empty.add(
    {
      token: signer(claimsOf(count)),
      verified: { ok: true, claims: {}, header: { alg: 'HS256' } },
      asked: { claims: {}, header: { alg: 'HS256' } },
      fromMs: 0,
      endMs: 1,
    },
    0,
  )
}
process.stdout.write(JSON.stringify({ emptyBytes, fullBytes, entries: empty.size }))
