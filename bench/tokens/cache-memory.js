// What the cache of verified tokens weighs when it is full: the heap with it less the heap without it.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { tokenOf } from './bench-key.js'
import { claimsOf } from './claims.js'
import { guardVerifier } from './latchkey.js'
import { TokenTexts } from './token-texts.js'

const entries = 16_384
/** Eight tokens for each pair of slots: hardly one slot stays empty. */
const verified = entries * 4

function heapBytes() {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  for (let turn = 0; turn < 4; turn++) collect()
  return process.memoryUsage().heapUsed
}

/** Bytes of heap for each entry of a full cache of the usual size, and for all of them. */
export function cacheMemory(key) {
  const texts = new TokenTexts(Array.from({ length: verified }, (_, index) => tokenOf(key, claimsOf(index))))
  const verify = guardVerifier(key, true)
  // What is made once is not the cache's.
  guardVerifier(key, false)(texts.take())
  const before = heapBytes()
  for (let one = 0; one < verified; one++) verify(texts.take())
  const bytes = heapBytes() - before
  // Still in use, so it was not collected.
  verify(texts.take())
  return { entries, bytes, bytesPerEntry: Math.round(bytes / entries) }
}
