// What is said of the routes for other services and for whoever runs the server.
import * as answers from './answers.ts'
import type { OperationRow } from './operation.ts'

const discovery = {
  tag: 'Services',
  description: 'What is really served, for resource servers that look for the keys here.',
  answers: [{ status: 200, words: 'The metadata.', shape: answers.metadata }],
  isStoreless: true,
} as const

const oauthRefusals = [
  { status: 400, words: 'Something is missing or unknown.', shape: answers.oauthError },
  { status: 401, words: 'The client is not who it says it is.', shape: answers.oauthError },
]

export const serviceRows: Readonly<Record<string, OperationRow>> = {
  'GET /.well-known/jwks.json': {
    id: 'readKeySet',
    tag: 'Services',
    summary: 'Read the public keys',
    description: 'May be cached for as long as `Cache-Control` says.',
    answers: [{ status: 200, words: 'The key set (RFC 7517).', shape: answers.jwks }],
    isStoreless: true,
  },
  'GET /.well-known/oauth-authorization-server': {
    ...discovery,
    id: 'readServerMetadata',
    summary: 'Read the metadata (RFC 8414)',
  },
  'GET /.well-known/openid-configuration': {
    ...discovery,
    id: 'readOpenidConfiguration',
    summary: 'Read the same at OpenID’s address',
  },
  'POST /oauth/token': {
    id: 'getClientToken',
    tag: 'Services',
    summary: 'Get an access token for a client',
    description: 'Client credentials (RFC 6749 4.4). A client’s `sub` is `client:` and its id.',
    example: { grant_type: 'client_credentials', scope: 'orders:read' },
    security: ['clientSecret'],
    answers: [{ status: 200, words: 'The token.', shape: answers.clientToken }, ...oauthRefusals],
  },
  'POST /oauth/introspect': {
    id: 'introspect',
    tag: 'Services',
    summary: 'Ask whether a token is good now',
    description:
      'RFC 7662. A client learns of tokens that are meant for one of its audiences, of its own, and of all with the scope `introspect:any`; every other is inactive.',
    example: { token: 'eyJhbGciOiJFUzI1NiJ9.e30.AA' },
    security: ['clientSecret'],
    answers: [
      { status: 200, words: 'The claims, or `active: false`.', shape: answers.introspection },
      ...oauthRefusals,
    ],
    codes: ['revocations_stale'],
  },
  'POST /oauth/revoke': {
    id: 'revoke',
    tag: 'Services',
    summary: 'Revoke a token',
    description: 'RFC 7009. The answer does not say whether there was anything to revoke.',
    example: { token: 'eyJhbGciOiJFUzI1NiJ9.e30.AA' },
    security: ['clientSecret'],
    answers: [{ status: 200, words: 'It is good for nothing now.' }, ...oauthRefusals],
    codes: ['revocations_stale'],
  },
  'GET /revocations': {
    id: 'listenToRevocations',
    tag: 'Services',
    summary: 'Listen to what is revoked',
    description:
      'Server-sent events for guards: a snapshot, then each revocation, with ids to resume from. Needs the scope `revocations:read`.',
    answers: [{ status: 200, words: 'The stream. It does not end.', media: 'text/event-stream' }],
    isStoreless: true,
    isStream: true,
  },
  'POST /inspect': {
    id: 'inspectToken',
    tag: 'Services',
    summary: 'Ask how far a token comes here',
    description:
      'For people who wonder why a token is refused: the steps of a guard, and the one at which it stopped. What comes up to the signature anybody can find out with the public keys; what comes after it is told to whoever holds a token of ours, and says what a guard says. API keys and refresh tokens are not looked at. Where `Accept` names text/html, the answer is the page.',
    example: { token: 'eyJhbGciOiJFUzI1NiJ9.e30.AA' },
    answers: [
      { status: 200, words: 'The steps.', shape: answers.inspection },
      { status: 200, words: 'The steps, as a page.', media: 'text/html' },
    ],
    codes: ['revocations_stale'],
  },

  'GET /health/live': {
    id: 'isLive',
    tag: 'Operation',
    summary: 'Whether the process answers',
    answers: [{ status: 200, words: 'It does.', shape: answers.status }],
    isStoreless: true,
  },
  'GET /health/ready': {
    id: 'isReady',
    tag: 'Operation',
    summary: 'Whether it can serve',
    answers: [
      { status: 200, words: 'It can.', shape: answers.status },
      { status: 503, words: 'Something is missing.', shape: answers.unavailable },
    ],
    isStoreless: true,
  },
  'GET /metrics': {
    id: 'readMetrics',
    tag: 'Operation',
    summary: 'Read the metrics',
    description:
      'Prometheus’ text format, version 0.0.4. For administrators, for API keys of administrators and for clients with the scope `metrics:read`; on the loopback, without a forwarding header, for everybody.',
    answers: [{ status: 200, words: 'The metrics.', media: 'text/plain' }],
  },
  'GET /openapi.json': {
    id: 'readDescription',
    tag: 'Operation',
    summary: 'Read this description',
    answers: [
      { status: 200, words: 'OpenAPI 3.1.', media: 'application/json' },
      { status: 304, words: 'It is as `If-None-Match` says.' },
    ],
    isStoreless: true,
  },
}
