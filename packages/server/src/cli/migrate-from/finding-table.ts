// What is looked for: each finding's code, how much it matters, why, and what to do. The page docs/migrate/jsonwebtoken.md
// is made from this table.
import type { Level } from '../doctor/finding.ts'

export interface FindingRow {
  readonly level: Level
  /** What is so, in a sentence. */
  readonly what: string
  /** Why it matters, and who says so. */
  readonly why: string
  readonly fix: string
}

export const findingTable = {
  secret_in_code: {
    level: 'error',
    what: 'The secret is written in the code.',
    why: 'Everybody who reads the code, or an old copy of it, signs tokens in any name (RFC 8725 3.5).',
    fix: 'Read it from the environment, and make a new one: this one is known.',
  },
  secret_fallback: {
    level: 'error',
    what: 'A secret in the code takes the place of one that is missing.',
    why: 'A forgotten setting is not noticed, and tokens are signed with what everybody can read (RFC 8725 3.5).',
    fix: 'Leave the fallback out: without a secret the start should fail.',
  },
  secret_short: {
    level: 'error',
    what: 'The secret is shorter than the hash of its algorithm.',
    why: 'It can be guessed from one token, on a machine of its own (RFC 7518 3.2, RFC 8725 3.5).',
    fix: `Make one with node -p "require('node:crypto').randomBytes(32).toString('base64url')"; sign and verify of latchkey refuse shorter ones.`,
  },
  private_key_in_code: {
    level: 'error',
    what: 'A private key is written in the code.',
    why: 'Everybody who reads the code, or an old copy of it, signs tokens in any name (RFC 8725 3.5).',
    fix: 'Read it from a file outside the repository or from the environment, and make a new pair.',
  },
  secret_file_tracked: {
    level: 'error',
    what: 'A file with secrets is under version control.',
    why: 'It is in every clone and stays in the history (RFC 8725 3.5).',
    fix: 'git rm --cached it, name it in .gitignore, and change what stands in it.',
  },
  algorithms_missing: {
    level: 'error',
    what: 'Nothing says which algorithms are accepted.',
    why: 'The token then has a say in how it is judged (RFC 8725 3.1).',
    fix: 'Name the one that you sign with.',
  },
  algorithm_none: {
    level: 'error',
    what: 'Tokens without a signature are made or accepted.',
    why: 'Anybody writes one (RFC 8725 3.2).',
    fix: 'Take none out of the list; Latchkey has no such algorithm.',
  },
  algorithms_mixed: {
    level: 'error',
    what: 'HMAC and public-key algorithms stand in one list.',
    why: 'A public key can then be used as an HMAC secret, by anybody who has it (RFC 8725 2.1, 3.1).',
    fix: 'Name the one that you sign with. Where both are needed, one verifier for each.',
  },
  expiry_missing: {
    level: 'error',
    what: 'A token is signed that never expires.',
    why: 'Whoever gets hold of it has it for ever (RFC 7519 4.1.4). Guards of Latchkey require exp.',
    fix: 'Give it a life with expiresIn: an hour, with a refresh token beside it.',
  },
  expiry_unseen: {
    level: 'warning',
    what: 'A token is signed without expiresIn, and what its payload holds is not seen here.',
    why: 'Without exp it never expires (RFC 7519 4.1.4). Guards of Latchkey require exp.',
    fix: 'Give it a life with expiresIn, unless the payload has an exp.',
  },
  expiry_unit: {
    level: 'error',
    what: 'A time is in milliseconds where seconds are meant, or the other way round.',
    why: 'A text without a unit is milliseconds, a number and exp are seconds: the token dies at once, or in some thousand years (RFC 7519 2, NumericDate).',
    fix: "Write the unit: expiresIn: '1h'.",
  },
  expiry_long: {
    level: 'warning',
    what: 'A token lives longer than 30 days.',
    why: 'As long as that, a stolen one is good as well; nothing calls it back.',
    fix: 'An hour, and a refresh token beside it: the login server of Latchkey hands out both.',
  },
  expiry_ignored: {
    level: 'error',
    what: 'Tokens that have expired are accepted.',
    why: 'A stolen one is good for ever (RFC 7519 4.1.4).',
    fix: 'Take ignoreExpiration out. To end the session of an expired token, verify of latchkey has unsafeIgnoreExpiration.',
  },
  issuer_audience_unchecked: {
    level: 'note',
    what: 'Who made the token, or for whom, is not asked.',
    why: 'A token made for another service, or another purpose, with the same key is accepted (RFC 8725 3.8, 3.9).',
    fix: 'Sign with issuer and audience, and ask for both.',
  },
  decoded_unverified: {
    level: 'warning',
    what: 'What decode returns is used without verify.',
    why: 'Anybody can have written it: decode checks no signature (RFC 8725 3.3, 3.10).',
    fix: 'Call verify, and use what it returns.',
  },
  error_ignored: {
    level: 'error',
    what: 'The callback of verify goes on without looking at the error.',
    why: 'A token that was refused comes through as one without claims (RFC 8725 3.3).',
    fix: 'Return when the first argument is an error; or let protect of latchkey/express do it.',
  },
  refusal_goes_on: {
    level: 'error',
    what: 'After the refusal the callback of verify goes on.',
    why: 'The answer is sent, and the request goes on to the handler all the same (RFC 8725 3.3).',
    fix: 'Return with the refusal.',
  },
  refusal_swallowed: {
    level: 'warning',
    what: 'A refused token is passed over in silence: the catch block is empty.',
    why: 'What comes after it runs as if there were no token, or with an old value (RFC 8725 3.3).',
    fix: 'Answer the request there. Where a token is optional: protect({ optional: true }), which refuses a bad one.',
  },
  key_from_token: {
    level: 'error',
    what: 'The key is taken from where the token says.',
    why: 'A forged token names its own key (RFC 8725 3.10).',
    fix: 'Take keys from an address of your own: remoteKeys of latchkey, or jwks of a guard.',
  },
  token_in_url: {
    level: 'warning',
    what: 'The token is taken from the query of the URL.',
    why: 'URLs stand in logs, histories and referrers (RFC 6750 5.3, RFC 9700 4.3.2).',
    fix: 'Take it from the Authorization header. A guard that must have it: from: { query: … }. A link in a mail that works once is another matter.',
  },
  token_in_storage: {
    level: 'warning',
    what: 'A page keeps the token where every script of it can read it.',
    why: 'One script that should not run there takes it away.',
    fix: 'createClient of latchkey/client keeps it in memory, and the refresh token in a cookie that no script reads.',
  },
  claims_secret: {
    level: 'warning',
    what: 'A secret of the user goes into the token.',
    why: 'Everybody who sees a token reads its claims: they are encoded, not encrypted (RFC 7519 12).',
    fix: 'Leave it out; an id is enough.',
  },
  options_unseen: {
    level: 'note',
    what: 'The options of this call are not seen here.',
    why: 'They come from elsewhere: algorithms and expiry could not be looked at.',
    fix: 'Look where they are made.',
  },
  call_unseen: {
    level: 'note',
    what: 'The function is handed on, and called where it is not seen.',
    why: 'Its secret and options could not be looked at.',
    fix: 'Look where it is called.',
  },
  library_old: {
    level: 'warning',
    what: 'An old version of the library, with known holes, may be installed.',
    why: 'jsonwebtoken before 9: CVE-2022-23539, 23540 and 23541; express-jwt before 6: CVE-2020-15084.',
    fix: 'The change of the import puts Latchkey in its place.',
  },
  library_other: {
    level: 'note',
    what: 'Another library for tokens is installed, which was not looked at.',
    why: 'Its calls have no findings here, whatever they do.',
    fix: 'Its page in docs/migrate, where there is one, has the mapping.',
  },
  file_unreadable: {
    level: 'warning',
    what: 'This file names the library and is no code that can be read.',
    why: 'Nothing in it was looked at.',
    fix: 'Put its syntax right, or look at it yourself.',
  },
} as const satisfies Record<string, FindingRow>

export type FindingCode = keyof typeof findingTable
