// The peers, a row for each way of calling them. Each is given its keys in the form that suits it best, prepared
// once, and is asked for issuer, audience and `exp`: not for the type of the token, which some cannot check.

import { createRequire } from 'node:module'
import { signSync, verifySync } from '@node-rs/jsonwebtoken'
import { JwtVerifier } from 'aws-jwt-verify'
import { sign as honoSign, verify as honoVerify } from 'hono/jwt'
import { jwtVerify, SignJWT } from 'jose'
import { audience, issuer } from './claims.js'

// Both are CommonJS and have no names to import.
const require = createRequire(import.meta.url)
const jsonwebtoken = require('jsonwebtoken')
const fastJwt = require('fast-jwt')

const everywhere = ['HS256', 'RS256', 'ES256', 'Ed25519']
const withoutEd25519 = ['HS256', 'RS256', 'ES256']

function viaJsonwebtoken(form) {
  return {
    verifier: key => {
      const secretOrKey = key[`verifying${form}`]
      const options = { issuer, audience, algorithms: [key.peerAlg] }
      return token => jsonwebtoken.verify(token, secretOrKey, options)
    },
    signer: key => {
      const secretOrKey = key[`signing${form}`]
      const options = { algorithm: key.peerAlg, ...(key.kid !== undefined && { keyid: key.kid }) }
      return claims => jsonwebtoken.sign(claims, secretOrKey, options)
    },
  }
}

function viaFastJwt(cache) {
  return key =>
    fastJwt.createVerifier({
      key: key.verifyingText,
      algorithms: [key.peerAlg],
      allowedIss: issuer,
      allowedAud: audience,
      cache,
    })
}

const jose = {
  verifier: key => {
    const options = { issuer, audience, algorithms: [key.peerAlg] }
    return async token => (await jwtVerify(token, key.webVerifying, options)).payload
  },
  signer: key => {
    const header = { alg: key.peerAlg, typ: 'at+jwt', ...(key.kid !== undefined && { kid: key.kid }) }
    return claims => new SignJWT(claims).setProtectedHeader(header).sign(key.webSigning)
  },
}

const hono = {
  verifier: key => {
    const options = { alg: key.peerAlg, iss: issuer, aud: audience, typ: 'at+jwt' }
    return token => honoVerify(token, key.webVerifying, options)
  },
  signer: key => claims => honoSign(claims, key.webSigning, key.peerAlg),
}

const nodeRs = {
  verifier: key => {
    const options = { algorithms: [key.peerAlg], iss: [issuer], aud: [audience] }
    return token => verifySync(token, key.verifyingText, options)
  },
  signer: key => {
    const header = { algorithm: key.peerAlg, ...(key.kid !== undefined && { keyId: key.kid }) }
    return claims => signSync(claims, key.signingText, header)
  },
}

function awsVerifier(key) {
  const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/jwks.json` })
  verifier.cacheJwks({ keys: [key.publicJwk] })
  return token => verifier.verifySync(token)
}

/**
 * `atOnce`: how many promises are in flight together; undefined for functions that return.
 * `cached`: it remembers verified tokens.
 */
export const peers = [
  { name: 'jsonwebtoken, KeyObject', algorithms: withoutEd25519, ...viaJsonwebtoken('') },
  { name: 'jsonwebtoken, text', algorithms: withoutEd25519, ...viaJsonwebtoken('Text') },
  {
    name: 'fast-jwt',
    algorithms: everywhere,
    verifier: viaFastJwt(false),
    signer: key =>
      fastJwt.createSigner({
        key: key.signingText,
        algorithm: key.peerAlg,
        ...(key.kid !== undefined && { kid: key.kid }),
      }),
  },
  {
    name: 'fast-jwt, cache on',
    algorithms: everywhere,
    cached: true,
    verifier: (key, size) => viaFastJwt(size)(key),
  },
  { name: 'jose, one at a time', algorithms: everywhere, atOnce: 1, ...jose },
  { name: 'jose, 32 at once', algorithms: everywhere, atOnce: 32, ...jose },
  { name: '@node-rs/jsonwebtoken', algorithms: everywhere, ...nodeRs },
  { name: 'hono/jwt, 32 at once', algorithms: everywhere, atOnce: 32, ...hono },
  { name: 'aws-jwt-verify', algorithms: ['RS256', 'ES256', 'Ed25519'], verifier: awsVerifier },
]

/** Their names on the registry. */
export const peerPackages = [
  'jsonwebtoken',
  'fast-jwt',
  'jose',
  '@node-rs/jsonwebtoken',
  'hono',
  'aws-jwt-verify',
]
