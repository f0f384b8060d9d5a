// The one table of cases: a guard, a request, and what it must be answered with, in every framework.
import type { WrittenRequest } from './exchange.ts'
import {
  claims,
  compact,
  ecdsa,
  hmac,
  issued,
  issuer,
  now,
  old,
  otherIssuer,
  rsaSign,
  type Setting,
  secret,
  shared,
  signers,
} from './setting.ts'

export interface Case {
  readonly name: string
  readonly guard: string
  readonly request: (setting: Setting) => WrittenRequest
  readonly expected: Expected
}

export type Expected =
  | { readonly kind: 'admitted'; readonly caller: Readonly<Record<string, unknown>> }
  | { readonly kind: 'passed'; readonly status: number }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly code: string
      readonly challenge: string | undefined
      readonly detail?: string
      readonly retryAfter?: string
    }

type Headers = NonNullable<WrittenRequest['headers']>

const send =
  (...headers: Headers) =>
  (): WrittenRequest => ({ headers })
const authorization = (value: string) => send(['Authorization', value])
const bearer = (token: string) => authorization(`Bearer ${token}`)

const ada = { subject: 'ada', username: 'ada', scopes: ['notes:read', 'notes:write'], roles: ['editor'] }
const admitted = (caller: Readonly<Record<string, unknown>> = ada): Expected => ({ kind: 'admitted', caller })
const nobody = admitted({ subject: null, username: null, scopes: [], roles: [] })

const refused = (
  status: number,
  code: string,
  challenge: string | undefined,
  more: { detail?: string; retryAfter?: string } = {},
): Expected => ({ kind: 'refused', status, code, challenge, ...more })

const missing = refused(401, 'missing_token', 'Bearer')
const unspaced = refused(401, 'missing_token', 'Bearer', {
  detail: "Write 'Bearer ' with a space before the token.",
})
const bare = refused(401, 'missing_token', 'Bearer', { detail: "Write 'Bearer ' before the token." })
const invalidToken = 'Bearer error="invalid_token", error_description="The token is not valid."'
const invalid = refused(401, 'invalid_token', invalidToken)
const wholeAnswer = refused(401, 'invalid_token', invalidToken, {
  detail: 'That is the whole answer of a sign-in. Send the text of its access_token alone.',
})
const expired = refused(
  401,
  'token_expired',
  'Bearer error="invalid_token", error_description="The token has expired."',
)
const revoked = refused(
  401,
  'token_revoked',
  'Bearer error="invalid_token", error_description="The token has been revoked."',
)
const twice = refused(
  400,
  'invalid_request',
  'Bearer error="invalid_request", error_description="The request is not well formed."',
  { detail: 'There is more than one credential.' },
)
const scopeChallenge = (scope: string): string =>
  `Bearer error="insufficient_scope", error_description="The token does not carry the scope for this.", scope="${scope}"`
const foreign = refused(
  403,
  'origin_refused',
  'Bearer error="insufficient_scope", error_description="Requests from this origin are refused."',
)
const stepUp = (detail: string): Expected =>
  refused(
    401,
    'insufficient_user_authentication',
    'Bearer error="insufficient_user_authentication", error_description="A more recent or a stronger login is needed.", acr_values="urn:example:two-factors", max_age="300"',
    { detail },
  )
const tooOld = stepUp('The login is too long ago for this.')
const tooWeak = stepUp('The way of signing in is not strong enough for this.')
const unavailable = (code: string, retryAfter = '1'): Expected =>
  refused(503, code, undefined, { retryAfter })

const row = (name: string, guard: string, request: Case['request'], expected: Expected): Case => ({
  name,
  guard,
  request,
  expected,
})

const good = issued()
const preflight: Headers = [
  ['Origin', 'https://app.example'],
  ['Access-Control-Request-Method', 'GET'],
]
const write = (headers: Headers) => (): WrittenRequest => ({ method: 'POST', headers })
const cookieOf = (token: string): readonly [string, string] => ['Cookie', `theme=dark; token=${token}`]
const ask = (target: string) => (): WrittenRequest => ({ target })

