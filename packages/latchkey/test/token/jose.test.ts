// Differential: jose signs, Latchkey verifies, and the other way round, for every algorithm that both have.
import { createPrivateKey, createPublicKey, verify } from 'node:crypto'
import * as jose from 'jose'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../src/keys/algorithms.ts'
import { createKey } from '../../src/keys/create-key.ts'
import type { Jwk } from '../../src/keys/jwk.ts'
import { createSigner } from '../../src/token/signer.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { availableAlgorithms, signingKey, verifyingHalf } from '../keys/keys-of-tests.ts'
import { rawSigned } from './raw-token.ts'

/** WebCrypto of Node has neither of them. */
const notInJose: readonly Algorithm[] = ['ES256K', 'Ed448']
const shared = availableAlgorithms.filter(alg => !notInJose.includes(alg))
const claims = {
  iss: 'https://a.example',
  sub: 'ada',
  aud: ['x', 'y'],
  n: 1.5,
  text: 'é 🔑 "\\',
  list: [{ a: null }],
}

describe('jose and the table of algorithms', () => {
  it.each(notInJose)('node:crypto stands in for %s, both ways', alg => {
    const key = signingKey(alg)
    const hash = alg === 'Ed448' ? null : 'sha256'
    const [head = '', body = '', tail = ''] = createSigner({ key })(claims).split('.')
    const object = createPublicKey(key.toPem())
    const input = Buffer.from(`${head}.${body}`)
    expect(
      verify(hash, input, { key: object, dsaEncoding: 'ieee-p1363' }, Buffer.from(tail, 'base64url')),
    ).toBe(true)
    const theirs = rawSigned(createPrivateKey(key.toPrivatePem()), { alg }, { payload: claims, hash })
    expect(createVerifier({ key: verifyingHalf(key) })(theirs)).toEqual(claims)
  })

  it.each(notInJose)('jose still lacks %s, which is why it is not compared', async alg => {
    await expect(jose.importJWK({ ...signingKey(alg).toPrivateJwk() } as jose.JWK, alg)).rejects.toThrow()
  })
})

describe.each(shared)('%s', alg => {
  const key = signingKey(alg, 'k1')
  const open = verifyingHalf(key)
  const jwk = key.toPrivateJwk() as unknown as jose.JWK
  const openJwk = key.type === 'secret' ? jwk : (key.toJwk() as unknown as jose.JWK)

  it('jose verifies what Latchkey signs', async () => {
    const token = createSigner({ key, expiresIn: '1h', jwtid: true })(claims)
    const { payload, protectedHeader } = await jose.jwtVerify(token, await jose.importJWK(openJwk, alg), {
      algorithms: [alg],
    })
    expect(payload).toMatchObject(claims)
    expect(payload).toEqual(createVerifier({ key: open })(token))
    expect(protectedHeader).toEqual({ alg, kid: 'k1', typ: 'JWT' })
  })

  it('Latchkey verifies what jose signs', async () => {
    const token = await new jose.SignJWT(claims)
      .setProtectedHeader({ alg, kid: 'k1' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(await jose.importJWK(jwk, alg))
    const verifier = createVerifier({
      key: open,
      issuer: 'https://a.example',
      audience: 'y',
      subject: 'ada',
      maxAge: 60,
    })
    expect(verifier(token)).toMatchObject(claims)
    expect(await verifier.async(token)).toMatchObject(claims)
  })

  it('both refuse what either made and somebody changed', async () => {
    const made = [
      createSigner({ key })(claims),
      await new jose.SignJWT(claims).setProtectedHeader({ alg }).sign(await jose.importJWK(jwk, alg)),
    ]
    const imported = await jose.importJWK(openJwk, alg)
    const verifier = createVerifier({ key: open })
    for (const token of made) {
      const [head = '', , tail = ''] = token.split('.')
      const other = Buffer.from(JSON.stringify({ ...claims, sub: 'eve' })).toString('base64url')
      for (const changed of [`${head}.${other}.${tail}`, `${head}.${token.split('.')[1]}.${tail.slice(4)}`]) {
        expect(verifier.safe(changed)).toMatchObject({ ok: false, code: 'signature_invalid' })
        await expect(jose.jwtVerify(changed, imported)).rejects.toThrow()
      }
    }
  })

  if (alg.startsWith('HS')) return

  it('keys pass between them as JWK and as PEM', async () => {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true })
    const theirs = createKey({ jwk: { ...(await jose.exportJWK(privateKey)), alg } as Jwk })
    const theirPublic = createKey({ jwk: { ...(await jose.exportJWK(publicKey)), alg } as Jwk })
    expect(createVerifier({ key: theirPublic }).safe(createSigner({ key: theirs })({})).ok).toBe(true)
    const fromPem = createKey({ pem: await jose.exportSPKI(publicKey) }, { alg })
    expect(fromPem.toPem().trim()).toBe((await jose.exportSPKI(publicKey)).trim())
    const token = await new jose.SignJWT({}).setProtectedHeader({ alg }).sign(privateKey)
    expect(createVerifier({ key: fromPem }).safe(token).ok).toBe(true)
    await expect(jose.importSPKI(open.toPem(), alg)).resolves.toBeDefined()
  })
})

describe('a published set', () => {
  it('is read by jose as it stands', async () => {
    const keys = shared.filter(alg => !alg.startsWith('HS')).map(alg => signingKey(alg, `kid of ${alg}`))
    const set = jose.createLocalJWKSet({ keys: keys.map(key => key.toJwk() as unknown as jose.JWK) })
    for (const key of keys) {
      if (key.alg === 'EdDSA') continue
      const token = createSigner({ key })({ a: 1 })
      expect((await jose.jwtVerify(token, set)).payload).toMatchObject({ a: 1 })
    }
  })
})
