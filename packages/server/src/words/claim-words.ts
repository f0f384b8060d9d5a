// What the members of a token mean: a row for each that is registered or that this server writes. Nothing of Node is
// imported: pages use it too.

export interface WordRow {
  /** What it says about a token, in one sentence. */
  readonly meaning: string
  /** Where it is defined. */
  readonly section: string
  /** A number of seconds since 1970. */
  readonly isTime?: true
}

/** What is said of a member that no table knows. */
export const ownWords = 'The issuer’s own: no standard gives it a meaning.'

/** The members of a header (RFC 7515 4.1). */
export const headerWords: Readonly<Record<string, WordRow>> = {
  alg: { meaning: 'How the token is signed.', section: 'RFC 7515 4.1.1' },
  kid: { meaning: 'Which key signed it, by the name it has in the key set.', section: 'RFC 7515 4.1.4' },
  typ: {
    meaning: 'What kind of token it is: at+jwt is an access token.',
    section: 'RFC 7515 4.1.9, RFC 9068 2.1',
  },
  cty: { meaning: 'What kind of content it carries.', section: 'RFC 7515 4.1.10' },
  crit: {
    meaning: 'Extensions that a reader must understand; Latchkey understands none and refuses.',
    section: 'RFC 7515 4.1.11',
  },
  b64: { meaning: 'Whether the payload is encoded; a JWT always is.', section: 'RFC 7797 3, 7' },
  jku: {
    meaning: 'A URL of keys. Never followed: whoever made the token chose it.',
    section: 'RFC 7515 4.1.2',
  },
  jwk: { meaning: 'A key. Never used: whoever made the token chose it.', section: 'RFC 7515 4.1.3' },
  x5u: { meaning: 'A URL of certificates. Never followed.', section: 'RFC 7515 4.1.5' },
  x5c: { meaning: 'Certificates. Never used to verify.', section: 'RFC 7515 4.1.6' },
  x5t: { meaning: 'The SHA-1 thumbprint of a certificate. Not looked at.', section: 'RFC 7515 4.1.7' },
  'x5t#S256': {
    meaning: 'The SHA-256 thumbprint of a certificate. Not looked at.',
    section: 'RFC 7515 4.1.8',
  },
  enc: { meaning: 'How it is encrypted. Latchkey reads no encrypted tokens.', section: 'RFC 7516 4.1.2' },
}

/** The claims of a payload. */
export const claimWords: Readonly<Record<string, WordRow>> = {
  iss: { meaning: 'Who made the token. A guard compares it exactly.', section: 'RFC 7519 4.1.1' },
  sub: {
    meaning: 'Whom it is about: a user’s id, or client: and a service’s id.',
    section: 'RFC 7519 4.1.2',
  },
  aud: { meaning: 'For whom it is meant. A guard must find itself here.', section: 'RFC 7519 4.1.3' },
  exp: {
    meaning: 'When it ends. From this instant on it is refused.',
    section: 'RFC 7519 4.1.4',
    isTime: true,
  },
  nbf: { meaning: 'Before this instant it is refused.', section: 'RFC 7519 4.1.5', isTime: true },
  iat: { meaning: 'When it was made.', section: 'RFC 7519 4.1.6', isTime: true },
  jti: { meaning: 'Its own name, by which it alone can be revoked.', section: 'RFC 7519 4.1.7' },
  client_id: { meaning: 'Through which client it was asked for.', section: 'RFC 9068 2.2' },
  sid: {
    meaning: 'The session it belongs to, by which it is revoked.',
    section: 'OpenID Connect Front-Channel Logout 3',
  },
  auth_time: { meaning: 'When the user signed in.', section: 'RFC 9068 2.2.1', isTime: true },
  amr: { meaning: 'How the user signed in: pwd is a password.', section: 'RFC 8176 2' },
  acr: { meaning: 'How strong the sign-in was.', section: 'RFC 9068 2.2.1' },
  scope: {
    meaning: 'What it may be used for, names with spaces between. * is everything.',
    section: 'RFC 8693 4.2',
  },
  user: { meaning: 'The user’s id, name and roles, as this server writes them.', section: 'Latchkey' },
  roles: { meaning: 'The roles of the user.', section: 'RFC 9068 2.2.3.1' },
  groups: { meaning: 'The groups of the user.', section: 'RFC 9068 2.2.3.1' },
  entitlements: { meaning: 'What the user is entitled to.', section: 'RFC 9068 2.2.3.1' },
  nonce: { meaning: 'Ties an ID token to the request that asked for it.', section: 'OpenID Connect Core 2' },
  azp: { meaning: 'The party that an ID token was issued to.', section: 'OpenID Connect Core 2' },
  at_hash: { meaning: 'Ties an ID token to its access token.', section: 'OpenID Connect Core 3.1.3.6' },
  act: { meaning: 'Who acts on behalf of the subject.', section: 'RFC 8693 4.1' },
  cnf: { meaning: 'The key that whoever presents the token must prove.', section: 'RFC 7800 3.1' },
  events: { meaning: 'Security events: this is no access token.', section: 'RFC 8417 2.2' },
  name: { meaning: 'The name of the user.', section: 'OpenID Connect Core 5.1' },
  preferred_username: { meaning: 'What the user wants to be called.', section: 'OpenID Connect Core 5.1' },
  email: { meaning: 'The e-mail address of the user.', section: 'OpenID Connect Core 5.1' },
  email_verified: { meaning: 'Whether the address was verified.', section: 'OpenID Connect Core 5.1' },
  updated_at: { meaning: 'When the profile last changed.', section: 'OpenID Connect Core 5.1', isTime: true },
}
