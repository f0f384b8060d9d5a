// The words of the pages: every language has its own, and all keep to the voice of the house.
import { describe, expect, test } from 'vitest'
import { languageNames, languageOf, textsIn } from '../../src/pages/texts.ts'

/** Every text by its path; functions are asked with values that stand for names and numbers. */
function leavesOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String(value({ length: 3, least: 8 }, 'that'))]]
  return Object.entries(value as object).flatMap(([name, one]) => leavesOf(one, `${path}.${name}`))
}

const english = new Map(leavesOf(textsIn('en')))
const languages = Object.keys(languageNames) as (keyof typeof languageNames)[]

describe.each(languages)('the texts in %s', language => {
  const leaves = leavesOf(textsIn(language))

  test('are all there', () => {
    expect(leaves.map(([path]) => path).sort()).toEqual([...english.keys()].sort())
    expect(leaves.filter(([, text]) => text.trim() === '')).toEqual([])
  })

  test('keep to the voice: nothing shouted, nobody begged, no room left at an end', () => {
    expect(leaves.filter(([, text]) => /[!¡]|please|bitte|por favor/i.test(text))).toEqual([])
    expect(leaves.filter(([, text]) => text !== text.trim() || text.includes('...'))).toEqual([])
  })
})

test.each(languages.filter(language => language !== 'en'))('the texts in %s are its own', language => {
  const same = leavesOf(textsIn(language)).filter(([path, text]) => english.get(path) === text)
  // Words that are the same in both.
  expect(same.map(([, text]) => text).filter(text => !['Name', 'Roles'].includes(text))).toEqual([])
})

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['ES-419', 'es'],
  ['en-GB', 'en'],
  ['fr', undefined],
  ['', undefined],
  ['constructor', undefined],
])('the locale %j is read in %s', (locale, language) => {
  expect(languageOf(locale)).toBe(language)
})
