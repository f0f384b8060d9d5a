// Four processes on one database file use the same thing a thousand times at once: it counts once.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqlite } from '../../packages/server/src/store/sqlite/engine.ts'
import type { Store } from '../../packages/server/src/store/store.ts'
import {
  anAudit,
  aOneTime,
  aRotation,
  aSession,
  aUser,
  beginning,
  registration,
} from '../../packages/server/test/store/store-records.ts'
import { bearer, callerAt, refresh, signIn, tokens } from '../account.ts'
import { cleanEnvironment, newFolder, type ServerProcess, startServer } from '../server-process.ts'
import type { Contest, ContestKind } from './contest.ts'

const processes = 4
const usesInAll = 1_000

describe('four stores', () => {
  const rivals: ChildProcess[] = []
  let store: Store

  beforeAll(async () => {
    const file = join(newFolder(), 'latchkey.db')
    store = await openSqlite(file)
    const program = fileURLToPath(new URL('./rival.ts', import.meta.url))
    for (let i = 0; i < processes; i++) {
      rivals.push(fork(program, [file], { execArgv: ['--conditions=latchkey-dev'], env: cleanEnvironment() }))
    }
    await Promise.all(rivals.map(rival => once(rival, 'message')))
  })

  afterAll(async () => {
    const ends = rivals.map(rival => once(rival, 'exit'))
    for (const rival of rivals) rival.disconnect()
    await Promise.all(ends)
    await store.close()
  })

  /** How many uses counted, over all rivals. */
  async function hold(contest: Omit<Contest, 'times'>): Promise<number> {
    const answers = rivals.map(async rival => {
      const answer = once(rival, 'message')
      rival.send({ ...contest, times: usesInAll / processes })
      const [counted] = (await answer) as [number]
      return counted
    })
    return (await Promise.all(answers)).reduce((sum, counted) => sum + counted, 0)
  }

  /** A user with a session and a link of the wanted kind. */
  async function prepare(kind: ContestKind): Promise<Omit<Contest, 'times'>> {
    const user = aUser({ unverifiedEmail: 'ada@example.com' })
    await store.createUser(registration(user))
    const session = aSession(user.id)
    await store.startSession(beginning(user, session))
    const purpose = kind === 'rotation' ? 'reset' : kind
    const address = kind === 'verify' ? 'ada@example.com' : undefined
    const link = aOneTime({ purpose, userId: kind === 'invite' ? undefined : user.id, address })
    await store.issueOneTime(link, undefined, undefined)
    return { kind, id: link.id, rotation: aRotation(session), audit: anAudit() }
  }

  test.each<ContestKind>(['rotation', 'reset', 'verify', 'invite', 'first_admin'])(
    '[S94, S116] of a thousand uses of one %s at once, one counts',
    async kind => {
      expect(await hold(await prepare(kind))).toBe(1)
    },
    60_000,
  )

  test('[S94] a hundred tokens, a thousand uses each: a hundred rotations', async () => {
    let counted = 0
    for (let round = 0; round < 100; round++) counted += await hold(await prepare('rotation'))
    expect(counted).toBe(100)
  }, 120_000)
})

describe('four servers', () => {
  test('[S94] a thousand refreshes of one token at once all succeed with one successor, which works at each', async () => {
    const folder = newFolder()
    const env = {
      LATCHKEY_ISSUER: 'http://localhost:4000',
      LATCHKEY_LIMITS: 'off',
      LATCHKEY_REFRESH_GRACE: '5m',
    }
    const servers: ServerProcess[] = await Promise.all(
      Array.from({ length: processes }, () => startServer({ folder, env })),
    )
    const calls = servers.map(server => callerAt(server.url))
    const [first] = calls
    if (first === undefined) throw new Error('there are four')
    const { refresh_token } = await signIn(first)

    const answers = await Promise.all(
      calls.flatMap(call =>
        Array.from({ length: usesInAll / processes }, async () => tokens(await refresh(call, refresh_token))),
      ),
    )
    expect(new Set(answers.map(answer => answer.refresh_token)).size).toBe(1)
    expect(answers[0]?.refresh_token).not.toBe(refresh_token)
    for (const [i, call] of calls.entries()) {
      const { access_token, refresh_token: successor } = answers[i * 250] ?? {
        access_token: '',
        refresh_token: '',
      }
      expect((await call('/user/data', bearer(access_token))).status).toBe(200)
      await tokens(await refresh(call, successor))
    }
    await Promise.all(servers.map(server => server.end()))
    const database = new DatabaseSync(join(folder, 'data', 'latchkey.db'), { readOnly: true })
    expect(
      database
        .prepare('SELECT counter FROM sessions')
        .all()
        .map(row => row['counter']),
    ).toEqual([1])
    database.close()
  }, 120_000)
})
