import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { requireStrongRsa } from '../../src/keys/rsa-strength.ts'

const e = Buffer.from('AQAB', 'base64url')
const odd = (bits: number): Buffer => {
  const hex = ((1n << BigInt(bits - 1)) + 1n).toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

/** 65537 to some power modulo the product of the first primes, as the weak generator made its primes. */
function rocaModulus(): Buffer {
  const product = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n, 53n, 59n, 61n, 67n, 71n]
    .concat([73n, 79n, 83n, 89n, 97n, 101n, 103n, 107n, 109n, 113n, 127n, 131n, 137n, 139n, 149n, 151n, 157n])
    .concat([163n, 167n])
    .reduce((all, prime) => all * prime, 2n)
  let modulus = 1n
  for (let power = 0; power < 12_345; power++) modulus = (modulus * 65_537n) % product
  modulus += product * (1n << 1900n)
  const hex = modulus.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

describe('RSA keys', () => {
  it.each([
    ['2047 bits', odd(2047), e, /2048 bits or more/],
    ['16385 bits', odd(16_392), e, /16384 bits at most/],
    ['exponent 1', odd(2048), Buffer.from([1]), /The exponent of an RSA key is odd, and 3 or more/],
    ['an even exponent', odd(2048), Buffer.from([4]), /is odd, and 3 or more/],
    ['an exponent of 257 bits', odd(3072), odd(257), /256 bits at most/],
    ['an even modulus', Buffer.concat([odd(2040), Buffer.alloc(1)]), e, /is odd, and 3 or more/],
    ['no modulus', Buffer.alloc(0), e, /2048 bits or more/],
    ['a modulus padded with zeros', Buffer.concat([Buffer.alloc(200), odd(1024)]), e, /2048 bits or more/],
  ])('[S22] of %s are refused', (_, modulus, exponent, message) => {
    expect(() => requireStrongRsa(modulus, exponent)).toThrow(message)
  })

  it('[S23] CVE-2017-15361 of the ROCA generator are refused, and no others', () => {
    expect(() => requireStrongRsa(rocaModulus(), e)).toThrow(/ROCA weakness/)
    const { n = '' } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
    expect(() => requireStrongRsa(Buffer.from(n, 'base64url'), e)).not.toThrow()
    expect(() => requireStrongRsa(odd(2048), Buffer.from([3]))).not.toThrow()
  })
})
