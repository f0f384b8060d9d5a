// The page at /admin: how many there are, what happened in the last day, and how this process fares.
import type { OverviewFigures } from '../../auth/overview.ts'
import { type DistributionStep, quantile, type Recorder } from '../../figures/recorder.ts'
import type { AuditEvent } from '../../store/records.ts'
import type { EventCounts } from '../../store/store.ts'
import { Chart, type Series, Spark } from './chart.tsx'
import { type ConsoleFrame, ConsolePage } from './frame.tsx'
import { When } from './when.tsx'

const hourMs = 3_600_000
const stepMinutes = 30

interface OverviewFacts {
  frame: ConsoleFrame
  figures: OverviewFigures
  recorder: Recorder
}

export function overviewPage({ frame, figures, recorder }: OverviewFacts) {
  return (
    <ConsolePage
      frame={frame}
      section="overview"
      title="Overview"
      intro={
        <>
          The last 24 hours, against as long a time a day before. Counted{' '}
          <When atMs={figures.countedAtMs} nowMs={frame.nowMs} />.
        </>
      }
    >
      <Tiles figures={figures} />
      <div class="charts">
        <AuditCharts figures={figures} />
        <ProcessCharts recorder={recorder} nowMs={frame.nowMs} />
      </div>
    </ConsolePage>
  )
}

interface Tile {
  label: string
  value: number
  before: number
  /** Whether more of it is bad news. */
  isTrouble?: true
  spark: readonly number[] | undefined
}

const made: readonly AuditEvent[] = ['user_registered', 'user_made']
const ended: readonly AuditEvent[] = ['logout', 'logout_all', 'session_ended']

const sum = (counts: EventCounts, events: readonly AuditEvent[]): number =>
  events.reduce((all, event) => all + (counts[event] ?? 0), 0)

function tilesOf({ now, today, yesterday, hours, liveSessionsYesterday }: OverviewFigures): Tile[] {
  const spark = (...events: AuditEvent[]) => hours.map(hour => sum(hour.counts, events))
  const ofDay = (label: string, ...events: AuditEvent[]): Tile => ({
    label,
    value: sum(today, events),
    before: sum(yesterday, events),
    spark: spark(...events),
  })
  return [
    {
      label: 'Users',
      value: now.users,
      before: now.users - sum(today, made) + sum(today, ['user_deleted']),
      spark: undefined,
    },
    { label: 'Live sessions', value: now.liveSessions, before: liveSessionsYesterday, spark: undefined },
    ofDay('Sign-ins', 'login'),
    { ...ofDay('Sign-ins refused', 'login_refused'), isTrouble: true },
    { ...ofDay('Refresh tokens reused', 'refresh_reused'), isTrouble: true },
    ofDay('Sessions ended', ...ended),
  ]
}

function Tiles({ figures }: { figures: OverviewFigures }) {
  return (
    <ul class="tiles">
      {tilesOf(figures).map(({ label, value, before, isTrouble, spark }) => (
        <li>
          <span class="label">{label}</span>
          <strong>{whole.format(value)}</strong>
          <span class="change">
            <Change value={value} before={before} isTrouble={isTrouble === true} />
          </span>
          {spark?.some(n => n > 0) && <Spark values={spark} tone={isTrouble ? 'bad' : 'accent'} />}
        </li>
      ))}
    </ul>
  )
}

const whole = new Intl.NumberFormat('en')
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })

function Change({ value, before, isTrouble }: { value: number; before: number; isTrouble: boolean }) {
  const difference = value - before
  if (difference === 0) return <>as yesterday</>
  const size = whole.format(Math.abs(difference))
  const share = before > 0 ? ` (${percent.format(Math.abs(difference) / before)})` : ''
  const isMore = difference > 0
  const tone = isTrouble ? (isMore ? 'bad' : 'good') : ''
  return (
    <>
      <b class={tone}>
        {isMore ? '▲' : '▼'} {size}
        {share}
      </b>{' '}
      on yesterday
    </>
  )
}

