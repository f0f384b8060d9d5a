// The claims that tokens are made of: ten of them, 253 bytes of JSON, those of an access token (RFC 9068).

export const issuer = 'https://auth.example.com'
export const audience = 'https://api.example.com'
export const payloadBytes = 253

const lifetimeSeconds = 86_400

/** Claims number `index`, issued `ageSeconds` ago. No two are alike. */
export function claimsOf(index, ageSeconds = 60) {
  const issuedAt = Math.floor(Date.now() / 1000) - ageSeconds
  const number = String(index).padStart(8, '0')
  const claims = {
    iss: issuer,
    sub: `user-${number}`,
    aud: audience,
    exp: issuedAt + lifetimeSeconds,
    iat: issuedAt,
    jti: `tokenid-${number}`,
    client_id: 'latchkey',
    sid: `session-${number}`,
    auth_time: issuedAt,
    scope: 'posts:read',
  }
  const missing = payloadBytes - JSON.stringify(claims).length
  if (missing < 0) throw new RangeError(`the claims are ${-missing} bytes too long`)
  return { ...claims, scope: claims.scope + ' x'.repeat(Math.ceil(missing / 2)).slice(0, missing) }
}

/** So old that it has expired. */
export const expiredAgeSeconds = lifetimeSeconds + 3600
