// Whether an asymmetric key is of the kind that an algorithm asks for (RFC 7518 3.1), in the old library's words.
import type { KeyObject } from 'node:crypto'

const algorithmsOf: Readonly<Record<string, readonly string[]>> = {
  ec: ['ES256', 'ES384', 'ES512'],
  rsa: ['RS256', 'PS256', 'RS384', 'PS384', 'RS512', 'PS512'],
  'rsa-pss': ['PS256', 'PS384', 'PS512'],
}

const curveOf: Readonly<Record<string, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
}

/** What is wrong with using the key for the algorithm, if anything. A secret is never judged here. */
export function keyTypeProblem(algorithm: string, key: KeyObject | null | undefined): string | undefined {
  const type = algorithm ? key?.asymmetricKeyType : undefined
  if (!type) return undefined
  const allowed = algorithmsOf[type]
  if (allowed === undefined) return `Unknown key type "${type}".`
  if (!allowed.includes(algorithm)) {
    return `"alg" parameter for "${type}" key type must be one of: ${allowed.join(', ')}.`
  }
  // Reading the details of an RSA key costs as much as verifying with it.
  if (type === 'rsa') return undefined
  const details = key?.asymmetricKeyDetails ?? {}
  if (type === 'ec') {
    const curve = curveOf[algorithm]
    return details.namedCurve === curve
      ? undefined
      : `"alg" parameter "${algorithm}" requires curve "${curve}".`
  }
  return pssProblem(algorithm, details)
}

function pssProblem(
  algorithm: string,
  details: NonNullable<KeyObject['asymmetricKeyDetails']>,
): string | undefined {
  const { hashAlgorithm, mgf1HashAlgorithm, saltLength } = details
  const bits = Number(algorithm.slice(-3))
  if (hashAlgorithm !== `sha${bits}` || mgf1HashAlgorithm !== hashAlgorithm) {
    return `Invalid key for this operation, its RSA-PSS parameters do not meet the requirements of "alg" ${algorithm}.`
  }
  if (saltLength !== undefined && saltLength > bits / 8) {
    return `Invalid key for this operation, its RSA-PSS parameter saltLength does not meet the requirements of "alg" ${algorithm}.`
  }
  return undefined
}
