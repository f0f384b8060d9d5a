// What every store promises, verb by verb. An engine's own test file calls this with a way to open it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type {
  AttemptBucket,
  AuditRecord,
  ClientId,
  ClientRecord,
  UserId,
  UserRecord,
} from '../../src/store/records.ts'
import type { Administrator, Store } from '../../src/store/store.ts'
import { temporaryFolder } from '../open-test-server.ts'
import {
  aClient,
  aDeletion,
  aMail,
  anApiKey,
  anAudit,
  anEnding,
  aOneTime,
  aRotation,
  aSession,
  aSigningKey,
  aStanding,
  aSweep,
  aUser,
  beginning,
  graceMs,
  keyRules,
  registration,
  rotationAudit,
  start,
} from './store-records.ts'

export interface OpenedStore {
  store: Store
  /** A second store on the same data, as another process would open it. */
  another(): Promise<Store>
}

/** Who copies the database: the store, or tools that come with it. */
export type Copying = 'by the store' | 'by its own tools'

const allAudit = { cursor: undefined, limit: 9, userId: undefined, event: undefined }

/** Declares the cases for an engine. `open` gives an empty store that closes when the test ends. */
export function describeStore(
  engine: string,
  open: () => Promise<OpenedStore>,
  copying: Copying = 'by the store',
): void {
  const used = new Set<string>()
  const openCounted = async (): Promise<OpenedStore> => {
    const { store, another } = await open()
    const counted = new Proxy(store, {
      get(target, verb, receiver) {
        if (typeof verb === 'string') used.add(verb)
        return Reflect.get(target, verb, receiver)
      },
    })
    return { store: counted, another }
  }
  const openStore = async (): Promise<Store> => (await openCounted()).store
  const withUser = async (
    over: Partial<UserRecord> = {},
  ): Promise<{ store: Store; user: UserRecord; another: OpenedStore['another'] }> => {
    const { store, another } = await openCounted()
    const user = aUser(over)
    expect(await store.createUser(registration(user))).toEqual({ kind: 'created' })
    return { store, user, another }
  }

  describe(`${engine}: users`, () => {
    test('are kept as they were given, and found by name, address and id', async () => {
      const { store, user } = await withUser({ email: 'ada@example.com', name: 'Ada', locale: 'en-GB' })
      expect(await store.findUser(user.id)).toEqual(user)
      expect(await store.findUserByName(user.canonicalName)).toEqual(user)
      expect(await store.findUserByEmail('ada@example.com')).toEqual(user)
      expect(await store.findUserByEmail('')).toBeUndefined()
      expect(await store.findUserByName('nobody')).toBeUndefined()
    })

    test('a name is given once, to one of many who ask at the same time', async () => {
      const { store, another } = await openCounted()
      const stores = [store, await another()]
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) => {
          const wanted = registration(aUser({ username: 'ada', canonicalName: 'ada' }))
          return stores[i % 2]?.createUser(wanted)
        }),
      )
      expect(answers.filter(answer => answer?.kind === 'created')).toHaveLength(1)
      expect((await store.listUsers({ cursor: undefined, limit: 10, search: undefined })).items).toHaveLength(
        1,
      )
    })

    test('a registration keeps its link, its mail and its audit row with it', async () => {
      const store = await openStore()
      const user = aUser({ unverifiedEmail: 'ada@example.com' })
      const oneTime = aOneTime({ purpose: 'verify', userId: user.id, address: 'ada@example.com' })
      const mail = aMail({ purpose: 'verify', userId: user.id, oneTimeId: oneTime.id })
      await store.createUser(registration(user, { oneTime, mail }))
      expect(await store.findOneTime(oneTime.id)).toEqual(oneTime)
      expect(await store.takeMails(start, start + 60, 10)).toMatchObject([{ ...mail, attempts: 1 }])
      const { items } = await store.listAudit({
        cursor: undefined,
        limit: 10,
        userId: user.id,
        event: undefined,
      })
      expect(items).toMatchObject([{ event: 'user_registered' }])
    })

    test('an invitation gives its roles, once; a taken name does not spend it', async () => {
      const { store, user } = await withUser()
      const invite = aOneTime({ purpose: 'invite', roles: ['admin'] })
      await store.issueOneTime(invite, undefined, undefined)
      const invitation = { id: invite.id, purpose: 'invite', now: start } as const
      const taken = aUser({ username: user.username, canonicalName: user.canonicalName })
      expect(await store.createUser(registration(taken, { invitation }))).toEqual({ kind: 'taken' })
      const first = aUser()
      expect(await store.createUser(registration(first, { invitation }))).toEqual({ kind: 'created' })
      expect((await store.findUser(first.id))?.roles).toEqual(['admin'])
      const second = aUser()
      expect(await store.createUser(registration(second, { invitation }))).toEqual({
        kind: 'invitation_invalid',
      })
      expect(await store.findUser(second.id)).toBeUndefined()
      expect(await store.hasUserWithRole('admin')).toBe(true)
      expect(await store.hasUserWithRole('adm')).toBe(false)
    })

    test('that come from elsewhere are kept together; one that cannot be leaves the others alone', async () => {
      const { store, user, another } = await withUser({ email: 'ada@example.com' })
      const gone = aUser({ username: 'gone', canonicalName: 'gone' })
      await store.createUser(registration(gone))
      const session = aSession(gone.id)
      await store.startSession(beginning(gone, session))
      await store.deleteUser(aDeletion(session))
      const imported = (over: Partial<UserRecord> = {}) => {
        const one = aUser(over)
        return { user: one, audit: anAudit('user_imported', { userId: one.id, detail: 'csv' }) }
      }
      const first = imported({ email: 'grace@example.com', name: 'Grace', disabledAt: start, roles: [] })
      const second = imported({ unverifiedEmail: 'ada@example.com', createdAt: 1_000_000_000 })
      const wanted = [
        first,
        imported({ username: user.username, canonicalName: user.canonicalName }),
        imported({ email: 'ada@example.com' }),
        imported({ email: 'grace@example.com' }),
        imported({ username: 'gone', canonicalName: 'gone' }),
        first,
        second,
      ]
      const outcomes = [
        'created',
        'name_taken',
        'address_taken',
        'address_taken',
        'name_taken',
        'known',
        'created',
      ]
      expect(await store.importUsers(wanted)).toEqual(outcomes)
      expect(await store.findUser(first.user.id)).toEqual(first.user)
      expect(await store.findUserByEmail('grace@example.com')).toEqual(first.user)
      expect(await store.findUser(second.user.id)).toEqual(second.user)
      expect(await store.findUserByEmail('ada@example.com')).toEqual(user)
      const query = { cursor: undefined, limit: 10, userId: undefined, event: 'user_imported' } as const
      expect((await store.listAudit(query)).items).toEqual([second.audit, first.audit])
      // The second time nothing is new, whatever has become of a user since.
      await store.replacePasswordHash(first.user.id, first.user.passwordHash, '$argon2id$later')
      const other = await another()
      const again = ['known', 'name_taken', 'address_taken', 'address_taken', 'name_taken', 'known', 'known']
      expect(await other.importUsers(wanted)).toEqual(again)
      expect((await store.findUser(first.user.id))?.passwordHash).toBe('$argon2id$later')
      expect((await store.listAudit(query)).items).toHaveLength(2)
      expect(await store.importUsers([])).toEqual([])
    })

    test('that two processes bring at the same time are kept once', async () => {
      const { store, another } = await openCounted()
      const batch = Array.from({ length: 200 }, () => {
        const one = aUser()
        return { user: one, audit: anAudit('user_imported', { userId: one.id }) }
      })
      const other = await another()
      const answers = await Promise.all([store.importUsers(batch), other.importUsers(batch.toReversed())])
      const counts = answers.flat().reduce<Record<string, number>>((sum, outcome) => {
        sum[outcome] = (sum[outcome] ?? 0) + 1
        return sum
      }, {})
      expect(counts).toEqual({ created: 200, known: 200 })
    })

    test('are listed in pages without a gap or a double, and found by the beginning of a name', async () => {
      const store = await openStore()
      const names = Array.from({ length: 25 }, (_, i) => `name-${String(i).padStart(2, '0')}`)
      for (const name of names)
        await store.createUser(registration(aUser({ username: name, canonicalName: name })))
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await store.listUsers({ cursor, limit: 10, search: undefined })
        seen.push(...page.items.map(user => user.username))
        cursor = page.next
      } while (cursor !== undefined)
      expect(seen.toSorted()).toEqual(names)
      const found = await store.listUsers({ cursor: undefined, limit: 10, search: 'name-1' })
      expect(found.items).toHaveLength(10)
      const none = await store.listUsers({ cursor: undefined, limit: 10, search: 'name-%' })
      expect(none.items).toHaveLength(0)
    })

    test('are listed by time or name, and by role, state and address, each in pages', async () => {
      const store = await openStore()
      const kinds: Partial<UserRecord>[] = [
        { roles: ['admin'], email: 'a@example.com' },
        { roles: ['admin', 'editor'] },
        { roles: ['editor'], disabledAt: start },
        { roles: [], email: 'b@example.com' },
        { roles: ['admin'], disabledAt: start, email: 'c@elsewhere.example' },
        { roles: [] },
      ]
      for (const [i, over] of kinds.entries()) {
        // Names run against time, and ids against both.
        const name = `name-${9 - i}`
        await store.createUser(
          registration(
            aUser({ ...over, username: name, canonicalName: name, createdAt: start + Math.floor(i / 2) }),
          ),
        )
      }
      const all = async (asked: Partial<Parameters<Store['listUsers']>[0]>): Promise<string> => {
        const names: string[] = []
        let cursor: string | undefined
        do {
          const page = await store.listUsers({ search: undefined, ...asked, cursor, limit: 1 })
          expect(page.items.length).toBeLessThanOrEqual(1)
          names.push(...page.items.map(user => user.username.slice(-1)))
          cursor = page.next
        } while (cursor !== undefined)
        return names.join('')
      }
      const sorted = (text: string): string => [...text].toSorted().join('')
      expect(await all({ order: 'name' })).toBe('456789')
      const [oldest, newest] = [await all({ order: 'oldest' }), await all({ order: 'newest' })]
      expect([sorted(oldest.slice(0, 2)), sorted(oldest.slice(4))]).toEqual(['89', '45'])
      expect([...newest].toReversed().join('')).toBe(oldest)
      expect(await all({})).toBe(oldest)
      expect(sorted(await all({ role: 'admin', order: 'newest' }))).toBe('589')
      expect(await all({ role: 'admi' })).toBe('')
      expect(await all({ disabled: true, order: 'newest' })).toBe('57')
      expect(sorted(await all({ disabled: false }))).toBe('4689')
      expect(await all({ role: 'editor', disabled: true })).toBe('7')
      expect(sorted(await all({ verified: true }))).toBe('569')
      expect(await all({ verified: false, disabled: false, role: 'editor' })).toBe('8')
      expect(await all({ search: 'name-', verified: true })).toBe('569')
      expect(await all({ search: 'b@' })).toBe('6')
      expect(await all({ search: 'c@elsewhere.example', disabled: true })).toBe('5')
      expect(await all({ search: '@' })).toBe('')
      for (const cursor of ['nonsense', '1.', '.x', "1'.x"]) {
        const page = await store.listUsers({ search: undefined, cursor, limit: 9 })
        expect(page).toEqual({ items: [], next: undefined })
      }
    })

    test('are found by their ids, those who are there', async () => {
      const { store, user } = await withUser()
      const other = aUser()
      await store.createUser(registration(other))
      const found = await store.findUsers([user.id, 'nobody' as UserId, other.id, user.id])
      expect(found.map(one => one.id).toSorted()).toEqual([user.id, other.id].toSorted())
      expect(await store.findUsers([])).toEqual([])
    })

    test('[S121] the link of a first administrator is one, and is worth nothing once there is one', async () => {
      const store = await openStore()
      const issue = async () => {
        const thing = aOneTime({ purpose: 'first_admin', roles: ['admin'] })
        await store.issueOneTime(thing, undefined, undefined)
        return { id: thing.id, purpose: 'first_admin', now: start } as const
      }
      const older = await issue()
      const newer = await issue()
      const register = (invitation: typeof older) => store.createUser(registration(aUser(), { invitation }))
      expect(await register(older)).toEqual({ kind: 'invitation_invalid' })
      expect(await register(newer)).toEqual({ kind: 'created' })
      expect(await store.hasUserWithRole('admin')).toBe(true)
      expect(await register(await issue())).toEqual({ kind: 'invitation_invalid' })
    })

    test('a welcome link sets the first password and verifies the address it was mailed to, without a mail', async () => {
      const { store, user } = await withUser({ passwordHash: '', unverifiedEmail: 'ada@example.com' })
      const thing = aOneTime({ purpose: 'welcome', userId: user.id, address: 'ada@example.com' })
      await store.issueOneTime(thing, undefined, undefined)
      const change = { hash: 'first', ending: anEnding('password_reset') }
      const use = { id: thing.id, purpose: 'welcome', now: start + 1 } as const
      expect(await store.resetPassword(use, change)).toEqual([])
      expect(await store.resetPassword(use, change)).toBeUndefined()
      expect(await store.findUser(user.id)).toMatchObject({
        passwordHash: 'first',
        email: 'ada@example.com',
        unverifiedEmail: undefined,
      })
      expect(await store.takeMails(start + 10, start + 20, 9)).toEqual([])
    })

    test('a change of roles tells every process to look the user’s API keys up again, and revokes none', async () => {
      const { store, user } = await withUser()
      const key = anApiKey(user.id)
      await store.createApiKey(key, 10, anAudit('api_key_made'), { mail: aMail() })
      const revoked = await store.changeStanding(aStanding(user.id, { roles: [] }))
      expect(revoked?.map(entry => [entry.kind, entry.id])).toEqual([['api_key', key.id]])
      expect((await store.findApiKey(key.id))?.revokedAt).toBeUndefined()
      expect(await store.takeMails(start + 10, start + 20, 9)).toHaveLength(1)
    })

    test('a profile changes as asked; the name that is given up stays reserved', async () => {
      const { store, user } = await withUser({ name: 'Ada', locale: 'en' })
      const change = {
        id: user.id,
        sessionId: undefined,
        username: { username: 'Lovelace', canonicalName: 'lovelace' },
        name: null,
        locale: undefined,
        now: start,
        reservedUntil: start + 100,
        audit: anAudit('user_changed'),
      }
      const outcome = await store.changeProfile(change)
      const after = { ...user, username: 'Lovelace', canonicalName: 'lovelace', name: undefined }
      expect(outcome).toEqual({ kind: 'changed', user: after })
      const again = (createdAt: number) =>
        store.createUser(registration(aUser({ canonicalName: user.canonicalName, createdAt })))
      expect(await again(start + 99)).toEqual({ kind: 'taken' })
      expect(await again(start + 100)).toEqual({ kind: 'created' })
      const back = { ...change, username: { username: 'x', canonicalName: user.canonicalName } }
      expect(await store.changeProfile(back)).toEqual({ kind: 'taken' })
      expect(await store.changeProfile({ ...change, id: 'nobody' as UserId })).toEqual({ kind: 'missing' })
    })

    test('an outdated hash is replaced only while it is the one that was compared', async () => {
      const { store, user } = await withUser()
      await store.replacePasswordHash(user.id, 'another', 'new')
      expect((await store.findUser(user.id))?.passwordHash).toBe(user.passwordHash)
      await store.replacePasswordHash(user.id, user.passwordHash, 'new')
      expect((await store.findUser(user.id))?.passwordHash).toBe('new')
    })

    test('[S101] a new password ends every session but the one that asked, and every open reset link', async () => {
      const { store, user } = await withUser()
      const [kept, other] = [aSession(user.id), aSession(user.id)]
      await store.startSession(beginning(user, kept))
      await store.startSession(beginning(user, other))
      const link = aOneTime({ userId: user.id })
      await store.issueOneTime(link, undefined, undefined)
      const waiting = aOneTime({ purpose: 'verify', userId: user.id, address: 'thief@example.com' })
      await store.issueOneTime(waiting, undefined, undefined)
      const ending = anEnding('password_changed')
      const revoked = await store.changePassword({
        userId: user.id,
        hash: 'second',
        keep: kept.id,
        ending,
        mail: aMail({ purpose: 'password_changed' }),
      })
      expect(revoked?.map(entry => entry.id)).toEqual([other.accessId])
      expect(await store.findUser(user.id)).toMatchObject({
        passwordHash: 'second',
        passwordChangedAt: ending.now,
      })
      expect((await store.findSession(other.id))?.revokedWhy).toBe('password_changed')
      expect((await store.findSession(kept.id))?.revokedAt).toBeUndefined()
      expect(await store.consume({ id: link.id, purpose: 'reset', now: start })).toBeUndefined()
      expect(await store.consume({ id: waiting.id, purpose: 'verify', now: start })).toBeUndefined()
      expect(await store.takeMails(start, start + 60, 10)).toHaveLength(1)
    })

    test('[S101] a session that has ended meanwhile changes no password', async () => {
      const { store, user } = await withUser()
      const session = aSession(user.id)
      await store.startSession(beginning(user, session))
      await store.endSession(session.id, anEnding())
      const change = {
        userId: user.id,
        hash: 'second',
        keep: session.id,
        ending: anEnding(),
        mail: undefined,
      }
      expect(await store.changePassword(change)).toBeUndefined()
      expect((await store.findUser(user.id))?.passwordHash).toBe(user.passwordHash)
    })

    test('a reset link changes the password once and ends every session; one to an old address is worth nothing', async () => {
      const { store, user } = await withUser({ email: 'ada@example.com' })
      const session = aSession(user.id)
      await store.startSession(beginning(user, session))
      const change = { hash: 'second', ending: anEnding('password_reset'), mail: undefined }
      const stale = aOneTime({ userId: user.id, address: 'old@example.com' })
      await store.issueOneTime(stale, undefined, undefined)
      expect(
        await store.resetPassword({ id: stale.id, purpose: 'reset', now: start }, change),
      ).toBeUndefined()
      const link = aOneTime({ userId: user.id, address: 'ada@example.com' })
      await store.issueOneTime(link, undefined, undefined)
      const use = { id: link.id, purpose: 'reset', now: start } as const
      expect(await store.resetPassword(use, change)).toEqual([
        { kind: 'session', id: session.accessId, expiresAt: change.ending.revocationExpiresAt },
      ])
      expect(await store.resetPassword(use, { ...change, hash: 'third' })).toBeUndefined()
      expect((await store.findUser(user.id))?.passwordHash).toBe('second')
    })

    test('an address counts once its link was used; whoever verified it first has it', async () => {
      const { store, user } = await withUser()
      const rival = aUser()
      await store.createUser(registration(rival))
      const links = []
      for (const asker of [user, rival]) {
        const oneTime = aOneTime({ purpose: 'verify', userId: asker.id, address: 'ada@example.com' })
        const session = aSession(asker.id)
        await store.startSession(beginning(asker, session))
        const asked = await store.askAddressChange({
          id: asker.id,
          sessionId: session.id,
          email: 'ada@example.com',
          oneTime,
          mail: aMail({ purpose: 'verify', oneTimeId: oneTime.id }),
          audit: anAudit('address_change_asked'),
        })
        expect(asked).toBe('asked')
        links.push({ id: oneTime.id, purpose: 'verify', now: start } as const)
      }
      const [first, second] = links
      if (first === undefined || second === undefined) throw new Error('there are two')
      expect(await store.findUserByEmail('ada@example.com')).toBeUndefined()
      expect(await store.verifyAddress(first, anAudit('address_verified'))).toBe('verified')
      expect(await store.findUserByEmail('ada@example.com')).toMatchObject({
        id: user.id,
        unverifiedEmail: undefined,
      })
      expect(await store.verifyAddress(first, anAudit('address_verified'))).toBe('invalid')
      expect(await store.verifyAddress(second, anAudit('address_verified'))).toBe('taken')
    })

    test('[S101] a session that has ended meanwhile changes no profile and makes no key', async () => {
      const { store, user } = await withUser()
      const session = aSession(user.id)
      await store.startSession(beginning(user, session))
      const change = {
        id: user.id,
        sessionId: session.id,
        username: { username: 'thief', canonicalName: 'thief' },
        name: 'thief',
        locale: undefined,
        now: start,
        reservedUntil: start + 100,
        audit: anAudit('user_changed'),
      }
      const makeKey = () =>
        store.createApiKey(anApiKey(user.id), 10, anAudit('api_key_made'), {
          mail: aMail(),
          sessionId: session.id,
        })
      await store.endSession(session.id, anEnding())
      expect(await store.changeProfile(change)).toEqual({ kind: 'session_ended' })
      expect(await makeKey()).toBe('session_ended')
      expect(await store.findUser(user.id)).toEqual(user)
      expect(await store.apiKeysOfUser(user.id)).toEqual([])
      expect(await store.takeMails(start, start + 60, 10)).toEqual([])
      const goingOn = aSession(user.id)
      await store.startSession(beginning(user, goingOn))
      expect(await store.changeProfile({ ...change, sessionId: goingOn.id })).toMatchObject({
        kind: 'changed',
      })
    })

    test('[S101] a session that has ended meanwhile asks for no address and deletes nobody', async () => {
      const { store, user } = await withUser()
      const session = aSession(user.id)
      await store.startSession(beginning(user, session))
      await store.endSession(session.id, anEnding())
      const asked = await store.askAddressChange({
        id: user.id,
        sessionId: session.id,
        email: 'ada@example.com',
        oneTime: undefined,
        mail: aMail({ purpose: 'verify' }),
        audit: anAudit('address_change_asked'),
      })
      expect(asked).toBe('session_ended')
      expect(await store.deleteUser(aDeletion(session))).toBeUndefined()
      expect(await store.findUser(user.id)).toEqual(user)
      expect(await store.takeMails(start, start + 60, 10)).toEqual([])
    })

    test('[S101] disabling ends sessions and API keys; enabling brings none back', async () => {
      const { store, user } = await withUser()
      const session = aSession(user.id)
      await store.startSession(beginning(user, session))
      const key = anApiKey(user.id)
      await store.createApiKey(key, 10, anAudit('api_key_made'))
      const ending = anEnding('disabled')
      const revoked = await store.changeStanding(aStanding(user.id, { disabledAt: ending.now }))
      expect(revoked?.map(entry => [entry.kind, entry.id])).toEqual([
        ['session', session.accessId],
        ['api_key', key.id],
      ])
      expect((await store.findUser(user.id))?.disabledAt).toBe(ending.now)
      expect(await store.changeStanding(aStanding(user.id, { disabledAt: undefined }))).toEqual([])
      expect((await store.findUser(user.id))?.disabledAt).toBeUndefined()
      expect((await store.findSession(session.id))?.revokedWhy).toBe('disabled')
      expect((await store.findApiKey(key.id))?.revokedAt).toBe(ending.now)
    })

    test('a change of roles kills the access tokens so far and lets the sessions go on', async () => {
      const { store, user } = await withUser()
      const session = aSession(user.id)
      await store.startSession(beginning(user, session))
      const revoked = await store.changeStanding(aStanding(user.id, { roles: ['admin'], scope: '*' }))
      expect(revoked?.map(entry => entry.id)).toEqual([session.accessId])
      const after = await store.findSession(session.id)
      expect(after).toMatchObject({ scope: '*', revokedAt: undefined })
      expect(after?.accessId).not.toBe(session.accessId)
      expect((await store.findUser(user.id))?.roles).toEqual(['admin'])
      if (after === undefined) throw new Error('it goes on')
      expect((await store.findSessionByAccessId(after.accessId))?.id).toBe(session.id)
      expect(await store.findSessionByAccessId(session.accessId)).toBeUndefined()
    })

    test('roles and disabling change together, each with its row in the log', async () => {
      const { store, user } = await withUser()
      const session = aSession(user.id)
      await store.startSession(beginning(user, session))
      const revoked = await store.changeStanding(
        aStanding(user.id, { roles: ['editor'], scope: 'posts:write', disabledAt: start }),
      )
      // The id that it had, and the one that the roles gave it.
      expect(revoked?.map(entry => entry.kind)).toEqual(['session', 'session'])
      expect(revoked?.[0]?.id).toBe(session.accessId)
      const after = await store.findSession(session.id)
      expect(revoked?.[1]?.id).not.toBe(session.accessId)
      expect(after).toMatchObject({ scope: 'posts:write', revokedWhy: 'disabled' })
      expect(await store.findUser(user.id)).toMatchObject({ roles: ['editor'], disabledAt: start })
      const page = await store.listAudit({ cursor: undefined, limit: 2, userId: user.id, event: undefined })
      expect(page.items.map(row => row.event)).toEqual(['user_disabled', 'roles_changed'])
      const refused = await store.changeStanding(
        aStanding(user.id, { roles: [], disabledAt: undefined, by: { id: user.id, roles: ['admin'] } }),
      )
      expect(refused).toBeUndefined()
      expect(await store.findUser(user.id)).toMatchObject({ roles: ['editor'], disabledAt: start })
    })

    test('of two administrators who put each other out at once one stays, whatever they do and however often', async () => {
      const { store } = await withUser()
      const byId = (id: UserId): Administrator => ({ id, roles: ['admin'] })
      const acts = [
        (target: UserId, by: UserId) => store.changeStanding(aStanding(target, { roles: [], by: byId(by) })),
        (target: UserId, by: UserId) =>
          store.changeStanding(aStanding(target, { disabledAt: start, by: byId(by) })),
      ]
      for (let round = 0; round < 20; round++) {
        const [one, two] = [aUser({ roles: ['admin'] }), aUser({ roles: ['admin'] })]
        await store.createUser(registration(one))
        await store.createUser(registration(two))
        const done = await Promise.all([
          acts[round % 2]?.(one.id, two.id),
          acts[(round >> 1) % 2]?.(two.id, one.id),
        ])
        expect(done.filter(revoked => revoked !== undefined)).toHaveLength(1)
        const after = await Promise.all([one, two].map(({ id }) => store.findUser(id)))
        const left = after.filter(user => user?.roles.includes('admin') && user.disabledAt === undefined)
        expect(left).toHaveLength(1)
      }
    })

    test('deleting takes everything of the user away, and reserves the name', async () => {
      const { store, user } = await withUser({ email: 'ada@example.com' })
      const session = aSession(user.id)
      await store.startSession(
        beginning(user, session, {
          audit: anAudit('login', { userId: user.id, address: '192.0.2.1', device: 'a phone' }),
        }),
      )
      const toOthers = {
        userId: 'another' as UserId,
        actor: user.id,
        address: '192.0.2.1',
        device: 'a phone',
      }
      await store.writeAudit(anAudit('user_disabled', { ...toOthers, detail: 'why' }))
      await store.createApiKey(anApiKey(user.id), 10, anAudit('api_key_made', { userId: user.id }))
      const link = aOneTime({ userId: user.id })
      await store.issueOneTime(link, aMail({ userId: user.id }), undefined)
      const revoked = await store.deleteUser(aDeletion(session))
      expect(revoked).toHaveLength(2)
      expect(await store.findUser(user.id)).toBeUndefined()
      expect(await store.findSession(session.id)).toBeUndefined()
      expect(await store.apiKeysOfUser(user.id)).toEqual([])
      expect(await store.findOneTime(link.id)).toBeUndefined()
      expect(await store.takeMails(start, start + 60, 10)).toEqual([])
      const { items } = await store.listAudit({
        cursor: undefined,
        limit: 10,
        userId: user.id,
        event: undefined,
      })
      expect(items.length).toBeGreaterThan(1)
      expect(
        items.filter(row => [row.address, row.device, row.detail].some(one => one !== undefined)),
      ).toEqual([])
      const [deed] = (
        await store.listAudit({
          cursor: undefined,
          limit: 10,
          userId: toOthers.userId,
          event: undefined,
        })
      ).items
      expect([deed?.actor, deed?.address, deed?.device, deed?.detail]).toEqual([
        user.id,
        undefined,
        undefined,
        'why',
      ])
      expect(await store.createUser(registration(aUser({ canonicalName: user.canonicalName })))).toEqual({
        kind: 'taken',
      })
      expect(await store.deleteUser(aDeletion(session))).toBeUndefined()
    })

    test('whoever runs the server deletes without a session, a disabled user too, and once', async () => {
      const { store, user } = await withUser()
      const session = aSession(user.id)
      await store.startSession(beginning(user, session))
      await store.changeStanding(aStanding(user.id, { disabledAt: start }))
      const deletion = { ...aDeletion(session), sessionId: undefined }
      expect(await store.deleteUser(deletion)).toBeDefined()
      expect(await store.findUser(user.id)).toBeUndefined()
      expect(await store.deleteUser(deletion)).toBeUndefined()
    })
  })

  describe(`${engine}: sessions`, () => {
    test('are kept as they were given and listed while they live, the newest first', async () => {
      const { store, user } = await withUser()
      const older = aSession(user.id)
      const newer = aSession(user.id, {
        createdAt: start + 1,
        device: undefined,
        address: undefined,
        amr: ['pwd', 'otp'],
      })
      const idle = aSession(user.id, { idleExpiresAt: start + 5 })
      for (const session of [older, newer, idle]) await store.startSession(beginning(user, session))
      expect(await store.findSession(newer.id)).toEqual(newer)
      expect((await store.sessionsOfUser(user.id, start + 10)).map(one => one.id)).toEqual([
        newer.id,
        older.id,
      ])
    })

    test('a session in use lives on, never beyond its end, and an ended one not at all', async () => {
      const { store, user } = await withUser()
      const session = aSession(user.id, { expiresAt: start + 1_000, idleExpiresAt: start + 300 })
      await store.startSession(beginning(user, session))
      await store.touchSession(session.id, { now: start + 200, idleSeconds: 300 })
      expect(await store.findSession(session.id)).toEqual({
        ...session,
        lastSeen: start + 200,
        idleExpiresAt: start + 500,
      })
      await store.touchSession(session.id, { now: start + 900, idleSeconds: 300 })
      expect(await store.findSession(session.id)).toMatchObject({ idleExpiresAt: start + 1_000 })
      // A clock that went back takes nothing away.
      await store.touchSession(session.id, { now: start + 100, idleSeconds: 300 })
      expect(await store.findSession(session.id)).toMatchObject({ lastSeen: start + 900 })
    })

    test('beyond the bound the oldest ends and its access tokens with it', async () => {
      const { store, user } = await withUser()
      const sessions = Array.from({ length: 4 }, (_, i) => aSession(user.id, { createdAt: start + i }))
      const ended = []
      for (const session of sessions) {
        const outcome = await store.startSession(beginning(user, session, { maxSessions: 3 }))
        if (outcome.kind === 'started') ended.push(...outcome.ended)
      }
      expect(ended.map(entry => entry.id)).toEqual([sessions[0]?.accessId])
    })

    test.each([
      [
        'was disabled',
        (store: Store, user: UserRecord) => store.changeStanding(aStanding(user.id, { disabledAt: start })),
      ],
      ['was deleted', deleteByOwnSession],
      [
        'has other roles',
        (store: Store, user: UserRecord) => store.changeStanding(aStanding(user.id, { roles: [] })),
      ],
      [
        'has another password',
        (store: Store, user: UserRecord) =>
          store.changePassword({
            userId: user.id,
            hash: 'second',
            keep: undefined,
            ending: anEnding(),
            mail: undefined,
          }),
      ],
      [
        'has another password of the same second',
        (store: Store, user: UserRecord) =>
          store.changePassword({
            userId: user.id,
            hash: 'second',
            keep: undefined,
            ending: anEnding('password_changed', { now: user.passwordChangedAt }),
            mail: undefined,
          }),
      ],
    ])('[S101] none starts for a user who %s since the password was compared', async (_, change) => {
      const { store, user } = await withUser()
      const session = aSession(user.id)
      await change(store, user)
      expect(await store.startSession(beginning(user, session))).toEqual({ kind: 'user_changed' })
      expect(await store.findSession(session.id)).toBeUndefined()
    })

    test('a mail tells of a device that is new, not of the first nor of a known one', async () => {
      const { store, user } = await withUser()
      const newDeviceMail = aMail({ purpose: 'new_device' })
      for (const device of ['a phone', 'a phone', 'a laptop', undefined, undefined])
        await store.startSession(beginning(user, aSession(user.id, { device }), { newDeviceMail }))
      expect(await store.takeMails(start, start + 60, 10)).toHaveLength(2)
    })

    test('ending is idempotent: the second time revokes nothing and writes no row', async () => {
      const { store, user } = await withUser()
      const session = aSession(user.id)
      await store.startSession(beginning(user, session))
      const revoked = await store.endSession(session.id, anEnding())
      expect(revoked).toEqual([{ kind: 'session', id: session.accessId, expiresAt: start + 3_720 }])
      expect(await store.endSession(session.id, anEnding())).toEqual([])
      const { items } = await store.listAudit({
        cursor: undefined,
        limit: 10,
        userId: user.id,
        event: 'session_ended',
      })
      expect(items).toHaveLength(1)
    })

    test('of everybody are listed while they live, the newest first, in pages', async () => {
      const { store, user } = await withUser()
      const other = aUser()
      await store.createUser(registration(other))
      const made = [
        [user, aSession(user.id, { createdAt: start + 1 })],
        [other, aSession(other.id, { createdAt: start + 3 })],
        [user, aSession(user.id, { createdAt: start + 2, idleExpiresAt: start + 5 })],
        [other, aSession(other.id, { createdAt: start + 4 })],
        [user, aSession(user.id, { createdAt: start + 5 })],
      ] as const
      for (const [owner, session] of made) await store.startSession(beginning(owner, session))
      const ids = made.map(([, session]) => session.id)
      await store.endSession(made[3][1].id, anEnding())
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await store.listSessions({ cursor, limit: 2, now: start + 10 })
        seen.push(...page.items.map(session => session.id))
        cursor = page.next
      } while (cursor !== undefined)
      expect(seen).toEqual([ids[4], ids[1], ids[0]])
      const stranger = await store.listSessions({ cursor: 'nonsense', limit: 2, now: start + 10 })
      expect(stranger).toEqual({ items: [], next: undefined })
    })

    test('are counted as they lived at an instant', async () => {
      const { store, user } = await withUser()
      const early = aSession(user.id, { createdAt: start })
      const late = aSession(user.id, { createdAt: start + 100 })
      const idle = aSession(user.id, { createdAt: start, idleExpiresAt: start + 50 })
      for (const session of [early, late, idle]) await store.startSession(beginning(user, session))
      await store.endSession(early.id, anEnding('logout', { now: start + 120 }))
      const counts = [start - 1, start, start + 50, start + 100, start + 120]
      expect(await Promise.all(counts.map(at => store.countLiveSessions(at)))).toEqual([0, 2, 1, 2, 1])
    })

    test('all of a user end together, nobody else’s', async () => {
      const { store, user } = await withUser()
      const other = aUser()
      await store.createUser(registration(other))
      const theirs = aSession(other.id)
      await store.startSession(beginning(other, theirs))
      for (let i = 0; i < 3; i++) await store.startSession(beginning(user, aSession(user.id)))
      expect(await store.endSessionsOfUser(user.id, anEnding('logout_all'))).toHaveLength(3)
      expect(await store.endSessionsOfUser(user.id, anEnding('logout_all'))).toEqual([])
      expect((await store.findSession(theirs.id))?.revokedAt).toBeUndefined()
    })
  })

  describe(`${engine}: a rotation`, () => {
    const withSession = async (over: Parameters<typeof aSession>[1] = {}) => {
      const { store, user, another } = await withUser({ email: 'ada@example.com' })
      const session = aSession(user.id, over)
      await store.startSession(beginning(user, session))
      const kindOf = async (changes: Partial<Parameters<Store['rotateSession']>[0]>) =>
        (await store.rotateSession(aRotation(session, changes), rotationAudit)).kind
      return { store, user, session, kindOf, another }
    }
    const first = (start + 60) * 1000

    test('moves the counter on and pushes the idle end, never beyond the session’s end', async () => {
      const { store, session } = await withSession({ expiresAt: start + 86_400, idleExpiresAt: start + 600 })
      const rotation = aRotation(session, { attemptHash: 'hash', idleSeconds: 3_600 })
      const outcome = await store.rotateSession(rotation, rotationAudit)
      const after = {
        ...session,
        counter: 1,
        attemptHash: 'hash',
        rotatedAtMs: rotation.nowMs,
        lastSeen: start + 60,
        idleExpiresAt: start + 3_660,
      }
      expect(outcome).toEqual({ kind: 'rotated', session: after })
      expect(await store.findSession(session.id)).toEqual(after)
      const late = aRotation(session, { counter: 1, nowMs: (start + 3_000) * 1000, idleSeconds: 10 * 86_400 })
      await store.rotateSession(late, rotationAudit)
      expect((await store.findSession(session.id))?.idleExpiresAt).toBe(start + 86_400)
    })

    // Each row: what is presented after one rotation at `first`, and what becomes of it.
    test.each([
      ['current, within the grace', { counter: 1, nowMs: first + graceMs }, 'kept'],
      ['current, after the grace', { counter: 1, nowMs: first + graceMs + 1 }, 'rotated'],
      ['one behind, within the grace', { counter: 0, nowMs: first + graceMs }, 'repeated'],
      [
        'one behind, later, with the attempt',
        { counter: 0, nowMs: first + 3_600_000, attemptHash: 'a' },
        'repeated',
      ],
      [
        'one behind, later, with another attempt',
        { counter: 0, nowMs: first + graceMs + 1, attemptHash: 'b' },
        'reused',
      ],
      ['one behind, later, without', { counter: 0, nowMs: first + graceMs + 1 }, 'reused'],
      ['beyond the row', { counter: 5, nowMs: first + graceMs + 1 }, 'ahead'],
      ['beyond the row, within the grace', { counter: 2, nowMs: first + 1 }, 'ahead'],
      ['one behind, the clock a grace back', { counter: 0, nowMs: first - graceMs }, 'repeated'],
      ['one behind, the clock an hour back', { counter: 0, nowMs: first - 3_600_000 }, 'stale'],
      ['current, the clock an hour back', { counter: 1, nowMs: first - 3_600_000 }, 'rotated'],
      ['after the idle end', { counter: 1, nowMs: (start + 60 + 30 * 86_400) * 1000 }, 'expired'],
      ['under another key, current', { counter: 1, nowMs: first + graceMs + 1, keyVersion: 2 }, 'foreign'],
      ['under another key, ahead', { counter: 3, nowMs: first + graceMs + 1, keyVersion: 2 }, 'foreign'],
      [
        'under the key that is new',
        { counter: 1, nowMs: first + graceMs + 1, keyVersion: 2, currentKeyVersion: 2 },
        'rotated',
      ],
    ] as const)('%s', async (_, presented, kind) => {
      const { kindOf } = await withSession()
      expect(await kindOf({ counter: 0, attemptHash: 'a', nowMs: first })).toBe('rotated')
      expect(await kindOf(presented)).toBe(kind)
    })

    test('[S93] two behind ends the session even within the grace, with its revocation, audit row and mail', async () => {
      const { store, session, kindOf } = await withSession()
      await kindOf({ counter: 0, nowMs: first })
      await kindOf({ counter: 1, nowMs: first + graceMs + 1 })
      const outcome = await store.rotateSession(
        aRotation(session, { counter: 0, nowMs: first + graceMs + 2 }),
        rotationAudit,
      )
      expect(outcome).toMatchObject({
        kind: 'reused',
        revocation: { kind: 'session', id: session.accessId, expiresAt: start + 3_720 },
      })
      expect(await kindOf({ counter: 2, nowMs: first + graceMs + 3 })).toBe('revoked')
      const { items } = await store.listAudit({
        cursor: undefined,
        limit: 5,
        userId: undefined,
        event: 'refresh_reused',
      })
      expect(items).toHaveLength(1)
      const mails = await store.takeMails(start + 3_600, start + 3_700, 10)
      expect(mails).toMatchObject([{ purpose: 'session_reused', address: 'ada@example.com' }])
    })

    test('beyond the row raises the counter, goes on from there and is audited', async () => {
      const { store, session, kindOf } = await withSession()
      expect(await kindOf({ counter: 7 })).toBe('ahead')
      expect((await store.findSession(session.id))?.counter).toBe(8)
      expect(await kindOf({ counter: 7, nowMs: first + 1 })).toBe('repeated')
      const { items } = await store.listAudit({
        cursor: undefined,
        limit: 5,
        userId: undefined,
        event: 'store_rolled_back',
      })
      expect(items).toHaveLength(1)
    })

    test('moves the session to the key that derives now; the token before it is still known as spent', async () => {
      const { store, session, kindOf } = await withSession()
      expect(await kindOf({ currentKeyVersion: 2 })).toBe('rotated')
      expect(await store.findSession(session.id)).toMatchObject({ keyVersion: 2, counter: 1 })
      expect(await kindOf({ keyVersion: 1, currentKeyVersion: 2, nowMs: first + 1 })).toBe('repeated')
      expect(await kindOf({ keyVersion: 1, currentKeyVersion: 2, nowMs: first + graceMs + 1 })).toBe('reused')
    })

    test('[S94] of a thousand at once through two stores one rotates, the rest repeat it', async () => {
      const { store, session, another } = await withSession()
      const stores = [store, await another()]
      const outcomes = await Promise.all(
        Array.from({ length: 1_000 }, (_, i) =>
          stores[i % 2]?.rotateSession(aRotation(session), rotationAudit),
        ),
      )
      expect(outcomes.filter(outcome => outcome?.kind === 'rotated')).toHaveLength(1)
      expect(outcomes.filter(outcome => outcome?.kind === 'repeated')).toHaveLength(999)
      expect((await store.findSession(session.id))?.counter).toBe(1)
    })

    test('an unknown session is missing', async () => {
      const { store } = await withUser()
      const nobody = aSession('nobody' as UserId)
      expect(await store.rotateSession(aRotation(nobody), rotationAudit)).toEqual({ kind: 'missing' })
    })
  })

  describe(`${engine}: one-time things`, () => {
    test('[S116] a thousand uses at once through two stores: one counts', async () => {
      const { store, another } = await openCounted()
      const stores = [store, await another()]
      const thing = aOneTime({ purpose: 'invite', address: 'ada@example.com', roles: ['editor'] })
      await store.issueOneTime(thing, undefined, anAudit('invitation_made'))
      const use = { id: thing.id, purpose: 'invite', now: start + 1 } as const
      const outcomes = await Promise.all(Array.from({ length: 1_000 }, (_, i) => stores[i % 2]?.consume(use)))
      expect(outcomes.filter(outcome => outcome !== undefined)).toEqual([{ ...thing, consumedAt: start + 1 }])
    })

    test.each([
      ['for another purpose', { purpose: 'verify', now: start }],
      ['after its end', { purpose: 'reset', now: start + 3_600 }],
    ] as const)('does not work %s', async (_, use) => {
      const store = await openStore()
      const thing = aOneTime()
      await store.issueOneTime(thing, undefined, undefined)
      expect(await store.consume({ id: thing.id, ...use })).toBeUndefined()
      expect((await store.findOneTime(thing.id))?.consumedAt).toBeUndefined()
    })

    test('open invitations are listed, the newest first, page by page', async () => {
      const store = await openStore()
      const made = [1, 2, 3, 4, 5].map(i => aOneTime({ purpose: 'invite', createdAt: start + i }))
      const [used, , over] = made
      if (used === undefined || over === undefined) throw new Error('there are five')
      over.expiresAt = start
      const others = [aOneTime(), aOneTime({ purpose: 'first_admin' })]
      for (const thing of [...made, ...others]) await store.issueOneTime(thing, undefined, undefined)
      await store.consume({ id: used.id, purpose: 'invite', now: start })
      const first = await store.listInvitations({ cursor: undefined, limit: 2, now: start })
      const second = await store.listInvitations({ cursor: first.next, limit: 2, now: start })
      expect([...first.items, ...second.items]).toEqual([made[4], made[3], made[1]])
      expect(second.next).toBeUndefined()
      const stranger = await store.listInvitations({ cursor: 'nonsense', limit: 2, now: start })
      expect(stranger).toEqual({ items: [], next: undefined })
    })

    test('only the newest link of a user and purpose works', async () => {
      const { store, user } = await withUser()
      const [older, newer] = [aOneTime({ userId: user.id }), aOneTime({ userId: user.id })]
      const other = aOneTime({ userId: user.id, purpose: 'verify' })
      for (const thing of [older, other, newer]) await store.issueOneTime(thing, undefined, undefined)
      expect(await store.findOneTime(older.id)).toBeUndefined()
      expect(await store.findOneTime(newer.id)).toEqual(newer)
      expect(await store.findOneTime(other.id)).toEqual(other)
    })
  })

  describe(`${engine}: mails`, () => {
    test('one process takes a mail at a time, another takes it over when that one dies', async () => {
      const { store, another } = await openCounted()
      for (let i = 0; i < 5; i++) await store.queueMail(aMail({ address: `${i}@example.com` }))
      const [mine, theirs] = await Promise.all([
        store.takeMails(start, start + 60, 3),
        (await another()).takeMails(start, start + 60, 3),
      ])
      expect(new Set([...mine, ...theirs].map(mail => mail.id)).size).toBe(5)
      expect(mine.length + theirs.length).toBe(5)
      expect(await store.takeMails(start + 59, start + 60, 3)).toEqual([])
      expect(await store.takeMails(start + 60, start + 120, 10)).toMatchObject(Array(5).fill({ attempts: 2 }))
    })

    test('a sent one is gone, a failed one comes back at its time, a given-up one does not', async () => {
      const store = await openStore()
      for (let i = 0; i < 3; i++) await store.queueMail(aMail())
      const [sent, failed, givenUp] = await store.takeMails(start, start + 60, 3)
      if (sent === undefined || failed === undefined || givenUp === undefined)
        throw new Error('there are three')
      await store.mailSent(sent.id)
      await store.mailFailed(failed.id, start + 10)
      await store.mailFailed(givenUp.id, undefined)
      expect(await store.takeMails(start + 9, start + 60, 3)).toEqual([])
      expect(await store.takeMails(start + 3_600, start + 4_000, 3)).toMatchObject([
        { id: failed.id, attempts: 2 },
      ])
    })
  })

  describe(`${engine}: API keys`, () => {
    test('are kept, listed, touched, rehashed and revoked, by their user only', async () => {
      const { store, user } = await withUser()
      const key = anApiKey(user.id, { expiresAt: start + 100 })
      expect(await store.createApiKey(key, 10, anAudit('api_key_made'))).toBe('created')
      expect(await store.findApiKey(key.id)).toEqual(key)
      await store.touchApiKey(key.id, start + 5)
      expect(await store.apiKeysOfUser(user.id)).toEqual([{ ...key, lastUsedAt: start + 5 }])
      const to = { secretHash: Buffer.alloc(32, 7), keyVersion: 2 }
      await store.rehashApiKey(key.id, { secretHash: Buffer.alloc(32) }, to)
      expect((await store.findApiKey(key.id))?.keyVersion).toBe(1)
      await store.rehashApiKey(key.id, key, to)
      expect(await store.findApiKey(key.id)).toMatchObject({ keyVersion: 2 })
      const at = { now: start + 10, revocationExpiresAt: start + 3_670 }
      const stranger = 'stranger' as UserId
      expect(await store.revokeApiKey(key.id, stranger, at, anAudit('api_key_revoked'))).toEqual([])
      expect(await store.revokeApiKey(key.id, user.id, at, anAudit('api_key_revoked'))).toEqual([
        { kind: 'api_key', id: key.id, expiresAt: at.revocationExpiresAt },
      ])
      expect(await store.revokeApiKey(key.id, user.id, at, anAudit('api_key_revoked'))).toEqual([])
      expect(await store.apiKeysOfUser(user.id)).toEqual([])
    })

    test.each([
      [
        'was disabled',
        (store: Store, user: UserRecord) => store.changeStanding(aStanding(user.id, { disabledAt: start })),
      ],
      ['was deleted', deleteByOwnSession],
    ])('[S101] none is made for a user who %s', async (_, change) => {
      const { store, user } = await withUser()
      await change(store, user)
      const key = anApiKey(user.id)
      expect(await store.createApiKey(key, 10, anAudit('api_key_made'), { mail: aMail() })).toBe('user_gone')
      expect(await store.findApiKey(key.id)).toBeUndefined()
      expect(await store.takeMails(start, start + 60, 10)).toEqual([])
    })

    test('a user has no more than the bound, however many are asked for at once', async () => {
      const { store, user } = await withUser()
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => store.createApiKey(anApiKey(user.id), 5, anAudit('api_key_made'))),
      )
      expect(answers.filter(answer => answer === 'created')).toHaveLength(5)
    })
  })

  describe(`${engine}: signing keys`, () => {
    const candidates = () => [aSigningKey(), aSigningKey()]

    test('of many processes on an empty store one makes the first key and one that waits', async () => {
      const { store, another } = await openCounted()
      const stores = [store, await another(), await another(), await another()]
      await Promise.all(stores.map(one => one.tendKeys(keyRules(), candidates())))
      const keys = await store.signingKeys()
      expect(keys.map(key => key.state).toSorted()).toEqual(['active', 'next'])
      expect(await store.tendKeys(keyRules(), [])).toEqual({ keys, missing: 0 })
    })

    test('says how many keys it lacks', async () => {
      const store = await openStore()
      expect((await store.tendKeys(keyRules(), [])).missing).toBe(2)
    })

    test('the next key takes over when it is due and announced; the old one stays until its tokens are dead', async () => {
      const store = await openStore()
      await store.tendKeys(keyRules(), candidates())
      const [first] = (await store.signingKeys()).filter(key => key.state === 'active')
      await store.requestKeyRotation(start + 1, anAudit('key_rotated'))
      await store.tendKeys(keyRules({ now: start + 359 }), candidates())
      expect((await store.signingKeys()).find(key => key.state === 'active')?.kid).toBe(first?.kid)
      await store.tendKeys(keyRules({ now: start + 360 }), candidates())
      const after = await store.signingKeys()
      expect(after.map(key => key.state).toSorted()).toEqual(['active', 'next', 'retiring'])
      expect(after.find(key => key.kid === first?.kid)).toMatchObject({
        state: 'retiring',
        retiredUntil: start + 360 + 3_660,
      })
      await store.tendKeys(keyRules({ now: start + 360 + 3_660 }), candidates())
      const gone = (await store.signingKeys()).find(key => key.kid === first?.kid)
      expect(gone).toMatchObject({ state: 'gone' })
      expect(gone?.wrapped).toHaveLength(0)
    })

    test('a retiring key can be retired before its time, one in use cannot', async () => {
      const store = await openStore()
      await store.tendKeys(keyRules(), candidates())
      const active = (await store.signingKeys()).find(key => key.state === 'active')
      if (active === undefined) throw new Error('one signs')
      expect(await store.retireKey(active.kid, anAudit('key_retired'))).toBe('in_use')
      await store.requestKeyRotation(start, anAudit('key_rotated'))
      await store.tendKeys(keyRules({ now: start + 360 }), candidates())
      expect(await store.retireKey(active.kid, anAudit('key_retired'))).toBe('done')
      expect(await store.retireKey(active.kid, anAudit('key_retired'))).toBe('missing')
    })

    test('revoking wipes a key, lets the next one sign at once, and is idempotent', async () => {
      const store = await openStore()
      await store.tendKeys(keyRules(), candidates())
      const keys = await store.signingKeys()
      const [active, next] = ['active', 'next'].map(state => keys.find(key => key.state === state))
      if (active === undefined || next === undefined) throw new Error('there are two')
      const at = { now: start + 5, revocationExpiresAt: start + 3_665 }
      expect(await store.revokeKey(active.kid, at, anAudit('key_revoked'))).toEqual([
        { kind: 'key', id: active.kid, expiresAt: at.revocationExpiresAt },
      ])
      expect(await store.revokeKey(active.kid, at, anAudit('key_revoked'))).toEqual([])
      const after = await store.signingKeys()
      expect(after.find(key => key.kid === active.kid)).toMatchObject({
        state: 'revoked',
        revokedAt: start + 5,
      })
      expect(after.find(key => key.kid === next.kid)).toMatchObject({ state: 'active', activeAt: start + 5 })
    })
  })

  describe(`${engine}: master keys`, () => {
    const check = (byte: number): Uint8Array => Buffer.alloc(32, byte)

    test('the first is remembered, a new one is taken beside a known one, a stranger alone is not', async () => {
      const { store, another } = await openCounted()
      expect(await store.masterKeys()).toEqual([])
      const first = await Promise.all([store, await another()].map(one => one.claimMasterKeys([check(1)])))
      expect(first).toEqual(
        Array(2).fill([{ version: 1, check: new Uint8Array(check(1)), compromisedAt: undefined }]),
      )
      expect(await store.claimMasterKeys([check(2)])).toBeUndefined()
      expect((await store.claimMasterKeys([check(2), check(1)]))?.map(key => key.version)).toEqual([2, 1])
      expect((await store.claimMasterKeys([check(2)]))?.map(key => key.version)).toEqual([2])
      expect((await store.masterKeys()).map(key => key.version)).toEqual([1, 2])
    })

    test('a signing key is rewrapped once, from the version it was opened with, and a wiped one never', async () => {
      const store = await openStore()
      await store.claimMasterKeys([check(1), check(2)])
      await store.tendKeys(keyRules(), [aSigningKey(), aSigningKey()])
      const [one, two] = await store.signingKeys()
      if (one === undefined || two === undefined) throw new Error('there are two')
      await store.revokeKey(two.kid, { now: start, revocationExpiresAt: start }, anAudit('key_revoked'))
      const rewrapped = [one, two].map(({ kid }) => ({
        kid,
        fromVersion: 1,
        toVersion: 2,
        wrapped: Buffer.alloc(64, 9),
      }))
      expect(await store.rewrapKeys(rewrapped, anAudit('keys_rewrapped'))).toEqual({ replaced: 1 })
      expect(await store.rewrapKeys(rewrapped, anAudit('keys_rewrapped'))).toEqual({ replaced: 0 })
      expect((await store.signingKeys()).find(key => key.kid === one.kid)?.keyVersion).toBe(2)
      expect((await store.signingKeys()).find(key => key.kid === two.kid)?.wrapped).toHaveLength(0)
    })

    test('tells what still hangs on each version, the living only', async () => {
      const { store, user } = await withUser()
      await store.claimMasterKeys([check(1), check(2)])
      await store.tendKeys(keyRules(), [aSigningKey(), aSigningKey({ keyVersion: 2 })])
      await store.startSession(beginning(user, aSession(user.id)))
      await store.startSession(beginning(user, aSession(user.id, { idleExpiresAt: start + 1 })))
      await store.createApiKey(anApiKey(user.id, { keyVersion: 2 }), 10, anAudit('api_key_made'))
      await store.issueOneTime(aOneTime({ userId: user.id }), undefined, undefined)
      expect(await store.keyUsage(start + 10)).toEqual([
        { version: 1, signingKeys: 1, sessions: 1, apiKeys: 0, oneTime: 1 },
        { version: 2, signingKeys: 1, sessions: 0, apiKeys: 1, oneTime: 0 },
      ])
    })

    test('one that others know takes every session, salt, link and signing key with it', async () => {
      const { store, user } = await withUser()
      await store.claimMasterKeys([check(1), check(2)])
      await store.tendKeys(keyRules(), [aSigningKey(), aSigningKey()])
      const session = aSession(user.id)
      await store.startSession(beginning(user, session))
      const link = aOneTime({ userId: user.id })
      await store.issueOneTime(link, undefined, undefined)
      const revoked = await store.abandonMasterKeys([1], anEnding('compromised'))
      expect(revoked.map(entry => entry.kind).toSorted()).toEqual(['key', 'key', 'session'])
      const after = await store.findSession(session.id)
      expect(after).toMatchObject({ revokedWhy: 'compromised' })
      expect(Buffer.from(after?.salt ?? []).equals(session.salt)).toBe(false)
      expect(await store.findOneTime(link.id)).toBeUndefined()
      expect((await store.signingKeys()).map(key => [key.state, key.wrapped.length])).toEqual([
        ['revoked', 0],
        ['revoked', 0],
      ])
      expect((await store.masterKeys()).map(key => key.compromisedAt)).toEqual([start + 60, undefined])
    })
  })

  describe(`${engine}: clients`, () => {
    test('are kept as they were given, and listed in pages, in the order of their making', async () => {
      const store = await openStore()
      // Of ids in any order, and two within one second.
      const made = [0, 0, 1, 2, 3].map(later => aClient({ createdAt: start + later }))
      for (const client of made) await store.createClient(client, anAudit('client_made'))
      const [one] = made
      if (one === undefined) throw new Error('there are five')
      expect(await store.findClient(one.id)).toEqual(one)
      expect(await store.findClient('nobody' as ClientId)).toBeUndefined()
      const seen: ClientRecord[] = []
      for (let cursor: string | undefined, pages = 0; pages === 0 || cursor !== undefined; pages++) {
        const page = await store.listClients({ cursor, limit: 1 + pages })
        seen.push(...page.items)
        cursor = page.next
      }
      expect(seen.map(({ createdAt }) => createdAt - start)).toEqual([0, 0, 1, 2, 3])
      expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(made.map(({ id }) => id)))
      expect((await store.listClients({ cursor: 'nonsense', limit: 2 })).items).toEqual([])
    })

    test('disabling one kills its access tokens, once; nobody else’s', async () => {
      const { store, another } = await openCounted()
      const [client, other] = [aClient(), aClient()]
      for (const one of [client, other]) await store.createClient(one, anAudit('client_made'))
      const at = { now: start, revocationExpiresAt: start + 3_660 }
      const disable = (from: Store) => from.disableClient(client.id, at, anAudit('client_disabled'))
      const answers = await Promise.all([store, await another()].map(disable))
      expect(answers.flat()).toEqual([
        { kind: 'session', id: client.accessId, expiresAt: at.revocationExpiresAt },
      ])
      const after = await store.findClient(client.id)
      expect(after?.disabledAt).toBe(start)
      expect(after?.accessId).not.toBe(client.accessId)
      expect(await store.findClient(other.id)).toEqual(other)
      expect(await store.disableClient('nobody' as ClientId, at, anAudit('client_disabled'))).toBeUndefined()
    })

    test('a secret’s hash is renewed only while it is the one that was compared', async () => {
      const store = await openStore()
      const client = aClient()
      await store.createClient(client, anAudit('client_made'))
      const to = { secretHash: Buffer.alloc(32, 7), keyVersion: 2 }
      await store.rehashClient(client.id, { secretHash: Buffer.alloc(32) }, to)
      expect((await store.findClient(client.id))?.keyVersion).toBe(1)
      await store.rehashClient(client.id, client, to)
      expect((await store.findClient(client.id))?.keyVersion).toBe(2)
    })

    test('a single token is revoked with its audit row', async () => {
      const store = await openStore()
      const entry = { kind: 'token', id: 'a-token', expiresAt: start + 100 } as const
      await store.revokeToken(entry, anAudit('token_revoked'))
      expect((await store.readRevocations(undefined, start)).entries).toEqual([entry])
      const asked = { cursor: undefined, limit: 5, userId: undefined, event: 'token_revoked' } as const
      expect((await store.listAudit(asked)).items).toHaveLength(1)
    })
  })

  describe(`${engine}: the revocation log`, () => {
    test('gives what came after the cursor and still matters, whoever wrote it', async () => {
      const { store, user, another } = await withUser()
      const sessions = [aSession(user.id), aSession(user.id), aSession(user.id)]
      for (const session of sessions) await store.startSession(beginning(user, session))
      const [one, two, three] = sessions
      if (one === undefined || two === undefined || three === undefined) throw new Error('there are three')
      const other = await another()
      await other.endSession(one.id, anEnding())
      await store.endSession(two.id, anEnding('logout', { revocationExpiresAt: start + 61 }))
      const log = await store.readRevocations(undefined, start + 60)
      expect(log.entries.map(entry => entry.id)).toEqual([one.accessId, two.accessId])
      await other.endSession(three.id, anEnding())
      const more = await store.readRevocations(log.cursor, start + 60)
      expect(more.entries).toContainEqual({
        kind: 'session',
        id: three.accessId,
        expiresAt: start + 3_720,
      })
      expect((await store.readRevocations(undefined, start + 61)).entries).toHaveLength(2)
    })

    test('numbers are not given twice: what is swept away does not make a reader miss what follows', async () => {
      const { store, user } = await withUser()
      const [one, two] = [aSession(user.id), aSession(user.id)]
      await store.startSession(beginning(user, one))
      await store.startSession(beginning(user, two))
      await store.endSession(one.id, anEnding())
      const { cursor } = await store.readRevocations(undefined, start)
      await store.sweep(aSweep(start + 10_000))
      await store.endSession(two.id, anEnding('logout', { revocationExpiresAt: start + 20_000 }))
      expect((await store.readRevocations(cursor, start + 10_000)).entries).toHaveLength(1)
    })
  })

  describe(`${engine}: attempts`, () => {
    const at = (place: number): AttemptBucket => ({ place, policy: 'password' })

    test('[S114] ten in a row are free, however many come at once; then each waits longer', async () => {
      const store = await openStore()
      const nowMs = start * 1000
      const verdicts = await Promise.all(
        Array.from({ length: 100 }, () => store.countAttempts([at(1), at(2)], nowMs)),
      )
      expect(verdicts.filter(one => one === undefined)).toHaveLength(10)
      expect(verdicts.at(-1)).toEqual({ waiting: 0, waitMs: 1_000 })
      expect(await store.countAttempts([at(3), at(2)], nowMs)).toEqual({ waiting: 1, waitMs: 1_000 })
      expect(await store.countAttempts([at(1)], nowMs + 1_000)).toBeUndefined()
      expect(await store.countAttempts([at(1)], nowMs + 1_001)).toEqual({ waiting: 0, waitMs: 1_999 })
    })

    test('a success forgets, and so does a day; a clock set back makes nobody wait for ever', async () => {
      const store = await openStore()
      const nowMs = start * 1000
      const guess = (atMs: number) => store.countAttempts([at(7)], atMs)
      for (let i = 0; i < 10; i++) await guess(nowMs)
      expect(await guess(nowMs)).toBeDefined()
      expect(await guess(nowMs - 7_200_000)).toBeUndefined()
      await store.clearAttempts([at(7)])
      for (let i = 0; i < 10; i++) expect(await guess(nowMs)).toBeUndefined()
      expect(await guess(nowMs)).toBeDefined()
      for (let i = 0; i < 9; i++) expect(await guess(nowMs + 86_400_000)).toBeUndefined()
    })

    test('a mail has rules of its own: five, then none for an hour', async () => {
      const store = await openStore()
      const nowMs = start * 1000
      const mail = (atMs: number) => store.countAttempts([{ place: 9, policy: 'mail' }], atMs)
      for (let i = 0; i < 5; i++) expect(await mail(nowMs + i)).toBeUndefined()
      expect(await mail(nowMs + 5)).toEqual({ waiting: 0, waitMs: 3_599_999 })
      for (let i = 0; i < 5; i++) expect(await mail(nowMs + 3_600_004)).toBeUndefined()
      expect(await mail(nowMs + 3_600_004)).toEqual({ waiting: 0, waitMs: 3_600_000 })
    })
  })

  describe(`${engine}: the audit log, figures and sweeping`, () => {
    test('lists rows the newest first, by user and event, in pages', async () => {
      const store = await openStore()
      for (let i = 0; i < 5; i++) {
        const userId = (i % 2 === 0 ? 'even' : 'odd') as UserId
        await store.writeAudit(anAudit(i < 3 ? 'login' : 'logout', { userId, atMs: i, detail: String(i) }))
      }
      const pageOf = (over: object) =>
        store.listAudit({ cursor: undefined, limit: 2, userId: undefined, event: undefined, ...over })
      const one = await pageOf({})
      expect(one.items.map(row => row.detail)).toEqual(['4', '3'])
      expect((await pageOf({ cursor: one.next })).items.map(row => row.detail)).toEqual(['2', '1'])
      expect((await pageOf({ userId: 'odd', event: 'login' })).items.map(row => row.detail)).toEqual(['1'])
      expect((await pageOf({ event: 'login' })).items[0]).toEqual(
        anAudit('login', { userId: 'even' as UserId, atMs: 2, detail: '2' }),
      )
    })

    test('[S122] keeps a row as it was written, and lists those from one instant to before another', async () => {
      const store = await openStore()
      for (const atMs of [1_000, 2_000, 3_000])
        await store.writeAudit(anAudit('login', { atMs, address: '192.0.2.1', device: `phone ${atMs}` }))
      const between = async (over: object) =>
        (
          await store.listAudit({ cursor: undefined, limit: 9, userId: undefined, event: undefined, ...over })
        ).items.map(row => row.device)
      expect(await between({ sinceMs: 2_000 })).toEqual(['phone 3000', 'phone 2000'])
      expect(await between({ untilMs: 2_000 })).toEqual(['phone 1000'])
      expect(await between({ sinceMs: 2_000, untilMs: 3_000 })).toEqual(['phone 2000'])
    })

    test('finds rows by a word that is a user, an actor, an event or a detail, whole', async () => {
      const store = await openStore()
      await store.writeAudit(anAudit('login', { userId: 'ada' as UserId, atMs: 1 }))
      await store.writeAudit(anAudit('key_revoked', { actor: 'ada', detail: 'kid-1', atMs: 2 }))
      const find = async (search: string) =>
        (await store.listAudit({ cursor: undefined, limit: 9, userId: undefined, event: undefined, search }))
          .items
      expect((await find('ada')).map(row => row.event)).toEqual(['key_revoked', 'login'])
      expect((await find('kid-1')).map(row => row.event)).toEqual(['key_revoked'])
      expect((await find('login')).map(row => row.event)).toEqual(['login'])
      expect(await find('kid')).toEqual([])
    })

    test('lists and counts rows between two instants, whatever else is asked for', async () => {
      const store = await openStore()
      const minuteMs = 60_000
      for (let i = 0; i < 60; i++) {
        const userId = (i % 2 === 0 ? 'even' : 'odd') as UserId
        // Two clocks that are a second apart.
        const atMs = start * 1000 + i * minuteMs - (i % 3 === 0 ? 1_000 : 0)
        await store.writeAudit(anAudit(i % 2 === 0 ? 'login' : 'logout', { userId, atMs, detail: String(i) }))
      }
      const span = { sinceMs: start * 1000 + 20 * minuteMs, untilMs: start * 1000 + 24 * minuteMs }
      const find = async (over: object) =>
        (
          await store.listAudit({
            cursor: undefined,
            limit: 99,
            userId: undefined,
            event: undefined,
            ...over,
          })
        ).items
          .map(row => row.detail)
          .join(' ')
      expect(await find(span)).toBe('24 23 22 21 20')
      expect(await find({ ...span, event: 'login' })).toBe('24 22 20')
      expect(await find({ ...span, userId: 'odd' })).toBe('23 21')
      expect(await find({ sinceMs: start * 1000 + 57 * minuteMs })).toBe('59 58')
      expect(await find({ untilMs: start * 1000 + minuteMs })).toBe('0')
      expect(await find({ sinceMs: start * 1000 + 60 * minuteMs })).toBe('')
      expect(await find({ untilMs: start * 1000 - 1_000 })).toBe('')
      expect(await store.countAudit(span)).toEqual({ login: 3, logout: 2 })
      expect(await store.countAudit({ sinceMs: 0, untilMs: 1 })).toEqual({})
    })

    test('reads on from where it was, the oldest first, and begins with what comes next', async () => {
      const store = await openStore()
      await store.writeAudit(anAudit('login', { atMs: 1 }))
      const begin = await store.readAudit(undefined, 2)
      expect(begin.rows).toEqual([])
      for (const detail of ['a', 'b', 'c']) await store.writeAudit(anAudit('logout', { detail, atMs: 2 }))
      const first = await store.readAudit(begin.cursor, 2)
      const second = await store.readAudit(first.cursor, 2)
      expect([...first.rows, ...second.rows].map(row => row.record.detail)).toEqual(['a', 'b', 'c'])
      expect(first.rows[0]?.record).toEqual(anAudit('logout', { detail: 'a', atMs: 2 }))
      expect(await store.readAudit(second.cursor, 2)).toEqual({ rows: [], cursor: second.cursor })
    })

    test('figures count what there is', async () => {
      const { store, user } = await withUser()
      await store.startSession(beginning(user, aSession(user.id)))
      await store.createApiKey(anApiKey(user.id), 10, anAudit('api_key_made'))
      await store.queueMail(aMail())
      expect(await store.figures(start + 1)).toEqual({
        users: 1,
        disabledUsers: 0,
        liveSessions: 1,
        apiKeys: 1,
        waitingMails: 1,
        events: { user_registered: 1, login: 1, api_key_made: 1 },
      })
    })

    test('sweeping deletes what nobody can present any more, and nothing else', async () => {
      const { store, user } = await withUser()
      const [dead, alive] = [aSession(user.id, { expiresAt: start + 10 }), aSession(user.id)]
      await store.startSession(beginning(user, dead))
      await store.startSession(beginning(user, alive))
      const link = aOneTime({ userId: user.id })
      await store.issueOneTime(link, undefined, undefined)
      expect(await store.sweep(aSweep(start + 8 * 86_400))).toBe(false)
      expect(await store.findSession(dead.id)).toBeUndefined()
      expect(await store.findSession(alive.id)).toBeDefined()
      expect(await store.findOneTime(link.id)).toBeUndefined()
      expect((await store.listAudit(allAudit)).items).not.toEqual([])
    })

    test('[S122] sweeping blanks the address and the device of an old audit row, and leaves the row', async () => {
      const store = await openStore()
      const said = { userId: 'ada' as UserId, actor: 'grace', sessionHash: 'a hash', detail: 'a detail' }
      const places: Partial<AuditRecord>[] = [
        { address: '192.0.2.1', device: 'a phone' },
        { address: '192.0.2.1', device: undefined },
        { address: undefined, device: 'a phone' },
      ]
      const old = places.map(place => anAudit('login', { ...said, ...place, atMs: start * 1000 }))
      const young = anAudit('login', { ...said, ...places[0], atMs: start * 1000 + 1 })
      for (const row of [...old, young]) await store.writeAudit(row)
      await store.sweep({ now: start + 99, placesSeconds: 100, rowsSeconds: undefined })
      expect((await store.listAudit(allAudit)).items).toEqual([young, ...old.toReversed()])
      await store.sweep({ now: start + 100, placesSeconds: 100, rowsSeconds: undefined })
      const blank = old.map(row => ({ ...row, address: undefined, device: undefined }))
      expect((await store.listAudit(allAudit)).items).toEqual([young, ...blank])
    })

    test('[S122] sweeping deletes old audit rows only where it is told how long they are kept', async () => {
      const store = await openStore()
      for (const atMs of [start * 1000, start * 1000 + 1]) await store.writeAudit(anAudit('login', { atMs }))
      await store.sweep({ now: start + 10_000, placesSeconds: 100, rowsSeconds: undefined })
      expect((await store.listAudit(allAudit)).items).toHaveLength(2)
      await store.sweep({ now: start + 10_000, placesSeconds: 100, rowsSeconds: 10_000 })
      expect((await store.listAudit(allAudit)).items.map(row => row.atMs)).toEqual([start * 1000 + 1])
    })

    test('[S122] a turn of sweeping takes a thousand audit rows, the oldest first, and says that there are more', async () => {
      const store = await openStore()
      const rows = Array.from({ length: 1_001 }, (_, i) =>
        anAudit('login', { atMs: start * 1000 - i, address: '192.0.2.1' }),
      )
      await Promise.all(rows.map(row => store.writeAudit(row)))
      const turn = () => store.sweep(aSweep(start + 200 * 86_400))
      expect(await turn()).toBe(true)
      const { items } = await store.listAudit({ ...allAudit, limit: 1_001 })
      expect(items.filter(row => row.address !== undefined).map(row => row.atMs)).toEqual([start * 1000])
      expect(await turn()).toBe(false)
      expect((await store.listAudit({ ...allAudit, limit: 1_001 })).items.filter(row => row.address)).toEqual(
        [],
      )
    })
  })

  describe(`${engine}: the store itself`, () => {
    test('answers a check, and nothing after it is closed', async () => {
      const store = await openStore()
      await store.check()
      await store.close()
      await store.close()
      await expect(store.check()).rejects.toMatchObject({ code: 'store_unavailable' })
    })

    test('a failed verb leaves the others of its batch alone', async () => {
      const { store, user } = await withUser()
      const session = aSession(user.id)
      const outcomes = await Promise.allSettled([
        store.writeAudit(anAudit('login', { detail: 'before' })),
        store.issueOneTime(
          aOneTime({ userId: 'nobody' as UserId }),
          undefined,
          anAudit('password_reset_asked'),
        ),
        store.startSession(beginning(user, session)),
      ])
      expect(outcomes.map(outcome => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(await store.findSession(session.id)).toEqual(session)
      const { items } = await store.listAudit({
        cursor: undefined,
        limit: 5,
        userId: undefined,
        event: 'password_reset_asked',
      })
      expect(items).toEqual([])
    })

    test('is read at least each second for revocations, and may call before', async () => {
      const store = await openStore()
      store.onRevocation(() => undefined)
      expect(store.revocationPollMs).toBeLessThanOrEqual(1_000)
    })

    if (copying === 'by its own tools') {
      test('sends whoever wants a copy to its own tools', async () => {
        const store = await openStore()
        const copy = join(temporaryFolder(), 'copy.db')
        await expect(store.backup(copy)).rejects.toThrow('pg_dump')
        const restoring = store.restore(copy, () => undefined, anAudit('store_restored'))
        await expect(restoring).rejects.toThrow('pg_restore')
        expect(existsSync(copy)).toBe(false)
      })
      return
    }

    test('a backup taken in use is whole, and restoring it in use brings it back without undoing what was revoked', async () => {
      const { store, user, another } = await withUser()
      await store.claimMasterKeys([Buffer.alloc(32, 1)])
      const [ended, lives] = [aSession(user.id), aSession(user.id)]
      const link = aOneTime({ purpose: 'invite' })
      await store.startSession(beginning(user, ended))
      await store.startSession(beginning(user, lives))
      await store.issueOneTime(link, undefined, undefined)
      const file = join(temporaryFolder(), 'copy.db')
      await store.backup(file)
      expect(existsSync(file)).toBe(true)
      await expect(store.backup(file)).rejects.toMatchObject({ code: 'store_unavailable' })

      await store.endSession(ended.id, anEnding())
      await store.rotateSession(aRotation(lives), rotationAudit)
      await store.consume({ id: link.id, purpose: 'invite', now: start })
      const late = aUser()
      await store.createUser(registration(late))
      const other = await another()

      const refusing = store.restore(
        file,
        () => {
          throw new Error('not ours')
        },
        anAudit('store_restored'),
      )
      await expect(refusing).rejects.toThrow('not ours')
      expect(await store.findUser(late.id)).toBeDefined()

      await store.restore(
        file,
        keys => expect(keys.map(key => key.version)).toEqual([1]),
        anAudit('store_restored'),
      )
      for (const one of [store, other]) {
        expect(await one.findUser(late.id)).toBeUndefined()
        expect((await one.findSession(lives.id))?.counter).toBe(0)
        expect((await one.findSession(ended.id))?.revokedWhy).toBe('logout')
        expect(await one.consume({ id: link.id, purpose: 'invite', now: start })).toBeUndefined()
      }
    })

    test('a reader misses nothing that is revoked after a restore, though the log began again', async () => {
      const { store, user, another } = await withUser()
      const sessions = Array.from({ length: 5 }, () => aSession(user.id))
      for (const session of sessions) await store.startSession(beginning(user, session))
      const [early, second, third, fourth, last] = sessions
      if (last === undefined || early === undefined) throw new Error('there are five')
      await store.endSession(early.id, anEnding())
      const file = join(temporaryFolder(), 'copy.db')
      await store.backup(file)
      for (const session of [second, third, fourth])
        if (session !== undefined) await store.endSession(session.id, anEnding())
      const reader = await another()
      const { cursor } = await reader.readRevocations(undefined, start)
      // The log is empty by now: only its numbering tells how far it had come.
      await store.sweep(aSweep(start + 4_000))
      await store.restore(file, () => undefined, anAudit('store_restored'))
      await store.endSession(last.id, anEnding('logout', { revocationExpiresAt: start + 9_000 }))
      const { entries } = await reader.readRevocations(cursor, start + 4_000)
      expect(entries.map(entry => entry.id)).toEqual([last.accessId])
    })
  })

  describe(`${engine}: what it says of itself`, () => {
    test('is how many calls wait, and how big the database is', async () => {
      const store = await openStore()
      const before = await store.size()
      expect(before).toBeGreaterThan(10_000)
      expect(store.status().waiting).toBe(0)
      const writes = Array.from({ length: 2_000 }, () => store.writeAudit(anAudit('login')))
      const { waiting } = store.status()
      expect(waiting).toBeGreaterThan(1_000)
      expect(waiting).toBeLessThanOrEqual(2_000)
      await Promise.all(writes)
      const { waiting: left, connections } = store.status()
      expect(left).toBe(0)
      if (connections !== undefined) {
        expect(connections.open).toBeGreaterThan(0)
        expect(connections.open).toBeLessThanOrEqual(connections.most)
        expect(connections.idle).toBeLessThanOrEqual(connections.open)
      }
      expect(await store.size()).toBeGreaterThan(before)
    })
  })

  describe(`${engine}: the contract`, () => {
    test('has a case for every verb', () => {
      expect(allVerbs.filter(verb => !used.has(verb))).toEqual([])
    })
  })
}

async function deleteByOwnSession(store: Store, user: UserRecord): Promise<void> {
  const session = aSession(user.id)
  await store.startSession(beginning(user, session))
  await store.deleteUser(aDeletion(session))
}

/** The compiler keeps this list as long as the interface. */
const allVerbs: readonly string[] = Object.keys({
  masterKeys: 0,
  claimMasterKeys: 0,
  rewrapKeys: 0,
  keyUsage: 0,
  abandonMasterKeys: 0,
  signingKeys: 0,
  tendKeys: 0,
  requestKeyRotation: 0,
  retireKey: 0,
  revokeKey: 0,
  createUser: 0,
  importUsers: 0,
  findUserByName: 0,
  findUserByEmail: 0,
  findUser: 0,
  findUsers: 0,
  listUsers: 0,
  hasUserWithRole: 0,
  replacePasswordHash: 0,
  changeProfile: 0,
  changePassword: 0,
  resetPassword: 0,
  verifyAddress: 0,
  askAddressChange: 0,
  changeStanding: 0,
  deleteUser: 0,
  startSession: 0,
  findSession: 0,
  findSessionByAccessId: 0,
  sessionsOfUser: 0,
  listSessions: 0,
  countLiveSessions: 0,
  rotateSession: 0,
  touchSession: 0,
  endSession: 0,
  endSessionsOfUser: 0,
  countAttempts: 0,
  clearAttempts: 0,
  issueOneTime: 0,
  findOneTime: 0,
  listInvitations: 0,
  consume: 0,
  queueMail: 0,
  takeMails: 0,
  mailSent: 0,
  mailFailed: 0,
  createApiKey: 0,
  findApiKey: 0,
  apiKeysOfUser: 0,
  touchApiKey: 0,
  rehashApiKey: 0,
  revokeApiKey: 0,
  createClient: 0,
  findClient: 0,
  listClients: 0,
  disableClient: 0,
  rehashClient: 0,
  revokeToken: 0,
  readRevocations: 0,
  revocationPollMs: 0,
  onRevocation: 0,
  writeAudit: 0,
  readAudit: 0,
  listAudit: 0,
  countAudit: 0,
  figures: 0,
  sweep: 0,
  backup: 0,
  restore: 0,
  status: 0,
  size: 0,
  check: 0,
  close: 0,
} satisfies Record<keyof Store, 0>)
