// Names of signing keys.
import { expect, test } from 'vitest'
import { newSigningKey } from '../../src/auth/new-signing-key.ts'

test('no new key has a name that a command line takes for an option', () => {
  const names = Array.from({ length: 1_000 }, () => newSigningKey('Ed25519').kid)
  expect(names.filter(name => name.startsWith('-'))).toEqual([])
  expect(new Set(names).size).toBe(names.length)
})
