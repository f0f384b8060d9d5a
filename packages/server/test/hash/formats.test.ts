// Every format of a password hash, against what other programs made; what costs too much is refused.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { addonArgon2, nodeArgon2 } from '../../src/hash/argon2.ts'
import { formats, readHash } from '../../src/hash/formats.ts'
import { checkPassword, wrapHash } from '../../src/hash/password-hash.ts'
import { readSpelledHash } from '../../src/import/hash-spellings.ts'
import { type HashVector, vectors } from './hash-vectors.ts'

// What is not argon2 is compared without either: one fast hash stands for those that are kept inside it.
const programs = [
  { name: 'the addon', argon2: await addonArgon2(), some: vectors },
  {
    name: 'Node’s own argon2',
    argon2: nodeArgon2(),
    some: vectors.filter(({ format }) => format.startsWith('argon2') || format === 'salted-md5-prefix'),
  },
]

function keptText({ hash, hints }: Pick<HashVector, 'hash' | 'hints'>): string {
  const read = readSpelledHash(hash, hints)
  if (read.kind === 'refused') throw new Error(read.why)
  return read.text
}

test('every row of the table has a hash that another program made', () => {
  const rows = Object.keys(formats).filter(name => name !== 'wrapped')
  expect(rows.filter(row => !vectors.some(vector => vector.format === row))).toEqual([])
})

describe.each(programs)('with $name', ({ argon2, some }) => {
  test.each(some)('$format of $from: the password matches, any other does not', vector => {
    const text = keptText(vector)
    expect(formats).toHaveProperty(vector.format)
    const row = Object.entries(formats).find(([, { pattern }]) => pattern.test(text))
    expect(row?.[0]).toBe(vector.format)
    const { matches, replacement } = checkPassword(text, vector.password, argon2)
    expect(matches).toBe(true)
    if (vector.isEnough) expect(replacement).toBeUndefined()
    else expect(replacement).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(checkPassword(replacement ?? text, vector.password, argon2)).toEqual({
      matches: true,
      replacement: undefined,
    })
    expect(checkPassword(text, `${vector.password}x`, argon2)).toEqual({
      matches: false,
      replacement: undefined,
    })
  })

  test.each(some)('$format of $from: a fast one is kept inside argon2id, and still matches', vector => {
    const bare = keptText(vector)
    const kept = wrapHash(bare, argon2)
    const read = readHash(bare)
    if (typeof read !== 'object' || !read.isFast) return expect(kept).toBe(bare)
    const tag = Buffer.from(read.tag)
    for (const form of ['base64', 'hex', 'utf8'] as const)
      expect(kept).not.toContain(tag.toString(form).replace(/=+$/, ''))
    const { matches, replacement = '' } = checkPassword(kept, vector.password, argon2)
    expect(matches).toBe(true)
    expect(replacement).toMatch(/^\$argon2id\$/)
    expect(checkPassword(kept, `${vector.password}x`, argon2).matches).toBe(false)
    expect(wrapHash(kept, argon2)).toBe(kept)
  })
})

test('the fast ones are the digests, MD5 over and over, and PBKDF2 of few rounds', () => {
  const fast = vectors.filter(vector => {
    const read = readHash(keptText(vector))
    return typeof read === 'object' && read.isFast
  })
  const names = [...new Set(fast.map(vector => vector.format))]
  expect(names).toEqual([
    'pbkdf2-sha1',
    'pbkdf2-sha256',
    'pbkdf2-sha512',
    'md5-crypt',
    'phpass',
    ...Object.keys(formats).filter(name => name.startsWith('salted-')),
  ])
})

test('a password that was hashed as it was typed matches, though we normalise ours', () => {
  // U+FB01 is one letter to a digest and two after NFKC.
  const typed = '\ufb01sh and chips'
  const hash = createHash('md5').update(typed).digest('hex')
  const of = keptText({ hash, hints: { format: 'md5-prefix' } })
  const { matches, replacement = '' } = checkPassword(of, typed, nodeArgon2())
  expect(matches).toBe(true)
  // From now on each way of typing it is one.
  expect(checkPassword(replacement, 'fish and chips', nodeArgon2()).matches).toBe(true)
})

describe('refuses', () => {
  test.each([
    ['bcrypt of cost 31', '$2b$31$abcdefghijklmnopqrstuuJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ'],
    ['argon2id of 4 GiB', `$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$${'A'.repeat(43)}`],
    ['argon2id of 999 passes', `$argon2id$v=19$m=65536,t=999,p=1$c29tZXNhbHQ$${'A'.repeat(43)}`],
    ['argon2id of no passes', `$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$${'A'.repeat(43)}`],
    ['scrypt of 16 GiB', `$scrypt$ln=20,r=128,p=1$c2FsdA$${'A'.repeat(43)}`],
    ['scrypt of many lanes', `$scrypt$ln=15,r=8,p=999$c2FsdA$${'A'.repeat(43)}`],
    ['PBKDF2 of a billion rounds', `pbkdf2_sha256$999999999$salt$${'A'.repeat(43)}=`],
    ['sha512-crypt of a hundred million rounds', `$6$rounds=100000000$salt$${'A'.repeat(86)}`],
    ['phpass of 2^30 rounds', '$P$S12345678abcdefghijklmnopqrstuv'],
  ])('%s: it costs more than a comparison may', (_what, hash) => {
    const read = readSpelledHash(hash)
    expect(read).toMatchObject({ kind: 'refused', why: expect.stringMatching(/more time or memory/) })
  })

  test.each([
    ['plain text', 'hunter2'],
    ['nothing', ''],
    ['no digest behind a salt', 'md5$salt$'],
    ['a short tag', '$pbkdf2-sha256$29000$c2FsdA$AAAA'],
    ['argon2 of an older version', `$argon2i$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$${'A'.repeat(43)}`],
    ['scrypt whose N is no power of two', `scrypt:32767:8:1$salt$${'ab'.repeat(32)}`],
  ])('%s, and says so without repeating it', (_what, hash) => {
    const read = readSpelledHash(hash)
    expect(read.kind).toBe('refused')
    if (hash !== '') expect(JSON.stringify(read)).not.toContain(hash)
  })

  test('a format that there is none of, naming those there are', () => {
    expect(readSpelledHash('ab', { format: 'rot13' })).toMatchObject({
      why: expect.stringMatching(/hash format is unknown.*better-auth/),
    })
  })

  test.each(['constructor', '__proto__'])('the format %s', format => {
    expect(readSpelledHash('ab', { format }).kind).toBe('refused')
  })
})
