// The schema's history, one row a step, applied in order at start. Rows are never edited once released.

export const migrations: readonly string[] = [
  `
  CREATE TABLE master_key (
    version INTEGER PRIMARY KEY,
    check_value BLOB NOT NULL
  ) STRICT;

  CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    alg TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE users (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL,
    canonical_name TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    roles TEXT NOT NULL,
    unverified_email TEXT,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    salt BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    attempt_hash TEXT,
    rotated_at_ms INTEGER,
    created_at INTEGER NOT NULL,
    auth_time INTEGER NOT NULL,
    amr TEXT NOT NULL,
    scope TEXT NOT NULL,
    transport TEXT NOT NULL,
    last_seen INTEGER NOT NULL,
    idle_expires_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_why TEXT,
    device TEXT,
    address TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX live_sessions_of_user ON sessions (user_id, created_at) WHERE revoked_at IS NULL;
  CREATE INDEX sessions_by_end ON sessions (expires_at);

  CREATE TABLE revocations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX revocations_by_end ON revocations (expires_at);

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    event TEXT NOT NULL,
    user_id TEXT,
    session_hash TEXT,
    address TEXT,
    detail TEXT
  ) STRICT;
  `,
]
