import { randomBytes } from 'node:crypto'
import { RevocationSet } from 'latchkey'
import { describe, expect, test } from 'vitest'

const newId = (): string => randomBytes(16).toString('base64url')
const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'

function forgetBoth(set: RevocationSet, model: Map<string, number>, now: number): void {
  set.forget(now)
  for (const [id, end] of model) if (end <= now) model.delete(id)
  expect(new Map(set.entries())).toEqual(model)
  expect(set.size).toBe(model.size)
}

describe('a set of revoked ids', () => {
  test('holds what a Map would hold, through growth, longer lives and forgetting', () => {
    const set = new RevocationSet()
    const model = new Map<string, number>()
    const known: string[] = []
    for (let i = 0; i < 20_000; i++) {
      // Each fourth is one that was there before, perhaps with a longer life.
      const id = i % 4 === 3 ? (known[i % known.length] ?? '') : newId()
      const end = 1_000 + ((i * 7_919) % 1_000)
      const isNews = (model.get(id) ?? 0) < end
      expect(set.add(id, end)).toBe(isNews)
      if (isNews) model.set(id, end)
      known.push(id)
      if (i % 5_000 === 4_999) forgetBoth(set, model, 1_000 + i / 40)
    }
    expect(known.filter(id => set.has(id) !== model.has(id))).toEqual([])
    expect(Array.from({ length: 10_000 }, newId).filter(id => set.has(id))).toEqual([])
  })

  test.each([
    ['the least id', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['the greatest id', '_____________________w'],
    ['a key’s thumbprint', thumbprint],
    ['a spelling that is not ours', 'AAAAAAAAAAAAAAAAAAAAAB'],
    ['text that is not base64url', 'ein Würfel, 22 Zeichen'],
    ['the empty text', ''],
  ])('gives back %s as it came', (_, id) => {
    const set = new RevocationSet()
    expect(set.has(id)).toBe(false)
    expect(set.add(id, 5)).toBe(true)
    expect(set.has(id)).toBe(true)
    expect([...set.entries()]).toEqual([[id, 5]])
    set.forget(5)
    expect(set.has(id)).toBe(false)
    expect(set.size).toBe(0)
  })

  test('never takes one id for another that differs in one character', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const id = newId()
    const set = new RevocationSet()
    set.add(id, 9)
    for (let at = 0; at < id.length; at++)
      for (const other of alphabet) {
        const changed = id.slice(0, at) + other + id.slice(at + 1)
        expect(set.has(changed), changed).toBe(changed === id)
      }
  })
})
