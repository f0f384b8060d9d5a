// How a batch of judged users is kept, and how a dry run tells what would become of it.
import { readHash } from '../hash/formats.ts'
import type { Hasher } from '../hash/hasher.ts'
import type { UserRecord } from '../store/records.ts'
import type { ImportedUser, ImportOutcome, Store } from '../store/store.ts'
import type { ImportRules } from './judge-user.ts'
import type { EarlierLines } from './seen-users.ts'

export interface Candidate {
  line: number
  id: string | undefined
  user: UserRecord
  notes: readonly string[]
}

export interface Kept {
  outcome: ImportOutcome
  isWrapped: boolean
}

export interface Keeper {
  /** The outcomes stand in the order of the batch. */
  keep(batch: readonly Candidate[]): Promise<readonly Kept[]>
  /** The outcome, once it is known which earlier lines of the file have the same. */
  settle(outcome: ImportOutcome, earlier: EarlierLines): ImportOutcome
}

/** Fewer than the queue of the smallest machine holds. */
const wrapsTogether = 32

function isFast(hash: string): boolean {
  const read = readHash(hash)
  return typeof read === 'object' && read.isFast
}

/** Keeps them in the store, which judges by itself what is there. */
export function keepIn(store: Store, hasher: Hasher, rules: ImportRules): Keeper {
  /** A hash is wrapped for who is new only: a run that goes on after an interruption does not pay again. */
  const wrapped = async (users: readonly UserRecord[]): Promise<UserRecord[]> => {
    const fast = users.filter(user => isFast(user.passwordHash))
    const there = new Set((await store.findUsers(fast.map(user => user.id))).map(user => user.id))
    const texts = new Map<UserRecord, string>()
    const missing = fast.filter(user => !there.has(user.id))
    for (let from = 0; from < missing.length; from += wrapsTogether) {
      const some = missing.slice(from, from + wrapsTogether)
      const hashes = await Promise.all(some.map(user => hasher.wrap(user.passwordHash)))
      for (const [i, user] of some.entries()) texts.set(user, hashes[i] ?? '')
    }
    return users.map(user => ({ ...user, passwordHash: texts.get(user) ?? user.passwordHash }))
  }
  return {
    async keep(batch) {
      const users = await wrapped(batch.map(({ user }) => user))
      const outcomes = await store.importUsers(users.map(user => withAudit(user, rules)))
      return outcomes.map((outcome, i) => ({
        outcome,
        isWrapped: users[i]?.passwordHash !== batch[i]?.user.passwordHash,
      }))
    },
    settle: outcome => outcome,
  }
}

function withAudit(user: UserRecord, { source, now }: ImportRules): ImportedUser {
  return {
    user,
    audit: {
      atMs: now * 1000,
      event: 'user_imported',
      userId: user.id,
      actor: 'command line',
      sessionHash: undefined,
      address: undefined,
      detail: [source, ...user.roles].join(' '),
    },
  }
}

/** What would become of the users, without a write: by what is in the store, and by the lines before. */
export function pretend(store: Store): Keeper {
  return {
    keep: batch =>
      Promise.all(
        batch.map(async ({ user }) => ({
          outcome: await outcomeOf(store, user),
          isWrapped: isFast(user.passwordHash),
        })),
      ),
    settle(outcome, { id, name, address }) {
      if (outcome === 'known' || id !== undefined) return 'known'
      if (outcome === 'name_taken' || name !== undefined) return 'name_taken'
      return address === undefined ? outcome : 'address_taken'
    },
  }
}

async function outcomeOf(store: Store, { id, canonicalName, email }: UserRecord): Promise<ImportOutcome> {
  if ((await store.findUser(id)) !== undefined) return 'known'
  if ((await store.findUserByName(canonicalName)) !== undefined) return 'name_taken'
  if (email === undefined) return 'created'
  return (await store.findUserByEmail(email)) === undefined ? 'created' : 'address_taken'
}
