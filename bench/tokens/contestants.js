// Who runs in which race: Latchkey, the peers that can, and bare node:crypto. Each must first give the right answer,
// so that nobody is measured doing nothing.
import { bareSign, bareVerify } from './bare-crypto.js'
import { tokenOf } from './bench-key.js'
import { claimsOf } from './claims.js'
import { guardVerifier, tokenSigner } from './latchkey.js'
import { peers } from './peers.js'
import { repeat, repeatAsync } from './repeat.js'
import { TokenTexts } from './token-texts.js'

const distinctTokens = 1024
const manyTokens = 16_384
const smallCache = 1000

const listOf = (length, make) => Array.from({ length }, (_, index) => make(index))

/** Tokens under our name of the algorithm and, where it differs, under the peers'. */
function tokensOf(key, length) {
  const claims = listOf(length, index => claimsOf(index))
  const ours = claims.map(one => tokenOf(key, one))
  const theirs = key.alg === key.peerAlg ? ours : claims.map(one => tokenOf(key, one, key.peerAlg))
  return { ours: new TokenTexts(ours), theirs: new TokenTexts(theirs) }
}

async function requireClaims(name, claims) {
  if ((await claims)?.sub?.startsWith('user-') !== true)
    throw new Error(`${name} does not verify a good token`)
}

async function peerVerifier(peer, key, { texts, cacheSize }) {
  const verify = peer.verifier(key, cacheSize)
  await requireClaims(peer.name, verify(texts.take()))
  const next = () => texts.take()
  const run = peer.atOnce === undefined ? repeat(next, verify) : repeatAsync(next, verify, peer.atOnce)
  return { name: peer.name, kind: 'peer', run }
}

function ownVerifier(name, verify, texts) {
  if (verify(texts.take()).sub.startsWith('user-') !== true)
    throw new Error(`${name} does not verify a good token`)
  return { name, kind: 'latchkey', run: repeat(() => texts.take(), verify) }
}

/** Every token is verified as if it were seen for the first time. */
export async function verifyContestants(key) {
  const { ours, theirs } = tokensOf(key, distinctTokens)
  const able = peers.filter(peer => peer.algorithms.includes(key.alg) && peer.cached !== true)
  const inputs = listOf(distinctTokens, () => {
    const token = ours.take()
    return Buffer.from(token.slice(0, token.lastIndexOf('.')))
  })
  return [
    ownVerifier('latchkey', guardVerifier(key, false), ours),
    ...(await Promise.all(able.map(peer => peerVerifier(peer, key, { texts: theirs })))),
    { name: 'bare node:crypto', kind: 'bare', run: bareVerify(key, inputs) },
  ]
}

/** Every token was verified before. The peer's cache has room for all of them too. */
export async function cachedContestants(key) {
  const { ours, theirs } = tokensOf(key, distinctTokens)
  const able = peers.filter(peer => peer.algorithms.includes(key.alg) && peer.cached === true)
  const contestants = [
    ownVerifier('latchkey', guardVerifier(key, true), ours),
    ...(await Promise.all(
      able.map(peer => peerVerifier(peer, key, { texts: theirs, cacheSize: manyTokens })),
    )),
  ]
  for (const { run } of contestants) run(distinctTokens)
  return contestants
}

/** More tokens than the cache has room for, in turn: it never hits. */
export async function missingContestants(key) {
  const { ours, theirs } = tokensOf(key, manyTokens)
  const both = peers.filter(peer => peer.name.startsWith('fast-jwt'))
  return [
    ownVerifier('latchkey, cache off', guardVerifier(key, false), ours),
    ownVerifier('latchkey, cache on', guardVerifier(key, { size: smallCache }), ours),
    ...(await Promise.all(
      both.map(peer => peerVerifier(peer, key, { texts: theirs, cacheSize: smallCache })),
    )),
  ]
}

async function peerSigner(peer, key, next) {
  const sign = peer.signer(key)
  const token = await sign(next())
  if (token.split('.').length !== 3) throw new Error(`${peer.name} does not sign`)
  return {
    name: peer.name,
    kind: 'peer',
    run: peer.atOnce === undefined ? repeat(next, sign) : repeatAsync(next, sign, peer.atOnce),
  }
}

export async function signContestants(key) {
  const list = listOf(distinctTokens, index => claimsOf(index))
  let at = 0
  const next = () => {
    at = at + 1 === list.length ? 0 : at + 1
    return list[at]
  }
  const able = peers.filter(peer => peer.algorithms.includes(key.alg) && peer.signer !== undefined)
  const sign = tokenSigner(key)
  // What it makes is what it would accept.
  if (guardVerifier(key, false)(sign(next())).iss !== next().iss) throw new Error('latchkey does not sign')
  const inputs = list.map(claims => {
    const token = tokenOf(key, claims)
    return Buffer.from(token.slice(0, token.lastIndexOf('.')))
  })
  return [
    { name: 'latchkey', kind: 'latchkey', run: repeat(next, sign) },
    ...(await Promise.all(able.map(peer => peerSigner(peer, key, next)))),
    { name: 'bare node:crypto', kind: 'bare', run: bareSign(key, inputs) },
  ]
}
