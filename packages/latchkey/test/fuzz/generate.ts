// Cases made of choices: JSON that is nearly right, headers and claims at their edges, and texts with one thing wrong.
import type { Random } from './random.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const odd = [
  '=',
  '==',
  '.',
  '..',
  ' ',
  '\n',
  '\t',
  '\0',
  '+',
  '/',
  '~',
  '"',
  '{',
  '}',
  'é',
  '\u0141',
  '\ufeff',
  '\ud800',
  '😀',
  ',',
  ';',
  '%2e',
]

export const encode = (value: string | Uint8Array): string =>
  Buffer.from(value as string).toString('base64url')

/** A text with one place changed: replaced, put in, taken out, doubled, or folded from outside of ASCII. */
export function mutateText(random: Random, text: string): string {
  const at = random.below(text.length + 1)
  const head = text.slice(0, at)
  const character = random.chance(3) ? random.of(odd) : alphabet[random.below(64)]
  switch (random.below(7)) {
    case 0:
      return head + character + text.slice(at)
    case 1:
      return head + text.slice(at + 1)
    case 2:
      return head + text.slice(at, at + 1 + random.below(8)) + text.slice(at)
    case 3:
      return head
    case 4:
      return head + String.fromCharCode((text.charCodeAt(at) || 0x41) + 0x100) + text.slice(at + 1)
    case 5:
      return random.chance(2) ? text.slice(at) : text + text.slice(at)
    default:
      return head + character + text.slice(at + 1)
  }
}

/** Segments in another order, doubled, emptied, or joined by something else. */
export function mutateShape(random: Random, token: string): string {
  const parts = token.split('.')
  const one = random.below(parts.length)
  const other = random.below(parts.length)
  switch (random.below(5)) {
    case 0:
      return parts.with(one, parts[other] ?? '').join('.')
    case 1:
      return parts.with(one, '').join('.')
    case 2:
      return [...parts, parts[other] ?? ''].join('.')
    case 3:
      return parts.join(random.of(odd))
    default:
      return parts.filter((_, at) => at !== one).join('.')
  }
}

const scalars = [
  '0',
  '-0',
  '1',
  '-1',
  '1e400',
  '-1e400',
  '1.5',
  '9999999999',
  '1700000000',
  '1699999999',
  '1700000001',
  '1699999400',
  '1699999401',
  'null',
  'true',
  'false',
  '""',
  '"a"',
  '"b"',
  '"x"',
  '"ada"',
  '"1"',
  'NaN',
  '01',
  '1e3',
  '"\\ud800"',
  '"\\u0061"',
  '"\\ud83d\\ude00"',
  '"é"',
  '"\u0000"',
  '0x1',
  '.5',
  "'a'",
  'undefined',
  '1700000000.5',
  '123456789012345678901234567890',
]
const names = [
  'exp',
  'nbf',
  'iat',
  'iss',
  'sub',
  'aud',
  'jti',
  'nonce',
  'user',
  '__proto__',
  'constructor',
  'toString',
  '',
  'a',
  '\\u0065xp',
  'EXP',
]

/** JSON, or nearly: now and then a comma, a bracket or a quote is where none belongs. */
export function jsonText(random: Random, depth = 0): string {
  const kind = random.below(depth > 4 ? 2 : 8)
  if (kind < 4) return random.of(scalars)
  const space = random.chance(12) ? random.of([' ', '\n', '\t', '\u00a0', '\ufeff']) : ''
  const many = random.below(4)
  if (kind < 6) {
    const items = Array.from({ length: many }, () => jsonText(random, depth + 1))
    return `[${space}${items.join(',')}${random.chance(60) ? ',' : ''}]`
  }
  return objectText(
    Array.from({ length: many }, () => [random.of(names), jsonText(random, depth + 1)]),
    space,
  )
}

const objectText = (members: readonly (readonly [string, string])[], space = ''): string =>
  `{${space}${members.map(([name, value]) => `"${name}":${space}${value}`).join(',')}}`

