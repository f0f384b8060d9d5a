// What a request asks for, as far as pages need it.
import { expect, test } from 'vitest'
import { acceptsHtml, wantedLocales } from '../../src/http/accept.ts'

test.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['application/json, TEXT/HTML;q=0.1', true],
  ['text/html;q=0, */*', false],
  ['*/*', false],
  ['text/*', false],
  ['application/json', false],
  ['', false],
  [null, false],
])('whoever accepts %j wants a page: %s', (accept, isWanted) => {
  expect(acceptsHtml(accept)).toBe(isWanted)
})

test.each<[string | null, string[]]>([
  ['de-AT, en;q=0.5', ['de-AT', 'en']],
  ['fr;q=0.2, es;q=0.4,de;q=0.8', ['de', 'es', 'fr']],
  ['de;q=0, en', ['en']],
  ['en;q=high, de', ['de']],
  ['', []],
  [null, []],
])('of %j the most wanted comes first', (acceptLanguage, locales) => {
  expect(wantedLocales(acceptLanguage)).toEqual(locales)
})
