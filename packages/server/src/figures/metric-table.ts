// Every metric once: its name, what it counts or measures, and its labels. Names follow Prometheus' guide: base units,
// `_total` on what only grows, the instant of a thing rather than its age. No label takes its values from what a caller
// sends: each is a row of one of our tables. The reference page in docs/ is made from this table.

export interface MetricRow {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels?: readonly string[]
  /** Upper bounds of a histogram's buckets. */
  readonly bounds?: readonly number[]
  /** Values of its one label that are there from the start: what happens first is then seen as a change from nothing. */
  readonly values?: readonly string[]
}

/** From a guarded request, well under a millisecond, to a sign-in behind a full hash queue. */
const answerBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const callBounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]
const delayBounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

/** What is counted when it happens. */
export const countedMetrics = {
  requests: {
    name: 'latchkey_http_requests_total',
    type: 'counter',
    help: 'Requests answered, by the route’s pattern and the class of the status. The route "none" is every path that nothing answers.',
    labels: ['method', 'route', 'status'],
  },
  requestSeconds: {
    name: 'latchkey_http_request_duration_seconds',
    type: 'histogram',
    help: 'From the request’s head to the answer’s head.',
    labels: ['method', 'route'],
    bounds: answerBounds,
  },
  refusals: {
    name: 'latchkey_refusals_total',
    type: 'counter',
    help: 'Requests refused, by the problem code of the answer.',
    labels: ['code'],
    values: ['internal_error', 'store_unavailable', 'overloaded', 'revocations_stale', 'keys_unavailable'],
  },
  logins: {
    name: 'latchkey_logins_total',
    type: 'counter',
    help: 'Sign-ins by password, by outcome: success, or the problem code.',
    labels: ['outcome'],
    values: [
      'success',
      'invalid_credentials',
      'account_disabled',
      'email_unverified',
      'rate_limited',
      'overloaded',
    ],
  },
  registrations: {
    name: 'latchkey_registrations_total',
    type: 'counter',
    help: 'Registrations, by outcome: success, or the problem code.',
    labels: ['outcome'],
    values: ['success', 'username_taken', 'registration_closed', 'rate_limited', 'overloaded'],
  },
  refreshes: {
    name: 'latchkey_refreshes_total',
    type: 'counter',
    help: 'Refresh tokens presented, by what the store found them to be; "invalid" are none of ours. "reused" ends its session.',
    labels: ['outcome'],
    values: [
      'rotated',
      'kept',
      'repeated',
      'ahead',
      'reused',
      'revoked',
      'expired',
      'stale',
      'foreign',
      'missing',
      'invalid',
    ],
  },
  rateLimited: {
    name: 'latchkey_rate_limited_total',
    type: 'counter',
    help: 'Attempts that came too often, by what was counted: kinds of attempts from one address; guesses at one account or one client; mails to one address.',
    labels: ['limit'],
    values: [
      'password',
      'register',
      'mail',
      'link',
      'refresh',
      'apiKey',
      'client',
      'account',
      'client_name',
      'mail_address',
    ],
  },
  hashSeconds: {
    name: 'latchkey_hash_duration_seconds',
    type: 'histogram',
    help: 'From the wish for a password hash to its result, the wait in the queue included.',
    labels: ['kind'],
    bounds: answerBounds,
    values: ['hash', 'check'],
  },
  hashRejected: {
    name: 'latchkey_hash_rejected_total',
    type: 'counter',
    help: 'Refusals because the hash queue was full.',
  },
  storeSeconds: {
    name: 'latchkey_store_call_duration_seconds',
    type: 'histogram',
    help: 'Time of each verb of the store, from the call to its commit, waits included.',
    labels: ['verb'],
    bounds: callBounds,
  },
  storeFailures: {
    name: 'latchkey_store_failures_total',
    type: 'counter',
    help: 'Calls of the store that failed.',
  },
  mails: {
    name: 'latchkey_mails_total',
    type: 'counter',
    help: 'Mails handed to the mail server, by outcome: sent, to be tried again, given up.',
    labels: ['outcome'],
    values: ['sent', 'retried', 'given_up'],
  },
  loopDelay: {
    name: 'nodejs_eventloop_delay_seconds',
    type: 'histogram',
    help: 'How much later than asked a timer ran, ten times a second.',
    bounds: delayBounds,
  },
} as const satisfies Record<string, MetricRow>

