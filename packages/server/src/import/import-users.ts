// Brings the users of another system in: reads, judges, wraps hashes that are too fast, keeps in batches, and reports
// each line. It may be run again at any time: who is there is left as they are.

import { readHash } from '../hash/formats.ts'
import type { Hasher } from '../hash/hasher.ts'
import type { UserRecord } from '../store/records.ts'
import type { ImportedUser, Store } from '../store/store.ts'
import { type ImportRules, judgeUser } from './imported-user.ts'
import type { SourceRecord, TellProgress } from './source-user.ts'
import { type SourceName, sources } from './sources.ts'

export interface ImportRequest {
  file: string
  source: SourceName
  companion: string | undefined
  rules: ImportRules
  isDryRun: boolean
}

/** What became of one line. */
export interface LineReport {
  line: number
  outcome: 'imported' | 'known' | 'refused'
  /** What the other system calls the user, where it says so. */
  id: string | undefined
  why: string
}

export interface ImportSummary {
  lines: number
  imported: number
  /** There from an earlier run, or an earlier line. */
  known: number
  refused: number
  /** Of the imported: put inside argon2id, because it is too fast by itself. */
  wrapped: number
  withoutPassword: number
  disabled: number
}

export interface ImportPlace {
  store: Store
  hasher: Hasher
  report(line: LineReport): Promise<void> | void
  tell: TellProgress
}

const batchSize = 500
/** Fewer than the queue of the smallest machine holds. */
const wrapsTogether = 32

interface Candidate {
  line: number
  id: string | undefined
  user: UserRecord
  notes: readonly string[]
}

const reasons = {
  created: '',
  known: 'it is there already',
  name_taken: 'its username belongs to another user',
  address_taken: 'its address belongs to another user',
} as const

/** Throws what reading the file throws. What is wrong with a line is reported, and the rest goes on. */
export async function importUsers(request: ImportRequest, place: ImportPlace): Promise<ImportSummary> {
  const { file, source, companion, rules } = request
  const summary: ImportSummary = {
    lines: 0,
    imported: 0,
    known: 0,
    refused: 0,
    wrapped: 0,
    withoutPassword: 0,
    disabled: 0,
  }
  const say = async (report: LineReport): Promise<void> => {
    summary.lines++
    summary[report.outcome]++
    await place.report(report)
  }
  const keep = request.isDryRun ? pretend(place.store) : keepIn(place)
  const readUser = await sources[source].prepare(companion)
  let batch: Candidate[] = []
  const flush = async (): Promise<void> => {
    const kept = await keep(batch, rules)
    for (const [i, { line, id, user, notes }] of batch.entries()) {
      const { outcome, isWrapped } = kept[i] ?? { outcome: 'known', isWrapped: false }
      if (outcome === 'created') {
        summary.wrapped += Number(isWrapped)
        summary.withoutPassword += Number(user.passwordHash === '')
        summary.disabled += Number(user.disabledAt !== undefined)
        await say({ line, outcome: 'imported', id, why: notes.join('; ') })
      } else {
        await say({ line, outcome: outcome === 'known' ? 'known' : 'refused', id, why: reasons[outcome] })
      }
    }
    batch = []
  }

  const records: AsyncIterable<SourceRecord> = sources[source].records(file, place.tell)
  for await (const record of records) {
    const { line } = record
    if (record.kind === 'problem') {
      await say({ line, outcome: 'refused', id: undefined, why: record.why })
      continue
    }
    const given = readUser(record.value, rules.now)
    if (typeof given === 'string') {
      await say({ line, outcome: 'refused', id: undefined, why: given })
      continue
    }
    const judged = judgeUser(given, rules)
    if (judged.kind === 'refused') {
      await say({ line, outcome: 'refused', id: given.id, why: judged.why })
      continue
    }
    batch.push({ line, id: given.id, user: judged.user, notes: judged.notes })
    if (batch.length >= batchSize) await flush()
  }
  await flush()
  return summary
}

interface Kept {
  outcome: keyof typeof reasons
  isWrapped: boolean
}

type Keep = (batch: readonly Candidate[], rules: ImportRules) => Promise<Kept[]>

function isFast(hash: string): boolean {
  const read = readHash(hash)
  return typeof read === 'object' && read.isFast
}

function keepIn({ store, hasher }: ImportPlace): Keep {
  /** A hash is wrapped for who is new only: a run that goes on after an interruption does not pay again. */
  const wrapped = async (user: UserRecord): Promise<UserRecord> => {
    if (!isFast(user.passwordHash) || (await store.findUser(user.id)) !== undefined) return user
    return { ...user, passwordHash: await hasher.wrap(user.passwordHash) }
  }
  return async (batch, rules) => {
    const users: UserRecord[] = []
    for (let from = 0; from < batch.length; from += wrapsTogether) {
      const some = batch.slice(from, from + wrapsTogether)
      users.push(...(await Promise.all(some.map(({ user }) => wrapped(user)))))
    }
    const outcomes = await store.importUsers(users.map(user => withAudit(user, rules)))
    return outcomes.map((outcome, i) => ({
      outcome,
      isWrapped: users[i]?.passwordHash !== batch[i]?.user.passwordHash,
    }))
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

/** What would become of the users, without a write. It remembers the names and addresses it has seen. */
function pretend(store: Store): Keep {
  const seen = new Set<string>()
  return async batch => {
    const kept: Kept[] = []
    for (const { user } of batch) {
      const outcome = await outcomeOf(store, user, seen)
      if (outcome === 'created') {
        for (const mark of [user.id, `n${user.canonicalName}`, `e${user.email ?? user.id}`]) seen.add(mark)
      }
      kept.push({ outcome, isWrapped: isFast(user.passwordHash) })
    }
    return kept
  }
}

async function outcomeOf(
  store: Store,
  user: UserRecord,
  seen: ReadonlySet<string>,
): Promise<Kept['outcome']> {
  if (seen.has(user.id) || (await store.findUser(user.id)) !== undefined) return 'known'
  const isNameTaken = seen.has(`n${user.canonicalName}`) || (await store.findUserByName(user.canonicalName))
  if (isNameTaken) return 'name_taken'
  const { email } = user
  if (email === undefined) return 'created'
  return seen.has(`e${email}`) || (await store.findUserByEmail(email)) ? 'address_taken' : 'created'
}
