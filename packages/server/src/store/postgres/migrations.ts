// The schema's history on PostgreSQL, one row a step, applied in order at start. Rows are never edited once released.
// Text is compared by its bytes (COLLATE "C"), as SQLite does; roles and lists are JSON in text.

export const migrations: readonly string[] = [
  `
  CREATE TABLE master_key (
    version integer PRIMARY KEY,
    check_value bytea NOT NULL,
    compromised_at bigint
  );

  CREATE TABLE signing_keys (
    kid text COLLATE "C" PRIMARY KEY,
    alg text NOT NULL,
    state text NOT NULL,
    wrapped bytea NOT NULL,
    key_version integer NOT NULL,
    published_at bigint NOT NULL,
    active_at bigint,
    rotate_at bigint,
    retired_until bigint,
    revoked_at bigint
  );

  CREATE TABLE users (
    id text COLLATE "C" PRIMARY KEY,
    username text NOT NULL,
    canonical_name text COLLATE "C" NOT NULL UNIQUE,
    password_hash text NOT NULL,
    roles text NOT NULL,
    name text,
    locale text,
    email text COLLATE "C",
    unverified_email text,
    created_at bigint NOT NULL,
    password_changed_at bigint NOT NULL,
    disabled_at bigint
  );
  CREATE UNIQUE INDEX users_by_email ON users (email) WHERE email IS NOT NULL;

  CREATE TABLE reserved_names (
    canonical_name text COLLATE "C" PRIMARY KEY,
    reserved_until bigint NOT NULL
  );

  CREATE TABLE sessions (
    id text COLLATE "C" PRIMARY KEY,
    access_id text COLLATE "C" NOT NULL UNIQUE,
    user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id text NOT NULL,
    salt bytea NOT NULL,
    key_version integer NOT NULL,
    counter bigint NOT NULL,
    attempt_hash text,
    rotated_at_ms bigint,
    created_at bigint NOT NULL,
    auth_time bigint NOT NULL,
    amr text NOT NULL,
    scope text NOT NULL,
    transport text NOT NULL,
    last_seen bigint NOT NULL,
    idle_expires_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint,
    revoked_why text,
    device text,
    address text
  ) WITH (fillfactor = 80);
  CREATE INDEX sessions_of_user ON sessions (user_id, created_at);
  CREATE INDEX sessions_by_end ON sessions (expires_at);

  CREATE TABLE revocations (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind text NOT NULL,
    id text NOT NULL,
    expires_at bigint NOT NULL
  );
  CREATE INDEX revocations_by_xid ON revocations (xid);
  CREATE INDEX revocations_by_end ON revocations (expires_at);

  CREATE TABLE one_time (
    id text COLLATE "C" PRIMARY KEY,
    purpose text NOT NULL,
    user_id text COLLATE "C" REFERENCES users (id) ON DELETE CASCADE,
    address text,
    roles text NOT NULL,
    salt bytea NOT NULL,
    key_version integer NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    consumed_at bigint
  );
  CREATE INDEX one_time_of_user ON one_time (user_id, purpose);
  CREATE INDEX one_time_by_end ON one_time (expires_at);

  CREATE TABLE mails (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purpose text NOT NULL,
    user_id text,
    address text NOT NULL,
    one_time_id text,
    created_at bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at bigint NOT NULL
  );
  CREATE INDEX mails_by_due ON mails (due_at);

  CREATE TABLE api_keys (
    id text COLLATE "C" PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    key_version integer NOT NULL,
    scopes text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint
  );
  CREATE INDEX api_keys_of_user ON api_keys (user_id, created_at);

  CREATE TABLE audit (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at_ms bigint NOT NULL,
    event text NOT NULL,
    user_id text,
    actor text,
    session_hash text,
    address text,
    detail text
  );
  CREATE INDEX audit_of_user ON audit (user_id, seq);
  CREATE INDEX audit_by_xid ON audit (xid);
  CREATE INDEX audit_by_time ON audit (at_ms);

  CREATE TABLE pulse (beats bigint NOT NULL);
  INSERT INTO pulse VALUES (0);
  `,
  `
  CREATE TABLE attempts (
    bucket bigint PRIMARY KEY,
    failures integer NOT NULL,
    last_at_ms bigint NOT NULL,
    next_at_ms bigint NOT NULL
  );
  CREATE INDEX attempts_by_time ON attempts (last_at_ms);
  `,
  `
  CREATE TABLE clients (
    id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    key_version integer NOT NULL,
    scopes text NOT NULL,
    audiences text NOT NULL,
    access_id text NOT NULL,
    created_at bigint NOT NULL,
    disabled_at bigint
  );
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
  ALTER TABLE audit ADD COLUMN device text;
  CREATE INDEX audit_of_actor ON audit (actor) WHERE actor IS NOT NULL;
  `,
  `
  CREATE INDEX audit_places ON audit (at_ms) WHERE address IS NOT NULL OR device IS NOT NULL;
  `,
]