/** What is read when somebody asks. */
export const readMetrics = {
  build: {
    name: 'latchkey_build_info',
    type: 'gauge',
    help: 'Always 1; the labels say what runs.',
    labels: ['version', 'node'],
  },
  hashQueue: {
    name: 'latchkey_hash_queue_length',
    type: 'gauge',
    help: 'Passwords that wait to be hashed.',
  },
  hashCapacity: {
    name: 'latchkey_hash_queue_capacity',
    type: 'gauge',
    help: 'How many may wait; one more is refused.',
  },
  revocationLag: {
    name: 'latchkey_revocation_lag_seconds',
    type: 'gauge',
    help: 'Since when a revocation of another process may have been missed: the age of the last reading of the log.',
  },
  revokedIds: {
    name: 'latchkey_revoked_ids',
    type: 'gauge',
    help: 'Ids of revoked sessions, tokens and keys that are held in memory.',
  },
  subscribers: {
    name: 'latchkey_revocation_subscribers',
    type: 'gauge',
    help: 'Guards that listen at GET /revocations.',
  },
  signingKeys: {
    name: 'latchkey_signing_keys',
    type: 'gauge',
    help: 'Published signing keys, by state. None under HS256.',
    labels: ['state'],
  },
  keyPublished: {
    name: 'latchkey_signing_key_published_timestamp_seconds',
    type: 'gauge',
    help: 'When a published signing key was published.',
    labels: ['kid', 'alg', 'state'],
  },
  keyRotation: {
    name: 'latchkey_signing_key_rotation_timestamp_seconds',
    type: 'gauge',
    help: 'When the key that signs is due to be replaced.',
    labels: ['kid'],
  },
  storeBytes: {
    name: 'latchkey_store_size_bytes',
    type: 'gauge',
    help: 'Size of the database, measured each minute.',
  },
  storeWaiting: {
    name: 'latchkey_store_waiting',
    type: 'gauge',
    help: 'Calls of the store that wait for the writer, or for a connection.',
  },
  storeConnections: {
    name: 'latchkey_store_connections',
    type: 'gauge',
    help: 'Open connections to PostgreSQL, by state. None with SQLite.',
    labels: ['state'],
  },
  storeConnectionsMax: {
    name: 'latchkey_store_connections_max',
    type: 'gauge',
    help: 'How many connections may be open. None with SQLite.',
  },
  certificateEnd: {
    name: 'latchkey_tls_certificate_expiry_timestamp_seconds',
    type: 'gauge',
    help: 'When the certificate that was loaded at the start expires. None without LATCHKEY_TLS_CERT.',
  },
  cpu: {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'CPU time of the process, all threads, user and system.',
  },
  resident: {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of the process.',
  },
  started: {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When the process started, in seconds since 1970.',
  },
  openFiles: {
    name: 'process_open_fds',
    type: 'gauge',
    help: 'Open file descriptors; on Linux.',
  },
  heapUsed: {
    name: 'nodejs_heap_used_bytes',
    type: 'gauge',
    help: 'The main thread’s heap in use.',
  },
  heapTotal: {
    name: 'nodejs_heap_total_bytes',
    type: 'gauge',
    help: 'The main thread’s heap as reserved.',
  },
  loopActive: {
    name: 'nodejs_eventloop_active_seconds_total',
    type: 'counter',
    help: 'Time in which the event loop was not waiting; its rate is the loop’s utilisation.',
  },
} as const satisfies Record<string, MetricRow>
