// The revocation set of a process: its own writes at once, others' after the next read, nothing for ever.
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRevocations } from '../../src/auth/revocations.ts'
import type { SessionRecord } from '../../src/store/records.ts'
import { openSqlite } from '../../src/store/sqlite/engine.ts'
import type { Store } from '../../src/store/store.ts'
import { temporaryFolder } from '../open-test-server.ts'
import { anEnding, aSession, aUser, beginning, registration, start } from '../store/store-records.ts'

async function openTwo(): Promise<{ mine: Store; theirs: Store; session: SessionRecord }> {
  const file = join(temporaryFolder(), 'latchkey.db')
  const [mine, theirs] = [await openSqlite(file), await openSqlite(file)]
  onTestFinished(async () => {
    await mine.close()
    await theirs.close()
  })
  const user = aUser()
  await mine.createUser(registration(user))
  const session = aSession(user.id)
  await mine.startSession(beginning(user, session))
  return { mine, theirs, session }
}

describe('the revocations of a process', () => {
  test('has read the whole log when it is opened, expired entries left out', async () => {
    const { mine, theirs, session } = await openTwo()
    await theirs.endSession(session.id, anEnding())
    const open = await openRevocations(mine, () => start * 1000)
    expect(open.isRevoked(session.accessId)).toBe(true)
    const late = await openRevocations(mine, () => (start + 10_000) * 1000)
    expect(late.size).toBe(0)
  })

  test('applies its own at once, and what another process committed with the next read', async () => {
    const { mine, theirs, session } = await openTwo()
    const [here, there] = [
      await openRevocations(mine, () => start * 1000),
      await openRevocations(theirs, () => start * 1000),
    ]
    here.apply(await mine.endSession(session.id, anEnding()))
    expect(here.isRevoked('another', undefined, session.accessId)).toBe(true)
    expect(there.isRevoked(session.accessId)).toBe(false)
    await there.catchUp()
    expect(there.isRevoked(session.accessId)).toBe(true)
    expect(there.isRevoked('another', undefined, 7)).toBe(false)
  })

  test('forgets an entry once nothing it concerns is alive', async () => {
    const { mine, session } = await openTwo()
    let nowMs = start * 1000
    const open = await openRevocations(mine, () => nowMs)
    const [entry] = await mine.endSession(session.id, anEnding())
    if (entry === undefined) throw new Error('it was alive')
    open.apply([entry])
    nowMs = entry.expiresAt * 1000 - 1
    await open.catchUp()
    expect(open.isRevoked(session.accessId)).toBe(true)
    nowMs += 1
    await open.catchUp()
    expect(open.size).toBe(0)
  })

  test('is stale once the store cannot be read any more', async () => {
    const { mine } = await openTwo()
    const open = await openRevocations(mine, () => start * 1000)
    expect(open.isStale()).toBe(false)
    await mine.close()
    await expect(open.catchUp()).rejects.toMatchObject({ code: 'store_unavailable' })
  })
})