export const cases: readonly Case[] = [
  // What is let in.
  row('a token of the shared secret', 'secret', bearer(shared()), admitted()),
  row(
    'a token of the shared secret without a type',
    'secret',
    bearer(shared({}, { typ: undefined })),
    admitted(),
  ),
  row('an access token of the shared secret', 'secret', bearer(shared({}, { typ: 'at+jwt' })), admitted()),
  row('a token of the issuer', 'own', bearer(good), admitted()),
  row('its type spelled in full', 'own', bearer(issued({}, { typ: 'application/AT+jwt' })), admitted()),
  row(
    'a token of its RSA key',
    'own',
    bearer(compact({ alg: 'RS256', typ: 'at+jwt', kid: 'rs' }, claims, rsaSign(signers.rs.privateKey))),
    admitted(),
  ),
  row(
    'one of several audiences',
    'own',
    bearer(issued({ aud: ['https://web.example', claims.aud] })),
    admitted(),
  ),
  row('an unknown header member', 'own', bearer(issued({}, { note: 'hello' })), admitted()),
  row('a published key', 'jwks', bearer(good), admitted()),

  // Schemes and spaces (RFC 6750 2.1, RFC 9110 11.1).
  row('no header', 'own', send(), missing),
  row('an empty header', 'own', authorization(''), missing),
  row('the scheme in lower case', 'own', authorization(`bearer ${good}`), admitted()),
  row('the scheme in capitals', 'own', authorization(`BEARER ${good}`), admitted()),
  row('the header name in capitals', 'own', send(['AUTHORIZATION', `Bearer ${good}`]), admitted()),
  row('three spaces', 'own', authorization(`Bearer   ${good}`), admitted()),
  row('spaces behind', 'own', authorization(`Bearer ${good}   `), admitted()),
  row('no space', 'own', authorization(`Bearer${good}`), unspaced),
  row('a tab for the space', 'own', authorization(`Bearer\t${good}`), unspaced),
  row('a colon for the space', 'own', authorization(`Bearer:${good}`), unspaced),
  row('the scheme alone', 'own', authorization('Bearer'), missing),
  row('the scheme and a space', 'own', authorization('Bearer '), missing),
  row('another scheme', 'own', authorization('Basic YWRhOmx0ZA=='), missing),
  row('a token under another scheme', 'own', authorization(`JWT ${good}`), missing),
  row('a token without a scheme', 'own', authorization(good), bare),
  row(
    'the whole answer of a sign-in',
    'own',
    bearer(`{"access_token":"${good}","expires_in":3600}`),
    wholeAnswer,
  ),
  row('an answer of one field', 'own', bearer(`{"token":"${good}"}`), wholeAnswer),
  row('a DPoP token', 'own', authorization(`DPoP ${good}`), missing),
  row('the scheme in quotes', 'own', authorization(`"Bearer" ${good}`), missing),

  // One credential (RFC 6750 2).
  row(
    'two headers',
    'own',
    send(['Authorization', `Bearer ${good}`], ['Authorization', `Bearer ${good}`]),
    twice,
  ),
  row(
    'two headers, one of another scheme',
    'own',
    send(['Authorization', 'Basic YWRhOmx0ZA=='], ['Authorization', `Bearer ${good}`]),
    twice,
  ),
  row('two tokens with a comma', 'own', authorization(`Bearer ${good}, Bearer ${good}`), twice),
  row('two tokens with a comma and one scheme', 'own', authorization(`Bearer ${good},${good}`), twice),
  row('two tokens with a space', 'own', authorization(`Bearer ${good} ${good}`), invalid),
  row('a list of another scheme', 'own', authorization('Digest username="ada", realm="x"'), missing),

  // Junk in the token's place.
  row('a percent sign', 'own', authorization('Bearer %'), invalid),
  row('a broken percent sequence', 'own', authorization('Bearer %E0%A4%A'), invalid),
  row('bytes above ASCII', 'own', authorization('Bearer \xff\xfe\x80'), invalid),
  row('quotes and backslashes', 'own', authorization('Bearer "\\"'), invalid),
  row('a token in quotes', 'own', authorization(`Bearer "${good}"`), invalid),
  row('dots alone', 'own', authorization('Bearer ..'), invalid),
  row('a thousand dots', 'own', authorization(`Bearer ${'.'.repeat(1000)}`), invalid),
  row('JSON', 'own', authorization('Bearer {"alg":"none"}'), wholeAnswer),
  row('the word null', 'own', authorization('Bearer null'), invalid),
  row('the word undefined', 'own', authorization('Bearer undefined'), invalid),
  row('a token of 10,000 characters', 'own', bearer(issued({ filling: 'x'.repeat(7400) })), invalid),
  row('an API key where none is taken', 'own', authorization('Bearer lk_good_key'), invalid),

  // What does not hold.
  row('expired this second', 'own', bearer(issued({ exp: now })), expired),
  row('expires in a second', 'own', bearer(issued({ exp: now + 1 })), admitted()),
  row('expired an hour ago', 'own', bearer(issued({ exp: now - 3600 })), expired),
  row('no exp', 'secret', bearer(shared({ exp: undefined })), invalid),
  row('exp as text', 'own', bearer(issued({ exp: `${now + 3600}` })), invalid),
  row('exp of null', 'own', bearer(issued({ exp: null })), invalid),
  row('not yet', 'own', bearer(issued({ nbf: now + 1 })), invalid),
  row('from now on', 'own', bearer(issued({ nbf: now })), admitted()),
  row('expired within the tolerance', 'tolerance', bearer(issued({ exp: now - 59 })), admitted()),
  row('expired beyond the tolerance', 'tolerance', bearer(issued({ exp: now - 60 })), expired),
  row('not yet, within the tolerance', 'tolerance', bearer(issued({ nbf: now + 60 })), admitted()),
  row('another issuer', 'own', bearer(issued({ iss: otherIssuer })), invalid),
  row('the issuer with a slash behind', 'own', bearer(issued({ iss: `${issuer}/` })), invalid),
  row('the issuer in a list', 'own', bearer(issued({ iss: [issuer] })), invalid),
  row('no issuer', 'own', bearer(issued({ iss: undefined })), invalid),
  row('another audience', 'own', bearer(issued({ aud: 'https://web.example' })), invalid),
  row('no audience', 'own', bearer(issued({ aud: undefined })), invalid),
  row('an empty list of audiences', 'own', bearer(issued({ aud: [] })), invalid),
  row('an ID token', 'own', bearer(issued({}, { typ: 'JWT' })), invalid),
  row('no type', 'own', bearer(issued({}, { typ: undefined })), invalid),
  row('a logout token', 'own', bearer(issued({}, { typ: 'logout+jwt' })), invalid),
  row('a proof of possession', 'own', bearer(issued({}, { typ: 'dpop+jwt' })), invalid),
  row('an algorithm that is not allowed', 'RS256 only', bearer(good), invalid),
  row(
    'a strange key of the same kid',
    'own',
    bearer(compact({ alg: 'ES256', typ: 'at+jwt', kid: 'es' }, claims, ecdsa(signers.strange.privateKey))),
    invalid,
  ),
  row('an unknown kid', 'own', bearer(issued({}, { kid: 'nobody' })), invalid),
  row('an unknown kid at a published set', 'jwks', bearer(issued({}, { kid: 'nobody' })), invalid),
  row('another secret', 'secret', bearer(compact({ alg: 'HS256' }, claims, hmac(`${secret}!`))), invalid),

  // What a route asks for.
  row('all scopes', 'scope', bearer(good), admitted()),
  row(
    'the star, for every scope',
    'scope admin',
    bearer(issued({ scope: '*' })),
    admitted({ ...ada, scopes: ['*'] }),
  ),
  row(
    'one scope of two',
    'scope',
    bearer(issued({ scope: 'notes:read' })),
    refused(403, 'insufficient_scope', scopeChallenge('notes:read notes:write')),
  ),
  row(
    'a scope that begins alike',
    'scope',
    bearer(issued({ scope: 'notes:read:all notes:write:all' })),
    refused(403, 'insufficient_scope', scopeChallenge('notes:read notes:write')),
  ),
  row(
    'scopes of another case',
    'scope',
    bearer(issued({ scope: 'Notes:Read Notes:Write' })),
    refused(403, 'insufficient_scope', scopeChallenge('notes:read notes:write')),
  ),
  row(
    'scopes with a tab between',
    'scope',
    bearer(issued({ scope: 'notes:read\tnotes:write' })),
    refused(403, 'insufficient_scope', scopeChallenge('notes:read notes:write')),
  ),
  row(
    'scopes with two spaces between',
    'scope',
    bearer(issued({ scope: 'notes:read  notes:write' })),
    admitted(),
  ),
  row(
    'scopes as a list',
    'scope',
    bearer(issued({ scope: ['notes:read', 'notes:write'] })),
    refused(403, 'insufficient_scope', scopeChallenge('notes:read notes:write')),
  ),
  row(
    'no scope',
    'scope',
    bearer(issued({ scope: undefined })),
    refused(403, 'insufficient_scope', scopeChallenge('notes:read notes:write')),
  ),
  row('one scope of several', 'any scope', bearer(good), admitted()),
  row(
    'none of several scopes',
    'any scope admin',
    bearer(good),
    refused(403, 'insufficient_scope', scopeChallenge('admin root')),
  ),
  row('a role', 'role', bearer(good), admitted()),
  row(
    'not the role',
    'role admin',
    bearer(good),
    refused(403, 'forbidden', 'Bearer error="insufficient_scope", error_description="This is not allowed."', {
      detail: 'The user does not have the role for this.',
    }),
  ),
  row('claims by rules', 'claims rules', bearer(good), admitted()),
  row('a claim that no rule knows', 'claims rules', bearer(issued({ tenant: 'red' })), invalid),
  row('a claim that is missing', 'claims rules', bearer(issued({ tenant: undefined })), invalid),
  row('a rule that fails', 'claims rule fails', bearer(good), invalid),
  row('claims by a schema that forgets the rest', 'claims schema', bearer(good), admitted()),
  row('claims that do not fit the schema', 'claims schema', bearer(issued({ tenant: 1 })), invalid),
  row(
    'a revoked session behind a schema that forgets it',
    'claims schema',
    bearer(issued({ sid: 'session-ended' })),
    revoked,
  ),
  row('claims by a schema that answers later', 'claims schema later', bearer(good), admitted()),
  row('a schema that fails', 'claims schema fails', bearer(good), invalid),
  row('a schema that rejects', 'claims schema rejects', bearer(good), invalid),
  row('a recent and strong login', 'step up', bearer(good), admitted()),
  row('a login long ago', 'step up', bearer(issued({ auth_time: now - 300 })), tooOld),
  row('no time of login', 'step up', bearer(issued({ auth_time: undefined })), tooOld),
  row('a weak login', 'step up', bearer(issued({ acr: 'urn:example:password' })), tooWeak),
  row('no strength of login', 'step up', bearer(issued({ acr: undefined })), tooWeak),

  // Optional guards and preflights.
  row('nobody, where that is allowed', 'optional', send(), nobody),
  row('somebody, where nobody is allowed', 'optional', bearer(good), admitted()),
  row('a bad token, where nobody is allowed', 'optional', bearer('x'), invalid),
  row('another scheme, where nobody is allowed', 'optional', authorization('Basic YWRhOmx0ZA=='), nobody),
  row('two credentials, where nobody is allowed', 'optional', authorization('Bearer a, Bearer b'), twice),
  row('a CORS preflight', 'own', () => ({ method: 'OPTIONS', headers: preflight }), {
    kind: 'passed',
    status: 204,
  }),
  row(
    'OPTIONS without an origin',
    'own',
    () => ({ method: 'OPTIONS', headers: preflight.slice(1) }),
    missing,
  ),
  row(
    'OPTIONS that asks for nothing',
    'own',
    () => ({ method: 'OPTIONS', headers: preflight.slice(0, 1) }),
    missing,
  ),
  row(
    'a preflight with a bad token',
    'own',
    () => ({
      method: 'OPTIONS',
      headers: [...preflight, ['Authorization', 'Bearer x']],
    }),
    invalid,
  ),
  row('GET that looks like a preflight', 'own', send(...preflight), missing),
  row('HEAD without a token', 'own', () => ({ method: 'HEAD' }), missing),
  row('POST without a token', 'own', write([]), missing),
  row('POST with a token', 'own', write([['Authorization', `Bearer ${good}`]]), admitted()),

  // Other places for the credential.
  row('a query parameter that nobody asked for', 'own', ask(`/data?access_token=${good}`), missing),
  row('a cookie that nobody asked for', 'own', send(cookieOf(good)), missing),
  row('a cookie', 'cookie', send(cookieOf(good)), admitted()),
  row('a header where a cookie is asked for', 'cookie', bearer(good), missing),
  row('two cookies of the name', 'cookie', send(['Cookie', `token=${good}; token=${good}`]), twice),
  row('two cookie headers', 'cookie', send(['Cookie', 'theme=dark'], cookieOf(good)), admitted()),
  row('an empty cookie', 'cookie', send(['Cookie', 'token=']), missing),
  row(
    'a cookie written from our own page',
    'cookie',
    write([cookieOf(good), ['Sec-Fetch-Site', 'same-origin']]),
    admitted(),
  ),
  row(
    'a cookie written from a listed page',
    'cookie',
    write([cookieOf(good), ['Origin', 'https://app.example'], ['Sec-Fetch-Site', 'cross-site']]),
    admitted(),
  ),
  row(
    'a cookie written from a foreign page',
    'cookie',
    write([cookieOf(good), ['Origin', 'https://evil.example'], ['Sec-Fetch-Site', 'cross-site']]),
    foreign,
  ),
  row(
    'a cookie written from a sibling site',
    'cookie',
    write([cookieOf(good), ['Sec-Fetch-Site', 'same-site']]),
    foreign,
  ),
  row(
    'a cookie written from a page without an origin',
    'cookie',
    write([cookieOf(good), ['Origin', 'null']]),
    foreign,
  ),
  row('a query parameter', 'query', ask(`/data?page=2&access_token=${good}`), admitted()),
  row('two query parameters', 'query', ask(`/data?access_token=${good}&access_token=${good}`), twice),
  row('a query parameter in pieces', 'query', ask('/data?access_token=%E0%A4%'), invalid),
  row('an empty query parameter', 'query', ask('/data?access_token='), missing),
  row('a header or a cookie: the cookie', 'header or cookie', send(cookieOf(good)), admitted()),
  row(
    'a header and a cookie',
    'header or cookie',
    send(cookieOf(good), ['Authorization', `Bearer ${good}`]),
    twice,
  ),
  row('a function of the application', 'function', send(), admitted()),
  row('a function that finds nothing', 'function of nothing', bearer(good), missing),
  row('a function that fails', 'function fails', bearer(good), invalid),

  // How the refusal is put.
  row('no token, denied with 403', 'deny 403', send(), refused(403, 'missing_token', 'Bearer')),
  row('a bad token, denied with 403', 'deny 403', bearer('x'), refused(403, 'invalid_token', invalidToken)),
  row('two credentials, denied with 403', 'deny 403', authorization('Bearer a, Bearer b'), twice),
  row(
    'realm and metadata without a token',
    'told',
    send(),
    refused(
      401,
      'missing_token',
      'Bearer realm="notes", resource_metadata="https://api.example/.well-known/oauth-protected-resource"',
    ),
  ),
  row(
    'realm and metadata with a bad token',
    'told',
    bearer('x'),
    refused(
      401,
      'invalid_token',
      'Bearer realm="notes", resource_metadata="https://api.example/.well-known/oauth-protected-resource", error="invalid_token", error_description="The token is not valid."',
    ),
  ),

  // Revocation, API keys, and everything that can be down: 503, never 200 and never 500.
  row('a revoked session', 'revocations', bearer(issued({ sid: 'session-ended' })), revoked),
  row('a session that lives', 'revocations', bearer(good), admitted()),
  row('a feed that is stale', 'stale feed', bearer(good), unavailable('revocations_stale', '7')),
  row('a feed that is stale, and a bad token', 'stale feed', bearer('x'), invalid),
  row('revocations that fail', 'revocations fail', bearer(good), unavailable('revocations_stale')),
  row('keys that cannot be fetched', 'jwks down', bearer(good), unavailable('keys_unavailable')),
  row('keys that cannot be fetched, and junk', 'jwks down', bearer('x'), invalid),
  row('keys that fail', 'keys fail', bearer(good), unavailable('keys_unavailable')),
  row(
    'an API key',
    'API keys',
    bearer('lk_good_key'),
    admitted({
      subject: 'machine',
      username: null,
      scopes: ['notes:read'],
      roles: [],
      alg: 'none',
    }),
  ),
  row('a token where API keys are taken too', 'API keys', bearer(good), admitted()),
  row('an unknown API key', 'API keys', bearer('lk_bad_key'), invalid),
  row('an API key past its time', 'API keys', bearer('lk_ended_key'), expired),
  row('an API key of 300 characters', 'API keys', bearer(`lk_${'x'.repeat(297)}`), invalid),
  row(
    'an API key without the scope',
    'API keys for writing',
    bearer('lk_good_key'),
    refused(403, 'insufficient_scope', scopeChallenge('notes:write')),
  ),
  row(
    'API keys that cannot be read',
    'API keys fail',
    bearer('lk_good_key'),
    unavailable('store_unavailable'),
  ),
  row('a token while API keys cannot be read', 'API keys fail', bearer(good), admitted()),

  // Several issuers: exactly one judges (RFC 8725 3.8).
  row('the first of several issuers', 'issuers', bearer(good), admitted()),
  row(
    'the second of several issuers',
    'issuers',
    bearer(
      compact(
        { alg: 'ES256', typ: 'at+jwt', kid: 'es' },
        { ...claims, iss: otherIssuer, sub: 'grace' },
        ecdsa(signers.other.privateKey),
      ),
    ),
    admitted({ subject: 'grace' }),
  ),
  row(
    'the third, with a secret',
    'issuers',
    bearer(shared({ iss: 'https://shared.example' }, { typ: 'at+jwt' })),
    admitted(),
  ),
  row("one issuer's key under another's name", 'issuers', bearer(issued({ iss: otherIssuer })), invalid),
  row(
    'the secret of one issuer under the name of another',
    'issuers',
    bearer(shared({ iss: issuer }, { typ: 'at+jwt' })),
    invalid,
  ),
  row('an issuer that is not listed', 'issuers', bearer(issued({ iss: 'https://evil.example' })), invalid),
  row('no issuer, where there are several', 'issuers', bearer(issued({ iss: undefined })), invalid),
  row(
    'an issuer named twice',
    'issuers',
    bearer(
      compact(
        { alg: 'ES256', typ: 'at+jwt', kid: 'es' },
        `{"iss":"${otherIssuer}",${JSON.stringify(claims).slice(1)}`,
        ecdsa(signers.es.privateKey),
      ),
    ),
    invalid,
  ),
  row(
    'an issuer found by its metadata',
    'discover',
    ({ discoveredIssuer }) => bearer(issued({ iss: discoveredIssuer }))(),
    admitted(),
  ),
  row(
    "an issuer found by OpenID's metadata",
    'discover',
    ({ discoveredIssuer }) => bearer(issued({ iss: discoveredIssuer.replace('/tenant', '/oidc') }))(),
    admitted(),
  ),
  row('another issuer than those found', 'discover', bearer(good), invalid),
  row('metadata that names another issuer', 'discover a liar', bearer(good), unavailable('keys_unavailable')),
  row('metadata that cannot be fetched', 'discover nobody', bearer(good), unavailable('keys_unavailable')),

  // Tokens that were made by hand before.
  row('an old token', 'legacy', bearer(old()), admitted({ subject: 'legacy:7', alg: 'HS256' })),
  row('a new token beside old ones', 'legacy', bearer(good), admitted()),
  row('an old token past its time', 'legacy', bearer(old({ exp: now })), expired),
  row('an old token with a kid', 'legacy', bearer(old({}, { kid: 'es' })), invalid),
  row(
    'an old token that calls itself an access token',
    'legacy',
    bearer(old({}, { typ: 'at+jwt' })),
    invalid,
  ),
  row(
    'an old token under HS512',
    'legacy',
    bearer(
      compact({ alg: 'HS512', typ: 'JWT' }, { user: { id: 7 }, exp: now + 60 }, hmac('privatekey', 'sha512')),
    ),
    invalid,
  ),
  row('an old token of whom nobody knows', 'legacy', bearer(old({ user: { id: 'x' } })), invalid),
  row('an old token that the application stumbles over', 'legacy', bearer(old({ user: null })), invalid),
  row('an old token without exp', 'legacy', bearer(old({ exp: undefined })), invalid),
  row(
    'an old token without exp, young enough',
    'legacy without exp',
    bearer(old({ exp: undefined })),
    admitted({
      subject: 'legacy:7',
    }),
  ),
  row(
    'an old token without exp, too old',
    'legacy without exp',
    bearer(old({ exp: undefined, iat: now - 3600 })),
    expired,
  ),
  row(
    'an old token without any time',
    'legacy without exp',
    bearer(old({ exp: undefined, iat: undefined })),
    invalid,
  ),
  row(
    'an old token of another secret',
    'legacy without exp',
    bearer(compact({ alg: 'HS256', typ: 'JWT' }, { user: { id: 7 }, iat: now }, hmac('guessed'))),
    invalid,
  ),
  row('an old token after their last day', 'legacy over', bearer(old()), expired),
  row('a new token after their last day', 'legacy over', bearer(good), admitted()),
]
