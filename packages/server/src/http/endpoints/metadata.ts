// GET /.well-known/oauth-authorization-server (RFC 8414) and /.well-known/openid-configuration: what is really served,
// for resource servers that look for the keys there.
import type { Call } from '../call.ts'
import { json } from '../reply.ts'

export function metadata({ services }: Call): Response {
  const { issuer } = services
  const byBasic = ['client_secret_basic']
  const document = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/oauth/token`,
    token_endpoint_auth_methods_supported: byBasic,
    grant_types_supported: ['client_credentials'],
    // No flow goes through a browser: there is no authorization endpoint.
    response_types_supported: [],
    introspection_endpoint: `${issuer}/oauth/introspect`,
    introspection_endpoint_auth_methods_supported: byBasic,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    revocation_endpoint_auth_methods_supported: byBasic,
  }
  return json(document, { 'cache-control': `public, max-age=${services.jwksMaxAgeSeconds}` })
}
