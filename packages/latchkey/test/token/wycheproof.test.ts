import { describe, expect, it } from 'vitest'
import { createKey } from '../../src/keys/create-key.ts'
import type { Jwk } from '../../src/keys/jwk.ts'
import type { Key } from '../../src/keys/key.ts'
import { createVerifier } from '../../src/token/verifier.ts'
import { hasWycheproof, whyNot, wycheproof } from '../vectors.ts'

/** Where we differ from a label, and why. Nothing else may. */
const exceptions: Readonly<Record<number, string>> = {
  346: 'labelled valid; the key is for PS256 and the header says PS384 [S18]',
  347: 'labelled valid; the alg of the key is "ES521", which does not exist [S18]',
  350: 'labelled valid; the key is for PS256 and the header says PS384 [S18]',
  351: 'labelled valid; the alg of the key is "ES521", which does not exist [S18]',
  367: 'labelled invalid; byte for byte the valid 357',
  370: 'labelled invalid; byte for byte the valid 357',
  372: 'labelled valid; a character outside of base64url [S1]',
  373: 'labelled valid; a character outside of base64url [S1]',
}

function keysOf(material: Record<string, unknown>): readonly Key[] {
  const list = Array.isArray(material['keys']) ? material['keys'] : [material]
  return list.map(jwk => createKey({ jwk: jwk as Jwk }))
}

/** Whether a signature counts. Payloads here are seldom claims: a token that fails there has a good signature. */
function accepts(material: Record<string, unknown>, jws: string): boolean {
  try {
    const verdict = createVerifier({ keys: keysOf(material), cache: false }).safe(jws)
    return verdict.ok || verdict.code === 'claims_malformed'
  } catch {
    // The keys were refused.
    return false
  }
}

describe.skipIf(!hasWycheproof)(`Wycheproof${whyNot}`, () => {
  const signatures = wycheproof('json_web_signature_test.json')
  const keys = wycheproof('json_web_key_test.json')

  it('[S1] [S2] [S4] [S17] [S18] [S28] judges the 401 signatures as they are labelled, but for eight written exceptions', () => {
    const differing: number[] = []
    let cases = 0
    for (const group of signatures) {
      for (const { tcId, jws, result } of group.tests) {
        cases++
        if (accepts(group.public ?? group.private, jws) !== (result === 'valid')) differing.push(tcId)
      }
    }
    expect(cases).toBe(401)
    expect(differing).toEqual(Object.keys(exceptions).map(Number))
  })

  it('accepts byte for byte nothing that another label calls valid', () => {
    const cases = signatures.flatMap(group => group.tests)
    const good = cases.find(({ tcId }) => tcId === 357)?.jws
    expect([367, 370].map(id => cases.find(({ tcId }) => tcId === id)?.jws)).toEqual([good, good])
  })

  it('[S6] [S19] [S20] [S22] [S23] [S25] [S28] [S29] judges the 26 keys as they are labelled', () => {
    const differing: number[] = []
    let cases = 0
    for (const group of keys) {
      for (const { tcId, jws, result } of group.tests) {
        cases++
        if (accepts(group.public ?? group.private, jws) !== (result === 'valid')) differing.push(tcId)
      }
    }
    expect(cases).toBe(26)
    expect(differing).toEqual([])
  })
})
