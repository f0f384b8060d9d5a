// A database with as many users as are wanted, each with a session, really written; and their refresh tokens.
import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { deriveMasterKey } from '../../packages/server/dist/auth/master-key.js'
import { makeRefreshToken } from '../../packages/server/dist/auth/refresh-token.js'
import { hashPassword } from '../../packages/server/dist/hash/password-hash.js'

export const password = 'a lantern on the sill'

export interface BuiltDatabase {
  bytes: number
  nameOf(i: number): string
  /** The refresh token of a session as it stands in the database now. */
  currentTokens(count: number): string[]
  /** Rotations since the sessions were made, and how many rows there are. */
  totals(): { rotations: number; sessions: number }
}

/** Fills the database that a server has made in `folder`, while no server runs. */
export function buildDatabase(folder: string, users: number): BuiltDatabase {
  const file = join(folder, 'data', 'latchkey.db')
  const database = new DatabaseSync(file)
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN')
  const now = Math.floor(Date.now() / 1000)
  const hash = hashPassword(password)
  const addUser = database.prepare(
    'INSERT INTO users (id, username, canonical_name, password_hash, roles, created_at, password_changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const addSession = database.prepare(
    'INSERT INTO sessions (id, access_id, user_id, client_id, salt, key_version, counter, created_at, auth_time, amr, scope, transport, last_seen, idle_expires_at, expires_at, device, address) ' +
      "VALUES (?, ?, ?, 'latchkey', ?, 1, 0, ?, ?, 'pwd', '', 'body', ?, ?, ?, 'a phone', '192.0.2.1')",
  )
  for (let i = 0; i < users; i++) {
    const id = idOf(i)
    addUser.run(id, nameOf(i), nameOf(i), hash, '[]', now, now)
    addSession.run(
      id,
      randomBytes(16).toString('base64url'),
      id,
      randomBytes(16),
      now,
      now,
      now,
      now + 30 * 86_400,
      now + 90 * 86_400,
    )
  }
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  const master = deriveMasterKey(
    Buffer.from(readFileSync(join(folder, 'data', 'master.key'), 'utf8').trim(), 'base64url'),
  )
  const read = <T>(query: (open: DatabaseSync) => T): T => {
    const open = new DatabaseSync(file, { readOnly: true })
    try {
      return query(open)
    } finally {
      open.close()
    }
  }
  return {
    bytes: statSync(file).size,
    nameOf,
    // Spread over the whole table: neighbours would share pages.
    currentTokens: count =>
      read(open => {
        const find = open.prepare('SELECT id, salt, counter FROM sessions WHERE id = ?')
        const stride = Math.floor(users / count)
        return Array.from({ length: count }, (_, i) => {
          const row = find.get(idOf(i * stride))
          return makeRefreshToken(master, {
            id: String(row?.['id']) as never,
            salt: row?.['salt'] as Uint8Array,
            counter: Number(row?.['counter']),
            keyVersion: 1,
          })
        })
      }),
    totals: () =>
      read(open => {
        const row = open.prepare('SELECT sum(counter) AS rotations, count(*) AS sessions FROM sessions').get()
        return { rotations: Number(row?.['rotations']), sessions: Number(row?.['sessions']) }
      }),
  }
}

const nameOf = (i: number): string => `user-${i}`

/** As the server's ids are: the time first, then what nobody guesses. The same for the same user. */
function idOf(i: number): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(1_700_000_000_000 + i * 1_000, 0, 6)
  bytes.writeUInt32BE(Math.imul(i + 1, 0x9e3779b1) >>> 0, 6)
  bytes.writeUInt32BE(Math.imul(i + 7, 0x85ebca77) >>> 0, 12)
  return bytes.toString('base64url')
}
