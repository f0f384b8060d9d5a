// What this runtime can do. Asked only when something failed: making a key costs what it costs.
import { generateKeyPairSync } from 'node:crypto'
import { type Algorithm, algorithms } from './algorithms.ts'

/** Whether the runtime knows the kind of key that an algorithm has. ML-DSA came with OpenSSL 3.5 (Node 24.6). */
export function isSupported(alg: Algorithm): boolean {
  const row = algorithms[alg]
  if (!('kinds' in row)) return true
  return Object.values(row.kinds).every(({ type }) => isKnownKind(type))
}

function isKnownKind(type: string): boolean {
  try {
    // Its types know less than the runtime may.
    generateKeyPairSync(type as 'ed25519')
    return true
  } catch {
    return false
  }
}
