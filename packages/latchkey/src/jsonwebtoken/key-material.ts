// Turns what a caller of the old library hands over into a KeyObject. A text or bytes are a PEM when they can be
// read as one, else a secret: the guessing that `createKey` of `latchkey` refuses and old code relies on.
import { createPrivateKey, createPublicKey, createSecretKey, KeyObject } from 'node:crypto'

type Read = (material: string) => KeyObject

/** The signing key; null and undefined stay what they are, `'unreadable'` is neither a key nor a secret. */
export function signingKeyFrom(material: unknown): KeyObject | null | undefined | 'unreadable' {
  return keyFrom(material, createPrivateKey)
}

/** The checking key: of a private PEM its public half. Otherwise as `signingKeyFrom`. */
export function checkingKeyFrom(material: unknown): KeyObject | null | undefined | 'unreadable' {
  return keyFrom(material, createPublicKey)
}

function keyFrom(material: unknown, readAsymmetric: Read): KeyObject | null | undefined | 'unreadable' {
  if (material === null || material === undefined || material instanceof KeyObject) return material
  if (mayBeAsymmetric(material)) {
    try {
      // The cast hands a caller's value to the one judge of it, which throws when it is nothing it knows.
      return readAsymmetric(material as string)
    } catch {
      // Not a key, so perhaps a secret.
    }
  }
  try {
    return createSecretKey(typeof material === 'string' ? Buffer.from(material) : (material as Buffer))
  } catch {
    return 'unreadable'
  }
}

// Without this marker no PEM can be read, and finding that out by trying costs ten times a signature.
const pemMarker = '-----BEGIN'

function mayBeAsymmetric(material: unknown): boolean {
  return typeof material === 'string' || Buffer.isBuffer(material) ? material.includes(pemMarker) : true
}
