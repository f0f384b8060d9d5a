// A key's life as it is drawn: what is past, what is planned, and where a revocation cuts it off.
import { expect, test } from 'vitest'
import { keySpans, plannedHandOver } from '../../../src/pages/console/key-spans.ts'
import type { SigningKeyRecord } from '../../../src/store/records.ts'
import { aSigningKey } from '../../store/store-records.ts'

const now = 1_000_000
const times = {
  nowMs: now * 1000,
  rotationSeconds: 1_000,
  retainSeconds: 60,
  handOverMs: (now + 400) * 1000,
}
const told = (over: Partial<SigningKeyRecord>): string =>
  keySpans(aSigningKey(over), times)
    .map(
      ({ kind, fromMs, toMs, isPlanned }) =>
        `${kind} ${fromMs / 1000 - now}..${toMs / 1000 - now}${isPlanned ? ' planned' : ''}`,
    )
    .join(', ')

test.each<[string, Partial<SigningKeyRecord>, string]>([
  ['a published key', { state: 'next', publishedAt: now - 50 }, 'next -50..0, next 0..400 planned'],
  [
    'the key that signs',
    { state: 'active', publishedAt: now - 700, activeAt: now - 600 },
    'next -700..-600, active -600..0, active 0..400 planned',
  ],
  [
    'a key that retires',
    { state: 'retiring', publishedAt: now - 700, activeAt: now - 600, retiredUntil: now + 20 },
    'next -700..-600, active -600..-40, retiring -40..0, retiring 0..20 planned',
  ],
  [
    'a key that is gone',
    { state: 'gone', publishedAt: now - 700, activeAt: now - 600, retiredUntil: now - 100 },
    'next -700..-600, active -600..-160, retiring -160..-100',
  ],
  [
    'a key that was revoked while it signed',
    { state: 'revoked', publishedAt: now - 700, activeAt: now - 600, revokedAt: now - 500 },
    'next -700..-600, active -600..-500',
  ],
  [
    'a key that was revoked while it retired',
    {
      state: 'revoked',
      publishedAt: now - 700,
      activeAt: now - 600,
      retiredUntil: now + 20,
      revokedAt: now - 10,
    },
    'next -700..-600, active -600..-40, retiring -40..-10',
  ],
  [
    'a key that was revoked before it signed',
    { state: 'revoked', publishedAt: now - 700, revokedAt: now - 500 },
    'next -700..-500',
  ],
  [
    'a key that signed at once',
    { state: 'active', publishedAt: now - 600, activeAt: now - 600 },
    'active -600..0, active 0..400 planned',
  ],
])('%s', (_what, over, spans) => {
  expect(told(over)).toBe(spans)
})

test('the key that signs hands over after its time, or when it is asked to', () => {
  const active = aSigningKey({ state: 'active', activeAt: now - 600 })
  expect(plannedHandOver([aSigningKey({ state: 'next' }), active], times)).toBe((now + 400) * 1000)
  expect(plannedHandOver([{ ...active, rotateAt: now - 5 }], times)).toBe((now - 5) * 1000)
  expect(plannedHandOver([aSigningKey({ state: 'next' })], times)).toBeUndefined()
})