const total = ({ values }: Series): string =>
  whole.format(values.reduce<number>((all, n) => all + (n ?? 0), 0))
const sayCount = (value: number): string => whole.format(value)

function AuditCharts({ figures: { hours } }: { figures: OverviewFigures }) {
  const valuesOf = (event: AuditEvent) => hours.map(hour => hour.counts[event] ?? 0)
  return (
    <Chart
      title="Sign-ins"
      kind="bars"
      fromMs={hours.map(hour => hour.fromMs)}
      stepMs={hourMs}
      series={[
        { name: 'Signed in', tone: 'accent', values: valuesOf('login') },
        { name: 'Refused', tone: 'bad', values: valuesOf('login_refused') },
      ]}
      say={sayCount}
      sum={total}
      empty="No sign-ins in the last 24 hours."
    />
  )
}

function ProcessCharts({ recorder, nowMs }: { recorder: Recorder; nowMs: number }) {
  const isYoung = nowMs - recorder.startedMs < 24 * hourMs
  const note = isYoung ? 'This process alone, since it started' : 'This process alone, the last 24 hours'
  const refreshes = recorder.counts('refreshes', stepMinutes)
  const requests = recorder.distributions('request_ms', stepMinutes)
  const queue = recorder.distributions('hash_queue', stepMinutes)
  const lag = recorder.distributions('revocation_age_ms', stepMinutes)
  const common = { fromMs: refreshes.map(step => step.fromMs), stepMs: stepMinutes * 60_000, note }
  const countsOf = (name: Parameters<Recorder['counts']>[0]) =>
    recorder.counts(name, stepMinutes).map(step => step.count)
  return (
    <>
      <Chart
        {...common}
        title="Refreshes"
        kind="bars"
        series={[
          { name: 'Renewed', tone: 'accent', values: countsOf('refreshes') },
          { name: 'Refused', tone: 'muted', values: countsOf('refreshes_refused') },
          { name: 'Reused', tone: 'bad', values: countsOf('refreshes_reused') },
        ]}
        say={sayCount}
        sum={total}
        empty="No session was renewed here in the last 24 hours."
      />
      <Chart
        {...common}
        title="Time to answer"
        kind="lines"
        series={[
          { name: 'Half within', tone: 'accent', values: quantilesOf(requests, 0.5) },
          { name: '99 of 100 within', tone: 'muted', values: quantilesOf(requests, 0.99) },
        ]}
        say={sayMs}
        sum={highestMs}
        empty="No request was answered in the last 24 hours."
      />
      <Chart
        {...common}
        title="Passwords waiting to be hashed"
        kind="lines"
        series={[{ name: 'At most', tone: 'accent', values: maximaOf(queue) }]}
        say={sayCount}
        sum={({ values }) => whole.format(Math.max(0, ...values.map(n => n ?? 0)))}
        empty="No password had to wait in the last 24 hours."
      />
      <Chart
        {...common}
        title="Revocation lag"
        kind="lines"
        series={[{ name: 'At most', tone: 'accent', values: maximaOf(lag) }]}
        say={sayMs}
        sum={highestMs}
        empty="The revocation log was not read in the last 24 hours."
      />
    </>
  )
}

function quantilesOf(steps: readonly DistributionStep[], share: number): (number | undefined)[] {
  return steps.map(step => quantile(step, share))
}

function maximaOf(steps: readonly DistributionStep[]): (number | undefined)[] {
  return steps.map(step => (step.count === 0 ? undefined : step.max))
}

const highestMs = ({ values }: Series): string => sayMs(Math.max(0, ...values.map(n => n ?? 0)))

function sayMs(ms: number): string {
  if (ms >= 10_000) return `${whole.format(Math.round(ms / 1000))} s`
  return ms >= 10 || ms === 0 ? `${whole.format(Math.round(ms))} ms` : `${Number(ms.toPrecision(2))} ms`
}
