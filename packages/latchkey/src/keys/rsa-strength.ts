// RSA keys that must not be used: too small, with an exponent that signs nothing, or made by a generator whose
// primes can be found (ROCA, CVE-2017-15361).
import { LatchkeyError } from '../base/errors.ts'

const leastModulusBits = 2048
/** Larger keys cost seconds a check and are only ever sent by somebody who wants that. */
const mostModulusBits = 16_384
/** FIPS 186-5 A.1.1. With one as long as the modulus a check takes as long as a signature. */
const mostExponentBits = 256

/** Throws `key_too_weak` or `key_invalid` (RFC 7518 3.3 and 3.5; RFC 8017 3.1). */
export function requireStrongRsa(modulusBytes: Buffer, exponentBytes: Buffer): void {
  const modulus = BigInt(`0x0${modulusBytes.toString('hex')}`)
  const exponent = BigInt(`0x0${exponentBytes.toString('hex')}`)
  const bits = modulus.toString(2).length
  if (bits < leastModulusBits) {
    throw new LatchkeyError('key_too_weak', { detail: `An RSA key has ${leastModulusBits} bits or more.` })
  }
  if (bits > mostModulusBits) {
    throw new LatchkeyError('key_invalid', { detail: `An RSA key has ${mostModulusBits} bits at most.` })
  }
  if (exponent < 3n || exponent % 2n === 0n || modulus % 2n === 0n) {
    throw new LatchkeyError('key_too_weak', { detail: 'The exponent of an RSA key is odd, and 3 or more.' })
  }
  if (exponent >> BigInt(mostExponentBits) > 0n) {
    throw new LatchkeyError('key_invalid', {
      detail: `The exponent of an RSA key has ${mostExponentBits} bits at most.`,
    })
  }
  if (hasRocaFingerprint(modulus)) {
    throw new LatchkeyError('key_too_weak', { detail: 'This RSA key has the ROCA weakness; make another.' })
  }
}

const generator = 65_537

/** For each small prime, the residues that a power of the generator can have. */
const subgroups = oddPrimesUpTo(167).map(prime => {
  const residues = new Set<number>()
  for (let power = 1; !residues.has(power); power = (power * generator) % prime) residues.add(power)
  return { prime: BigInt(prime), residues }
})

/**
 * The weak generator made primes k·M + (65537^a mod M) with M the product of the first primes, so such a modulus is
 * a power of 65537 modulo every one of them. By chance that happens once in 2^27.
 */
function hasRocaFingerprint(modulus: bigint): boolean {
  return subgroups.every(({ prime, residues }) => residues.has(Number(modulus % prime)))
}

function oddPrimesUpTo(limit: number): number[] {
  const primes: number[] = []
  for (let candidate = 3; candidate <= limit; candidate += 2) {
    if (primes.every(prime => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}
