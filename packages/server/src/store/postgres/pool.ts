// The connections to PostgreSQL: ours or the caller's. What goes wrong on them is answered as `store_unavailable`;
// it never ends the process.
import { LatchkeyError } from 'latchkey'
import { ConfigError } from '../../config.ts'
import type { Row } from '../sqlite/rows.ts'
import type { StoreStatus } from '../store.ts'

/** What is used of a `pg` client. */
export interface PgClient {
  query(query: PgQuery): Promise<{ rows: unknown[]; rowCount: number | null }>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'notification', listener: () => void): unknown
  removeAllListeners(event: 'notification'): unknown
  release(error?: Error | boolean): void
}

interface PgQuery {
  name?: string
  text: string
  values?: unknown[]
  types: { getTypeParser(type: number, format?: string): (text: string) => unknown }
}

/** What is used of a `pg` pool: a caller hands in theirs. */
export interface PgPool {
  connect(): Promise<PgClient>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'acquire', listener: (client: PgClient) => void): unknown
  end(): Promise<void>
  /** For its gauges: a caller's pool may be something around one of `pg`, and count nothing. */
  readonly totalCount?: number
  readonly idleCount?: number
  readonly waitingCount?: number
  readonly options?: { readonly max?: number | undefined }
}

interface Answer {
  rows: Row[]
  /** How many rows were read or changed. */
  count: number
}

/** Runs one statement. Values stand at `$1` and on. */
export type Query = (sql: string, values?: readonly unknown[]) => Promise<Answer>

export interface Database {
  /** One statement, committed when it returns. Throws `store_unavailable`. */
  query: Query
  /** Statements in one transaction, done all or none. It may run more than once before it commits. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>
  /** A connection kept for one use, until it is released. */
  connect(): Promise<PgClient>
  status(): StoreStatus
  /** Ends our own connections; a caller's pool stays theirs. */
  end(): Promise<void>
}

const limits = {
  max: 20,
  connectionTimeoutMillis: 5_000,
  idleTimeoutMillis: 30_000,
  /** The server stops a statement, a wait for a lock, a forgotten transaction. */
  statement_timeout: 5_000,
  lock_timeout: 4_000,
  idle_in_transaction_session_timeout: 10_000,
  /** And we stop waiting, for a server that has stopped answering at all. */
  query_timeout: 6_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 5_000,
}

/** Opens connections of our own. Throws ConfigError when `pg` is not installed. */
export async function openPool(url: string): Promise<PgPool> {
  const { Pool } = await loadDriver()
  return new Pool({ connectionString: url, application_name: 'latchkey', ...limits })
}

async function loadDriver(): Promise<{ Pool: new (options: object) => PgPool }> {
  try {
    const driver = await import('pg')
    // The part of the driver that is described above; its own types are not there where it is not installed.
    return driver.default as unknown as { Pool: new (options: object) => PgPool }
  } catch (cause) {
    throw new ConfigError('LATCHKEY_DATABASE_URL=postgres://… needs the package pg. Run: npm install pg', {
      cause,
    })
  }
}

const connectionsOf = { ours: (pool: PgPool) => pool.end(), callers: async () => undefined }

/** Ties statements to a pool. `owner`: whether the pool ends with the store. */
export function openDatabase(pool: PgPool, owner: keyof typeof connectionsOf): Database {
  const nameOf = statementNames()
  // A server that goes away is told by an event on the pool for idle clients and on the client for one in use.
  // An event that nobody hears ends the process.
  const ignore = (): void => undefined
  const heard = new WeakSet<PgClient>()
  pool.on('error', ignore)
  pool.on('acquire', client => {
    if (!heard.has(client)) client.on('error', ignore)
    heard.add(client)
  })

  const queryOn =
    (client: PgClient): Query =>
    async (text, values = []) => {
      const { rows, rowCount } = await client.query({
        name: nameOf(text),
        text,
        values: values.map(storable),
        types,
      })
      // Each column has one type by the schema in migrations.ts, and the parsers below.
      return { rows: rows as Row[], count: rowCount ?? 0 }
    }
  const control = (client: PgClient, text: string) => client.query({ text, types })

  let ended: Promise<void> | undefined
  const connect = async (): Promise<PgClient> => {
    if (ended !== undefined) throw new Error('the store is closed')
    return pool.connect()
  }
  const withClient = async <T>(work: (client: PgClient) => Promise<T>): Promise<T> => {
    const client = await connect()
    let broken: unknown
    try {
      return await work(client)
    } catch (error) {
      if (!isStatementError(error)) broken = error
      throw error
    } finally {
      client.release(broken !== undefined)
    }
  }
  const once = <T>(work: (query: Query) => Promise<T>): Promise<T> =>
    withClient(async client => {
      await control(client, 'BEGIN')
      try {
        const result = await work(queryOn(client))
        await control(client, 'COMMIT')
        return result
      } catch (error) {
        if (isStatementError(error)) await control(client, 'ROLLBACK')
        throw error
      }
    })

  return {
    query: (sql, values) => telling(() => again(() => withClient(client => queryOn(client)(sql, values)))),
    transaction: work => telling(() => again(() => once(work))),
    connect,
    status() {
      const { totalCount: open, idleCount: idle = 0, waitingCount: waiting = 0, options } = pool
      // Ten is what `pg` takes where nothing is said.
      const most = options?.max ?? 10
      return { waiting, connections: open === undefined ? undefined : { open, idle, most } }
    },
    end() {
      ended ??= connectionsOf[owner](pool)
      return ended
    },
  }
}

/**
 * Conflicts that are gone when the work is done again: two transactions that waited for each other, or a row that
 * was not there when it was looked for (PostgreSQL, "Error Codes").
 */
const passing = new Set(['40001', '40P01', '23505'])
const tries = 5

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let left = tries - 1; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (left === 0 || !passing.has(codeOf(error))) throw error
    }
  }
}

async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof LatchkeyError || cause instanceof ConfigError) throw cause
    throw new LatchkeyError('store_unavailable', { cause })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/**
 * Whether the server refused a statement and the connection is as good as before. All else is a connection that is
 * lost, or one whose answer is still on its way; and after these the server hangs up itself (class 57P, 25P03).
 */
function isStatementError(error: unknown): boolean {
  const code = codeOf(error)
  return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('57P') && !code.startsWith('08') && code !== '25P03'
}

/** Statements are prepared once a connection, under names that a caller's own cannot meet. */
function statementNames(): (sql: string) => string {
  const names = new Map<string, string>()
  return sql => {
    let name = names.get(sql)
    if (name === undefined) {
      name = `latchkey_${names.size}`
      names.set(sql, name)
    }
    return name
  }
}

/** PostgreSQL's text holds no NUL character, which nothing of ours is looked up by. */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
}

const parsers = new Map<number, (text: string) => unknown>([
  // bool, bytea, int8, int2, int4 (pg_type); all else is text. Our bigints are instants and counts, far below 2^53.
  [16, text => text === 't'],
  [17, text => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))],
  [20, Number],
  [21, Number],
  [23, Number],
])
const asText = (text: string): unknown => text

/** The same values whatever parsers a caller's pool has set for itself. */
const types: PgQuery['types'] = { getTypeParser: type => parsers.get(type) ?? asText }
