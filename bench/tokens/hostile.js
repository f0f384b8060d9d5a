// What it costs to refuse what strangers send. An attacker chooses these, so the dearest one counts.
import { randomBytes } from 'node:crypto'
import { tokenOf } from './bench-key.js'
import { claimsOf, expiredAgeSeconds } from './claims.js'
import { guardVerifier } from './latchkey.js'
import { peers } from './peers.js'
import { repeat } from './repeat.js'
import { TokenTexts } from './token-texts.js'

const million = 1_048_576
const distinct = 256

/** Whose cost is told; one way of calling each. */
const named = [
  'jsonwebtoken, KeyObject',
  'fast-jwt',
  'fast-jwt, cache on',
  'jose, one at a time',
  '@node-rs/jsonwebtoken',
  'hono/jwt, 32 at once',
]

const many = make => Array.from({ length: distinct }, (_, index) => make(index))

function withWrongSignature(token) {
  const at = token.lastIndexOf('.') + 5
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
}

function longHeader() {
  const header = JSON.stringify({ alg: 'HS256', typ: 'at+jwt', x: 'a'.repeat(786_432) })
  return `${Buffer.from(header).toString('base64url')}.e30.${'A'.repeat(43)}`
}

function deepPayload(key) {
  const head = tokenOf(key, claimsOf(0)).split('.')[0]
  return `${head}.${Buffer.from('['.repeat(786_432)).toString('base64url')}.${'A'.repeat(43)}`
}

/** Long ones are the same string each time: cutting out a megabyte would cost more than what is measured. */
const inputs = [
  { name: '400 random characters', make: () => many(() => randomBytes(300).toString('base64url')) },
  {
    name: 'good header, wrong signature',
    make: key => many(index => withWrongSignature(tokenOf(key, claimsOf(index)))),
  },
  { name: 'expired', make: key => many(index => tokenOf(key, claimsOf(index, expiredAgeSeconds))) },
  { name: '1 MB of junk', isLong: true, make: () => [randomBytes((million * 3) / 4).toString('base64url')] },
  { name: '1 MB of dots', isLong: true, make: () => ['.'.repeat(million)] },
  { name: '1 MB of header', isLong: true, make: () => [longHeader()] },
  { name: '1 MB of [[[[, wrong signature', isLong: true, make: key => [deepPayload(key)] },
]

/** A flat string of its own: what the first reader does to a string of pieces is not measured. */
function sourceOf({ isLong, make }, key) {
  const texts = make(key)
  if (isLong !== true) {
    const source = new TokenTexts(texts)
    return () => source.take()
  }
  const text = Buffer.from(texts[0], 'latin1').latin1Slice()
  return () => text
}

function refusing(name, verify) {
  return token => {
    try {
      verify(token)
    } catch {
      return
    }
    throw new Error(`${name} accepts a hostile token`)
  }
}

async function refuseLater(name, verify, token) {
  try {
    await verify(token)
  } catch {
    return
  }
  throw new Error(`${name} accepts a hostile token`)
}

function peerContestant(peer, key, next) {
  const verify = peer.verifier(key, 1000)
  const name = peer.name.replace(/, (one at a time|32 at once)$/, '')
  if (peer.atOnce === undefined) return { name, kind: 'peer', run: repeat(next, refusing(name, verify)) }
  const run = async count => {
    for (let done = 0; done < count; done++) await refuseLater(name, verify, next())
  }
  return { name, kind: 'peer', run }
}

function ownContestants(key, next) {
  const verify = guardVerifier(key, true)
  const refuse = token => {
    if (verify.safe(token).ok) throw new Error('latchkey accepts a hostile token')
  }
  return [
    { name: 'latchkey, safe', kind: 'latchkey', run: repeat(next, refuse) },
    { name: 'latchkey, throw', kind: 'latchkey', run: repeat(next, refusing('latchkey', verify)) },
  ]
}

/** A race for each input. */
export function hostileRaces(key) {
  const able = peers.filter(peer => named.includes(peer.name))
  return inputs.map(input => {
    const next = sourceOf(input, key)
    return {
      name: input.name,
      isLong: input.isLong === true,
      contestants: [...ownContestants(key, next), ...able.map(peer => peerContestant(peer, key, next))],
    }
  })
}