const algs = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'PS256',
  'ES256',
  'ES512',
  'Ed25519',
  'EdDSA',
  'none',
  'None',
  'hs256',
  '',
  'HS256 ',
  'dir',
  'constructor',
]
const typs = [
  '"JWT"',
  '"at+jwt"',
  '"AT+JWT"',
  '"application/at+jwt"',
  '"application/application/at+jwt"',
  '"logout+jwt"',
  '""',
  '1',
  'null',
  '["at+jwt"]',
]
const headerMembers: readonly (readonly [string, readonly string[]])[] = [
  ['typ', typs],
  ['kid', ['"k"', '""', '1', 'null', '"../../dev/null"', '"__proto__"', `"${'k'.repeat(300)}"`]],
  ['crit', ['[]', '["exp"]', '["b64"]', '["x"]', '"x"', 'null', '{}']],
  ['b64', ['true', 'false', 'null']],
  ['cty', ['"JWT"', '1']],
  ['zip', ['"DEF"']],
  ['jwk', ['{}', '{"kty":"oct","k":"AAAA"}']],
  ['jku', ['"http://127.0.0.1:1/"']],
  ['x5c', ['[]', '["AAAA"]']],
  ['alg', ['"HS256"', '"none"']],
  ['__proto__', ['{"alg":"HS256"}']],
  ['x', ['1', '{"a":1,"a":2}', '"\\ud800"']],
]

/** A header, most often with the right algorithm and one or two members. */
export function headerText(random: Random, alg: string): string {
  const named = random.chance(8) ? random.of(algs) : alg
  const members: [string, string][] = random.chance(60) ? [] : [['alg', JSON.stringify(named)]]
  for (let count = random.below(3); count > 0; count--) {
    const [name, values] = random.of(headerMembers)
    members.splice(random.below(members.length + 1), 0, [name, random.of(values)])
  }
  const text = objectText(members)
  return random.chance(40) ? mutateText(random, text) : text
}

const good: readonly (readonly [string, readonly string[]])[] = [
  ['iss', ['"a"', '"b"', '"c"', '["a"]']],
  ['aud', ['"x"', '["x","z"]', '[]', '"z"', '["x",1]', '"xy"']],
  ['sub', ['"ada"', '"eve"', '""']],
  [
    'exp',
    [
      '1700000001',
      '1700000000',
      '1699999996',
      '1699999995',
      '1799999999',
      '"1799999999"',
      'null',
      '1e400',
      '0',
    ],
  ],
  ['nbf', ['1700000000', '1700000001', '1700000005', '1700000006', '0', 'null']],
  ['iat', ['1699999999', '1699999401', '1699999400', '1700000001', '"1"', '-1']],
  ['jti', ['"1"', '""', '1']],
]

/** Claims that a verifier may well accept, or any JSON. */
export function claimsText(random: Random): string {
  if (random.chance(4)) return jsonText(random)
  const members: [string, string][] = []
  for (const [name, values] of good) {
    if (!random.chance(3)) members.push([name, random.chance(3) ? random.of(values) : (values[0] ?? '""')])
  }
  if (random.chance(3)) members.push([random.of(names), jsonText(random, 2)])
  const text = objectText(members)
  return random.chance(30) ? mutateText(random, text) : text
}

const shortNames = ['', 'a', 'b', 'aud', '\\u0061', '\\u0062', '1', '01']
const shortValues = [
  '0',
  '-0',
  '1',
  '10',
  '1e3',
  '100e1',
  '12e2',
  '1E9',
  '1000000000',
  '9007199254740993',
  '0.1',
  '""',
  '"a"',
  '"\\u0061"',
  'null',
  'true',
  'false',
  '[]',
  '{}',
]

/** JSON as short as it can be, of which is known whether an object in it has a name twice. */
export function membersText(random: Random, depth = 0): { readonly text: string; readonly repeats: boolean } {
  const inside = (): { readonly text: string; readonly repeats: boolean } =>
    random.chance(4) && depth < 6
      ? membersText(random, depth + 1)
      : { text: random.of(shortValues), repeats: false }
  if (depth > 0 && random.chance(3)) {
    const items = Array.from({ length: random.below(4) }, inside)
    return {
      text: `[${items.map(({ text }) => text).join(',')}]`,
      repeats: items.some(({ repeats }) => repeats),
    }
  }
  const members = Array.from({ length: random.below(4) }, () => ({
    name: random.of(shortNames),
    ...inside(),
  }))
  const meant = new Set(members.map(({ name }) => JSON.parse(`"${name}"`)))
  return {
    text: `{${members.map(({ name, text }) => `"${name}":${text}`).join(',')}}`,
    repeats: meant.size < members.length || members.some(({ repeats }) => repeats),
  }
}
