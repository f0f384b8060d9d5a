// Everything that a guard can be given wrongly is a TypeError when it is made, before the first request.
import { describe, expect, it } from 'vitest'
import { createGuard, type GuardOptions } from '../../src/guard/guard.ts'
import { createKey } from '../../src/keys/create-key.ts'
import { generateKey } from '../../src/keys/generate-key.ts'
import { keyring } from '../../src/keys/key-set.ts'

const secret = 'a shared secret that is longer than its hash'
const key = generateKey('ES256')
const issuer = 'https://issuer.example'
const audience = 'https://api.example'
const own = { keys: key, issuer, audience }
const legacy = { unsafeSecret: 'x', algorithms: ['HS256'], acceptUntil: '2099-01-01', map: () => 'x' }

const wrong: readonly (readonly [string, unknown, RegExp])[] = [
  ['no source of keys', {}, /exactly one source of keys.*given: none/],
  ['two sources of keys', { secret, keys: key }, /given: secret, keys/],
  ['discover beside keys', { ...own, discover: true }, /given: keys, discover/],
  ['options that are no object', 'secret', /must be an object/],
  [
    'a name that is nearly right',
    { secret, scopes: 'x' },
    /there is no option 'scopes'; did you mean 'scope'/,
  ],
  ['a name of another library', { secret, credentialsRequired: false }, /there is no option/],
  ['jwks without an issuer', { jwks: 'https://issuer.example/jwks', audience }, /give issuer and audience/],
  ['an issuer without an audience', { keys: key, issuer }, /give issuer and audience/],
  ['discover without an issuer', { discover: true, audience }, /discover needs the issuer/],
  ['discover of text', { discover: 'yes', issuer, audience }, /discover is true or false/],
  ['discover of plain http', { discover: true, issuer: 'http://issuer.example', audience }, /https/],
  ['discover of a URL with a query', { discover: true, issuer: `${issuer}?a=b`, audience }, /without query/],
  ['discover of a name', { discover: true, issuer: 'issuer', audience }, /that is a URL/],
  [
    'discover of one issuer twice',
    { discover: true, issuer: [issuer, issuer], audience },
    /stands there twice/,
  ],
  ['issuers that are no list', { issuers: { issuer } }, /must be a list/],
  ['no issuers', { issuers: [] }, /must be a list/],
  ['issuers beside keys', { keys: key, issuers: [{ ...own }] }, /nothing of that beside/],
  ['issuers beside an issuer', { issuer, issuers: [{ ...own }] }, /nothing of that beside/],
  ['one issuer twice', { issuers: [own, own] }, /stands there twice/],
  [
    'one of the issuers without keys',
    { issuers: [own, { issuer: 'https://b.example', audience }] },
    /given: none/,
  ],
  ['one of the issuers without a name', { issuers: [{ keys: key, audience }] }, /each has an issuer/],
  [
    'one of the issuers without an audience',
    { issuers: [{ keys: key, issuer }] },
    /give issuer and audience/,
  ],
  [
    'an unknown name in issuers',
    { issuers: [{ ...own, scope: 'x' }] },
    /issuers: there is no option 'scope'/,
  ],
  ['a scope with a quote', { secret, scope: 'a"b' }, /scope is one scope or more/],
  ['an empty scope', { secret, scope: '' }, /scope is one scope or more/],
  ['no scopes', { secret, scope: [] }, /scope/],
  ['a scope that is a number', { secret, scope: 1 }, /scope/],
  ['an empty role', { secret, role: '' }, /role/],
  ['claims that are a list', { secret, claims: [] }, /claims must be an object/],
  ['a claim of a kind that is never equal', { secret, claims: { tenant: {} } }, /claims.tenant must be/],
  ['a claim of no values', { secret, claims: { tenant: [] } }, /claims.tenant must be/],
  ['optional that is text', { secret, optional: 'false' }, /optional is true or false/],
  ['a tolerance that is text without a unit', { secret, clockTolerance: '60' }, /clockTolerance/],
  ['a tolerance beyond a minute', { secret, clockTolerance: '61s' }, /0 to 60 seconds/],
  ['a negative tolerance', { secret, clockTolerance: -1 }, /0 to 60 seconds/],
  ['another status', { secret, denyStatus: 404 }, /denyStatus is 401 or 403/],
  ['no algorithms', { secret, algorithms: [] }, /at least one key/],
  ['an algorithm of nobody', { secret, algorithms: ['none'] }, /alg must be one of/],
  [
    'a public-key algorithm beside a secret',
    { keys: key, algorithms: ['HS256', 'ES256'] },
    /never stand in one list/,
  ],
  ['a cache of text', { secret, cache: 'on' }, /cache/],
  ['revocations without a function', { secret, revocations: {} }, /isRevoked/],
  ['apiKeys that are no function', { secret, apiKeys: {} }, /apiKeys must be a function/],
  ['a maxAuthAge of nothing', { secret, maxAuthAge: 0 }, /maxAuthAge must be positive/],
  ['an acr with a quote', { secret, acr: 'a"' }, /acr/],
  ['a realm with a line break', { secret, realm: 'a\r\nSet-Cookie: x' }, /realm must be printable/],
  ['a realm with a quote', { secret, realm: 'a"b' }, /realm must be printable/],
  ['a realm beyond ASCII', { secret, realm: 'é' }, /realm must be printable/],
  [
    'metadata that is no URL',
    { secret, resourceMetadata: '/metadata' },
    /resourceMetadata must be an https URL/,
  ],
  ['metadata by http', { secret, resourceMetadata: 'http://api.example/x' }, /https URL/],
  [
    'metadata with a backslash',
    { secret, resourceMetadata: 'https://api.example/?a=\\' },
    /resourceMetadata/,
  ],
  ['a clock that is none', { secret, clock: 1 }, /clock/],
  [
    'legacy without its last day',
    { ...own, legacy: { ...legacy, acceptUntil: undefined } },
    /acceptUntil is needed/,
  ],
  [
    'legacy until some day',
    { ...own, legacy: { ...legacy, acceptUntil: 'some day' } },
    /acceptUntil is needed/,
  ],
  [
    'legacy of a public-key algorithm',
    { ...own, legacy: { ...legacy, algorithms: ['RS256'] } },
    /HS256, HS384/,
  ],
  ['legacy of no algorithm', { ...own, legacy: { ...legacy, algorithms: undefined } }, /HS256, HS384/],
  ['legacy without a subject', { ...own, legacy: { ...legacy, map: undefined } }, /legacy.map/],
  ['legacy of a negative age', { ...own, legacy: { ...legacy, maxAge: '-1h' } }, /maxAge must be positive/],
  [
    'legacy with an unknown name',
    { ...own, legacy: { ...legacy, secret: 'x' } },
    /legacy: there is no option/,
  ],
  ['legacy beside a secret whose tokens look alike', { secret, legacy }, /look alike/],
  [
    'legacy beside a ring of secrets whose tokens look alike',
    { keys: keyring(createKey({ secret })), legacy },
    /look alike/,
  ],
]

describe('createGuard', () => {
  it.each(wrong)('refuses %s', (_name, options, message) => {
    const make = () => createGuard(options as GuardOptions)
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })

  it.each([
    ['a short secret', { secret: 'privatekey' }],
    ['an empty legacy secret', { ...own, legacy: { ...legacy, unsafeSecret: '' } }],
  ])('refuses %s as too weak', (_name, options) => {
    expect(() => createGuard(options as GuardOptions)).toThrow(
      expect.objectContaining({ code: 'key_too_weak' }),
    )
  })

  it.each([
    ['metadata on the loopback', { secret, resourceMetadata: 'http://localhost:3000/metadata' }],
    ['a tolerance as text', { secret, clockTolerance: '60s' }],
    ['legacy beside a secret for access tokens', { secret, typ: 'at+jwt', legacy }],
    ['legacy beside public keys', { keys: key, legacy }],
    ['secrets and public keys, apart', { issuers: [own, { issuer: 'https://b.example', audience, secret }] }],
    ['an audience for all issuers', { audience, issuers: [{ issuer, keys: key }] }],
    ['discover switched off', { secret, discover: false }],
  ])('takes %s', (_name, options) => {
    expect(() => createGuard(options as GuardOptions)).not.toThrow()
  })
})
