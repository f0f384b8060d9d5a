// [S67] Where a sign-in may lead on to.
import { describe, expect, test } from 'vitest'
import type { Services } from '../../src/http/call.ts'
import { readReturnTo } from '../../src/http/return-to.ts'

const issuer = 'https://login.example.com'
// What is read of the services is these two.
const services = { issuer, origins: new Set(['https://app.example.com']) } as unknown as Services

describe('a return_to', () => {
  test.each([
    ['/account', '/account'],
    ['/account?done=1#top', '/account?done=1#top'],
    ['/a/../account', '/account'],
    ['/%2f%2fevil.example', '/%2f%2fevil.example'],
    ['/account?to=//evil.example', '/account?to=//evil.example'],
    [`${issuer}/account`, '/account'],
    ['https://app.example.com', 'https://app.example.com/'],
    ['https://app.example.com/in?a=1#b', 'https://app.example.com/in?a=1#b'],
    ['HTTPS://APP.example.com/in', 'https://app.example.com/in'],
    ['https://app.example.com:443/in', 'https://app.example.com/in'],
  ])('[S67] leads on: %s', (given, href) => {
    expect(readReturnTo(given, services)?.href).toBe(href)
  })

  test.each([
    '',
    'account',
    '//evil.example',
    '///evil.example',
    '////evil.example/%2f..',
    '/\\evil.example',
    '\\\\evil.example',
    '\\/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/%2e//evil.example',
    '/a/..//evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:///evil.example',
    'https:\\\\evil.example',
    'http:app.example.com',
    'https://evil.example/',
    'https://evil.example/?https://app.example.com',
    'https://app.example.com@evil.example/',
    'https://app.example.com:pass@evil.example/',
    'https://someone@app.example.com/',
    'https://app.example.com.evil.example/',
    'https://evilapp.example.com/',
    'https://sub.app.example.com/',
    'https://app.example.com:8443/',
    'https://app.example.com\\@evil.example/',
    'http://app.example.com/',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://app.example.com/1',
    'vbscript:x',
    '/\t/evil.example',
    '\t//evil.example',
    '/\n/evil.example',
    '/\r\nLocation: https://evil.example',
    ' //evil.example',
    '\u0000//evil.example',
    'h\nttps://evil.example',
    'https://аpp.example.com/',
    '/ünder',
    `/${'a'.repeat(2_048)}`,
  ])('[S67] leads nowhere: %j', given => {
    expect(readReturnTo(given, services)).toBeUndefined()
  })

  test.each(['%09//evil.example', '/%09/evil.example', '%2f%2fevil.example', '/%5cevil.example'])(
    '[S67] is decoded once, by the query: %s',
    encoded => {
      const text = new URLSearchParams(`return_to=${encoded}`).get('return_to') ?? ''
      expect(readReturnTo(text, services)).toBeUndefined()
    },
  )
})
