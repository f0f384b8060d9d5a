// One warning a process about secrets shorter than the hash (RFC 7518 3.2). Old code relies on them, so they work.
import type { KeyObject } from 'node:crypto'

let warned = false

/** Warns once when `secret` has fewer bytes than the hash of `algorithm`. Says nothing of the secret itself. */
export function warnOfWeakSecret(algorithm: string, secret: KeyObject): void {
  if (warned || (secret.symmetricKeySize ?? 0) >= Number(algorithm.slice(2)) / 8) return
  warned = true
  process.emitWarning(
    `A secret shorter than its hash signs or verifies ${algorithm} tokens; it can be guessed from one token. ` +
      `Make a better one: node -p "require('node:crypto').randomBytes(64).toString('base64url')"`,
    { type: 'LatchkeyWarning', code: 'LATCHKEY_WEAK_SECRET' },
  )
}
