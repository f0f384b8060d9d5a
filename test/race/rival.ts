// One of several processes that use the same things on one database file at the same instant. Told by its parent
// what to use; answers with what came of each use.
import { openSqlite } from '../../packages/server/src/store/sqlite/engine.ts'
import type { Store } from '../../packages/server/src/store/store.ts'
import {
  anAudit,
  anEnding,
  aUser,
  registration,
  start,
} from '../../packages/server/test/store/store-records.ts'
import type { Contest, ContestKind } from './contest.ts'

/** How each kind of thing is used, by the verb that a request would end in. True: it counted. */
const uses: Record<ContestKind, (store: Store, contest: Contest) => Promise<boolean>> = {
  rotation: async (store, { rotation, audit }) =>
    (await store.rotateSession(rotation, { reused: audit, ahead: audit })).kind === 'rotated',
  reset: async (store, { id }) =>
    (await store.resetPassword(
      { id, purpose: 'reset', now: start },
      { hash: 'second', ending: anEnding('password_reset') },
    )) !== undefined,
  verify: async (store, { id, audit }) =>
    (await store.verifyAddress({ id, purpose: 'verify', now: start }, audit)) === 'verified',
  invite: async (store, { id }) =>
    (await store.createUser(registration(aUser(), { invitation: { id, purpose: 'invite', now: start } })))
      .kind === 'created',
  first_admin: async (store, { id }) =>
    (await store.consume({ id, purpose: 'first_admin', now: start })) !== undefined,
}

const [file = ''] = process.argv.slice(2)
const store = await openSqlite(file)
process.on('message', async (contest: Contest) => {
  const outcomes = await Promise.all(
    Array.from({ length: contest.times }, () => uses[contest.kind](store, contest)),
  )
  process.send?.(outcomes.filter(Boolean).length)
})
process.once('disconnect', () => store.close())
await store.writeAudit(anAudit())
process.send?.('ready')
