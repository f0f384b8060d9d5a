// What administrators see first: how many there are of what, and what happened in the last hours. Counting among a
// million takes a while, so that what was counted serves for half a minute, and an hour that is over for good.
import type { EventCounts, Figures } from '../store/store.ts'
import type { AuthContext } from './context.ts'

export interface OverviewFigures {
  countedAtMs: number
  now: Figures
  /** Live sessions at this time yesterday, of accounts that are there still. */
  liveSessionsYesterday: number
  /** The last 24 hours of the clock, the oldest first; the last one is not over yet. */
  hours: readonly AuditHour[]
  /** What happened in these hours, and in as long a time a day before. */
  today: EventCounts
  yesterday: EventCounts
}

interface AuditHour {
  fromMs: number
  counts: EventCounts
}

/** Counts, or gives what was counted a moment ago. */
export type Overview = () => Promise<OverviewFigures>

const goodForMs = 30_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Rows are dated before they are written: an hour is over for good a little later. */
const slackMs = 300_000

export function createOverview(context: AuthContext): Overview {
  const { store, clock } = context
  const over = new Map<number, EventCounts>()
  let counted: { atMs: number; figures: Promise<OverviewFigures> } | undefined

  const hourFrom = async (fromMs: number): Promise<AuditHour> => {
    const known = over.get(fromMs)
    if (known !== undefined) return { fromMs, counts: known }
    const counts = await store.countAudit({ sinceMs: fromMs, untilMs: fromMs + hourMs })
    if (clock() > fromMs + hourMs + slackMs) over.set(fromMs, counts)
    return { fromMs, counts }
  }
  const count = async (): Promise<OverviewFigures> => {
    const nowMs = clock()
    const thisHour = Math.floor(nowMs / hourMs) * hourMs
    for (const fromMs of over.keys()) if (fromMs < thisHour - 2 * dayMs) over.delete(fromMs)
    const hours: AuditHour[] = []
    // One after the other: other requests come in between.
    for (let i = 47; i >= 0; i--) hours.push(await hourFrom(thisHour - i * hourMs))
    const yesterdayThisHour = await store.countAudit({ sinceMs: thisHour - dayMs, untilMs: nowMs - dayMs })
    const now = Math.floor(nowMs / 1000)
    return {
      countedAtMs: nowMs,
      now: await store.figures(now),
      liveSessionsYesterday: await store.countLiveSessions(now - dayMs / 1000),
      hours: hours.slice(24),
      today: sumOf(hours.slice(24).map(hour => hour.counts)),
      yesterday: sumOf([...hours.slice(0, 23).map(hour => hour.counts), yesterdayThisHour]),
    }
  }
  return () => {
    const nowMs = clock()
    if (counted === undefined || Math.abs(nowMs - counted.atMs) > goodForMs) {
      const figures = count()
      counted = { atMs: nowMs, figures }
      // A failure is nobody's answer but its own.
      figures.catch(() => {
        counted = undefined
      })
    }
    return counted.figures
  }
}

function sumOf(all: readonly EventCounts[]): EventCounts {
  const sum: Record<string, number> = {}
  for (const counts of all)
    for (const [event, n] of Object.entries(counts)) sum[event] = (sum[event] ?? 0) + n
  return sum
}
