// A new key for the ring.
import { type Algorithm, generateKey, type Key } from 'latchkey'

/**
 * A key named by its own thumbprint (RFC 7638). One in sixty-four would begin with a hyphen, and a command line takes
 * what does so for an option: those are made again.
 */
export function newSigningKey(alg: Algorithm): Key & { readonly kid: string } {
  for (;;) {
    const key = generateKey(alg)
    const { kid } = key
    // A generated key has the name that was just looked at.
    if (kid !== undefined && !kid.startsWith('-')) return key as Key & { readonly kid: string }
  }
}
