// An operator's own colours and logo: what is taken, what is refused at the start, and how pages get them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ConfigInput, loadConfig } from '../../src/config.ts'
import type { ThemeInput } from '../../src/theme/read-theme.ts'
import { openTestServer, temporaryFolder } from '../open-test-server.ts'

const load = (theme: unknown) => () => loadConfig({ env: {}, input: { theme } as ConfigInput })
const blue: ThemeInput = { accent: ['#0b57d0', '#a8c7fa'], onAccent: ['#ffffff', '#062e6f'] }

describe('a theme', () => {
  test('of colours is taken, one for both sides or one for each', () => {
    expect(load(blue)().config.theme.colours).toEqual(blue)
    expect(load({ focus: '#a87000' })().config.theme.colours).toEqual({ focus: ['#a87000', '#a87000'] })
    expect(load(undefined)().config.theme).toEqual({ colours: {}, logo: undefined })
  })

  test.each<[unknown, RegExp]>([
    [{ accent: 'blue' }, /^theme: accent takes #rrggbb, or two of them/],
    [{ accent: '#fff' }, /^theme: accent takes #rrggbb/],
    [{ accent: ['#0b57d0', '#a8c7fa', '#000000'] }, /^theme: accent takes #rrggbb/],
    [{ accent: '#0b57d0; } body { display: none' }, /^theme: accent takes #rrggbb/],
    [{ acent: '#0b57d0' }, /^theme: acent is no colour\. The colours are: page, card, /],
    [
      { accent: ['#ffe08a', '#f0b849'] },
      /^theme: accent on page has a contrast of 1\.\d in light; it needs 4\.5\.$/,
    ],
    [
      { onAccent: ['#ffffff', '#ffffff'] },
      /^theme: onAccent on accent has a contrast of 1\.\d in dark; it needs 4\.5\.$/,
    ],
    [{ logo: 'logo.gif' }, /^theme: logo takes a file ending in \.svg, \.png, \.webp\.$/],
    [{ logo: '/nowhere/logo.svg' }, /^theme: logo names a file that cannot be read: \/nowhere\/logo\.svg$/],
  ])('is refused with a sentence: %j', (theme, sentence) => {
    expect(load(theme)).toThrow(sentence)
  })

  test('with a logo that is too large is refused', () => {
    const logo = join(temporaryFolder(), 'logo.png')
    writeFileSync(logo, Buffer.alloc(65_537))
    expect(load({ logo })).toThrow('theme: logo has 65537 bytes; up to 65536 are taken.')
  })
})

describe('a page', () => {
  test('has the theme after its own style, both kept for good under their content’s address', async () => {
    const folder = temporaryFolder()
    const logo = join(folder, 'mark.svg')
    writeFileSync(logo, '<svg xmlns="http://www.w3.org/2000/svg"/>')
    const { call } = await openTestServer({ theme: { ...blue, logo } })
    const text = await (await call('/login')).text()
    const sheets = [...text.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href ?? '')
    expect(sheets.map(href => href.split('?')[0])).toEqual(['/assets/style.css', '/assets/theme.css'])
    const sheet = await call(sheets[1] ?? '')
    expect(sheet.headers.get('cache-control')).toContain('immutable')
    expect(await sheet.text()).toBe(
      ':root{--accent:#0b57d0;--on-accent:#ffffff}@supports (color:light-dark(red,red)){' +
        ':root{--accent:light-dark(#0b57d0,#a8c7fa);--on-accent:light-dark(#ffffff,#062e6f)}}',
    )
    const [, src] = /<img class="mark" src="([^"]+)"/.exec(text) ?? []
    const picture = await call(src ?? '')
    expect(picture.headers.get('content-type')).toBe('image/svg+xml')
    expect(picture.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('of another server in the same process has its own', async () => {
    await openTestServer({ theme: blue })
    const { call } = await openTestServer()
    expect(await (await call('/login')).text()).not.toContain('theme.css')
    expect((await call('/assets/theme.css')).status).toBe(404)
  })

  test('carries the product’s name', async () => {
    const { call } = await openTestServer({ productName: 'Brass & Sons' })
    const text = await (await call('/login')).text()
    expect(text).toContain('<title>Sign in · Brass &amp; Sons</title>')
  })
})
