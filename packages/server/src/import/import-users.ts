// Brings the users of another system in: reads, judges, wraps hashes that are too fast, keeps in batches, and reports
// each line. It may be run again at any time: who is there is left as they are.
import type { Hasher } from '../hash/hasher.ts'
import type { ImportOutcome, Store } from '../store/store.ts'
import { type ImportCode, importOutcomes } from './import-outcomes.ts'
import { type ImportRules, judgeUser } from './judge-user.ts'
import { type Candidate, type Kept, keepIn, pretend } from './keep-users.ts'
import { type EarlierLines, openSeenUsers, type SeenUsers } from './seen-users.ts'
import type { SourceRecord, SourceUser, TellProgress } from './source-user.ts'
import { sources } from './sources.ts'

export interface ImportRequest {
  file: string
  companion: string | undefined
  rules: ImportRules
  isDryRun: boolean
}

/** What became of one line. */
export interface LineReport {
  line: number
  outcome: (typeof importOutcomes)[ImportCode]
  code: ImportCode
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
  /** Stopped by the signal before the end of the file. */
  isInterrupted: boolean
}

export interface ImportPlace {
  store: Store
  hasher: Hasher
  report(line: LineReport): Promise<void> | void
  tell: TellProgress
  /** Ends it after the batch in flight. */
  signal: AbortSignal
}

const batchSize = 500

/** Throws what reading the file throws. What is wrong with a line is reported, and the rest goes on. */
export async function importUsers(request: ImportRequest, place: ImportPlace): Promise<ImportSummary> {
  const { file, companion, rules } = request
  const source = sources[rules.source]
  const readUser = await source.prepare(companion)
  const seen = openSeenUsers()
  const desk = openDesk(request, place, seen)
  try {
    for await (const record of source.records(file, place.tell)) {
      await desk.take(entryOf(record, rules, value => readUser(value, rules.now)))
      if (place.signal.aborted) break
    }
    return await desk.end()
  } finally {
    seen.close()
  }
}

function entryOf(
  record: SourceRecord,
  rules: ImportRules,
  read: (value: Readonly<Record<string, unknown>>) => SourceUser | string,
): Entry {
  const { line } = record
  const refused = (code: ImportCode, why: string, id?: string): Entry => ({
    kind: 'refused',
    report: { line, id, code, why },
  })
  if (record.kind === 'problem') return refused('unreadable', record.why)
  const given = read(record.value)
  if (typeof given === 'string') return refused('no_user', given)
  const id = shownId(given)
  const judged = judgeUser(given, rules)
  if (judged.kind === 'refused') return refused(judged.code, judged.why, id)
  return { kind: 'user', candidate: { line, id, user: judged.user, notes: judged.notes } }
}

/** Columns that slipped may have put a hash in an id's place: what looks like one is not repeated. */
function shownId({ id, password }: SourceUser): string | undefined {
  return id !== undefined && id !== password?.hash && /^[\w.:|@-]{1,64}$/.test(id) ? id : undefined
}

type Entry = { kind: 'user'; candidate: Candidate } | { kind: 'refused'; report: Omit<LineReport, 'outcome'> }

interface Desk {
  take(entry: Entry): Promise<void>
  end(): Promise<ImportSummary>
}

/** Collects batches, has their users kept, and counts and reports what became of each line, in the file's order. */
function openDesk({ rules, isDryRun }: ImportRequest, place: ImportPlace, seen: SeenUsers): Desk {
  const summary: ImportSummary = {
    lines: 0,
    imported: 0,
    known: 0,
    refused: 0,
    wrapped: 0,
    withoutPassword: 0,
    disabled: 0,
    isInterrupted: false,
  }
  const keeper = isDryRun ? pretend(place.store) : keepIn(place.store, place.hasher, rules)
  let batch: Entry[] = []

  const say = async (report: Omit<LineReport, 'outcome'>): Promise<void> => {
    const outcome = importOutcomes[report.code]
    summary.lines++
    summary[outcome]++
    await place.report({ ...report, outcome })
  }
  const tellOf = async ({ line, id, user, notes }: Candidate, kept: Kept): Promise<void> => {
    const earlier = seen.find(user)
    const outcome = keeper.settle(kept.outcome, earlier)
    if (outcome === 'created') {
      summary.wrapped += Number(kept.isWrapped)
      summary.withoutPassword += Number(user.passwordHash === '')
      summary.disabled += Number(user.disabledAt !== undefined)
    }
    await say({ line, id, ...reasonOf(outcome, earlier, notes) })
    if (outcome === 'created' || outcome === 'known') seen.add(user, line)
  }
  const flush = async (): Promise<void> => {
    const entries = batch
    batch = []
    const users = entries.flatMap(entry => (entry.kind === 'user' ? [entry.candidate] : []))
    const kept = (await keeper.keep(users)).values()
    for (const entry of entries) {
      if (entry.kind === 'refused') await say(entry.report)
      else await tellOf(entry.candidate, kept.next().value ?? { outcome: 'known', isWrapped: false })
    }
  }

  return {
    async take(entry) {
      batch.push(entry)
      if (batch.length >= batchSize) await flush()
    },
    async end() {
      await flush()
      return { ...summary, isInterrupted: place.signal.aborted }
    },
  }
}

function reasonOf(
  outcome: ImportOutcome,
  earlier: EarlierLines,
  notes: readonly string[],
): Pick<LineReport, 'code' | 'why'> {
  const ofLine = (line: number | undefined, what: string): string =>
    line === undefined ? `${what} belongs to another user` : `${what} is that of line ${line}`
  const reasons: Record<ImportOutcome, Pick<LineReport, 'code' | 'why'>> = {
    created: { code: 'imported', why: notes.join('; ') },
    known:
      earlier.id === undefined
        ? { code: 'already_there', why: 'it is there already' }
        : { code: 'repeated', why: `it is the user of line ${earlier.id} again` },
    name_taken: { code: 'username_taken', why: ofLine(earlier.name, 'its username') },
    address_taken: { code: 'address_taken', why: ofLine(earlier.address, 'its address') },
  }
  return reasons[outcome]
}
