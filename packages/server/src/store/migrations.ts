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
    state TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    active_at INTEGER,
    rotate_at INTEGER,
    retired_until INTEGER,
    revoked_at INTEGER
  ) STRICT;

  CREATE TABLE users (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL,
    canonical_name TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    roles TEXT NOT NULL,
    name TEXT,
    locale TEXT,
    email TEXT,
    unverified_email TEXT,
    created_at INTEGER NOT NULL,
    password_changed_at INTEGER NOT NULL,
    disabled_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX users_by_email ON users (email) WHERE email IS NOT NULL;

  CREATE TABLE reserved_names (
    canonical_name TEXT PRIMARY KEY,
    reserved_until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    access_id TEXT NOT NULL UNIQUE,
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

  CREATE TABLE one_time (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    address TEXT,
    roles TEXT NOT NULL,
    salt BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    consumed_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX one_time_of_user ON one_time (user_id, purpose);
  CREATE INDEX one_time_by_end ON one_time (expires_at);

  CREATE TABLE mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    purpose TEXT NOT NULL,
    user_id TEXT,
    address TEXT NOT NULL,
    one_time_id TEXT,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX mails_by_due ON mails (due_at);

  CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX api_keys_of_user ON api_keys (user_id, created_at);

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    event TEXT NOT NULL,
    user_id TEXT,
    actor TEXT,
    session_hash TEXT,
    address TEXT,
    detail TEXT
  ) STRICT;
  CREATE INDEX audit_of_user ON audit (user_id, seq);
  CREATE INDEX audit_by_time ON audit (at_ms);
  `,
  `
  ALTER TABLE master_key ADD COLUMN compromised_at INTEGER;
  ALTER TABLE one_time ADD COLUMN key_version INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE api_keys ADD COLUMN key_version INTEGER NOT NULL DEFAULT 1;
  CREATE TABLE pulse (beats INTEGER NOT NULL) STRICT;
  INSERT INTO pulse VALUES (0);
  `,
  `
  CREATE TABLE attempts (
    bucket INTEGER PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL,
    next_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX attempts_by_time ON attempts (last_at_ms);
  `,
  `
  CREATE TABLE clients (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    audiences TEXT NOT NULL,
    access_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE INDEX users_by_time ON users (created_at, id);
  CREATE INDEX users_by_roles ON users (roles, created_at, id) WHERE roles <> '[]';
  CREATE INDEX users_disabled ON users (created_at, id) WHERE disabled_at IS NOT NULL;
  CREATE INDEX sessions_by_time ON sessions (created_at, id);
  DROP INDEX audit_by_time;
  CREATE INDEX audit_by_time ON audit (at_ms, event);
  CREATE INDEX audit_by_event ON audit (event, seq);
  `,
  `
  ALTER TABLE audit ADD COLUMN device TEXT;
  CREATE INDEX audit_of_actor ON audit (actor) WHERE actor IS NOT NULL;
  `,
  `
  CREATE INDEX audit_places ON audit (at_ms) WHERE address IS NOT NULL OR device IS NOT NULL;
  `,
]
