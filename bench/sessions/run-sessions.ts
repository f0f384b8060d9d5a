// The run as a whole: Latchkey on a small and on a large database, by turns, then the peers; figures beside goals.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LatchkeyPlace, makePlace, measureRefreshes, measureSignIns } from './latchkey.ts'

const fewUsers = 10_000
/** A session comes again after this many others: longer than the grace at any rate that a machine reaches. */
const sessionsInTurn = 10_000
const refreshes = 20_000
const signIns = 400
const turns = 3

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

interface Goal {
  what: string
  figure: number
  unit: string
  holds: boolean
  goal: string
}

/** A figure of a run, ours or a peer's. */
interface Figure {
  name: string
  cpuMsEach: number
  perSecond: number
  /** NaN where it was not asked. */
  delayP99Ms: number
}

interface SessionsOptions {
  manyUsers: number
  withPeers: boolean
  /** Where sessions.json goes; undefined keeps nothing. */
  resultsFolder: string | undefined
}

export async function runSessions(options: SessionsOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  try {
    const { goals, figures } = await runLatchkey(folder, options.manyUsers)
    if (options.withPeers) figures.push(...(await runPeers(folder)))
    if (options.resultsFolder !== undefined) keep(options.resultsFolder, { goals, figures })
    console.log(
      `load average ${loadavg()
        .map(one => one.toFixed(1))
        .join(', ')}: what other programs do makes delays longer and caches colder`,
    )
    for (const { what, figure, unit, holds, goal } of goals)
      console.log(`${holds ? 'holds' : 'FAILS'}  ${what}: ${figure.toFixed(3)} ${unit} (goal ${goal})`)
    return goals.every(goal => goal.holds)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function keep(folder: string, results: { goals: readonly Goal[]; figures: readonly Figure[] }): void {
  const about = {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    cpu: cpus()[0]?.model ?? 'unknown processor',
    cores: cpus().length,
    load: loadavg()[0]?.toFixed(1),
    versions: peerVersions(),
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'sessions.json'), `${JSON.stringify({ about, ...results }, null, 2)}\n`)
}

function peerVersions(): Record<string, string> {
  // The shape of package-lock.json, version 3.
  const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, { version?: string }>
  }
  return Object.fromEntries(
    ['oidc-provider', 'better-auth'].map(name => [name, packages[`node_modules/${name}`]?.version ?? '?']),
  )
}

async function runLatchkey(folder: string, manyUsers: number): Promise<{ goals: Goal[]; figures: Figure[] }> {
  const [model] = cpus()
  console.log(`${cpus().length} × ${model?.model ?? 'unknown processor'}, Node ${process.versions.node}`)
  const few = await placeIn(join(folder, 'few'), fewUsers)
  const many = await placeIn(join(folder, 'many'), manyUsers)
  const runs = { few: [], many: [] } as Record<'few' | 'many', Awaited<ReturnType<typeof measureBoth>>[]>
  for (let turn = 0; turn < turns; turn++) {
    // By turns, so that what else the machine does falls on both.
    runs.few.push(await measureBoth(few))
    runs.many.push(await measureBoth(many))
  }
  const of = (size: 'few' | 'many', pick: (run: (typeof runs)['few'][number]) => number): number =>
    median(runs[size].map(pick))
  const ratio = (pick: (run: (typeof runs)['few'][number]) => number): number =>
    median(runs.few.map((run, i) => pick(runs.many[i] ?? run) / pick(run)))
  const cpuMs = of('few', run => run.refresh.cpuMsEach)
  const unequal = [...runs.few, ...runs.many].filter(
    run => run.refresh.rotations !== run.refresh.refreshes,
  ).length
  const rows = [...runs.few, ...runs.many].reduce((sum, run) => sum + run.refresh.rowsAdded, 0)
  console.log(
    `refresh, ${fewUsers} sessions: ${cpuMs.toFixed(3)} ms CPU, ${of('few', run => run.refresh.perSecond).toFixed(0)}/s here, event loop late by ${of('few', run => run.refresh.delayP99Ms).toFixed(1)} ms at p99`,
  )
  console.log(
    `refresh, ${manyUsers} sessions: ${of('many', run => run.refresh.cpuMsEach).toFixed(3)} ms CPU, ${of('many', run => run.refresh.perSecond).toFixed(0)}/s here`,
  )
  console.log(
    `sign-in: ${of('few', run => run.signIn.cpuMsEach).toFixed(2)} ms CPU, ${of('few', run => run.signIn.restCpuMsEach).toFixed(2)} ms of it without the hash; ${of('few', run => run.signIn.perSecond).toFixed(0)}/s here`,
  )
  const growth = ratio(run => run.refresh.cpuMsEach)
  const loginGrowth = ratio(run => run.signIn.restCpuMsEach)
  const share = of('few', run => run.signIn.hashShare)
  const delay = of('few', run => run.refresh.delayP99Ms)
  const perCore = 1_000 / cpuMs
  const size = `${fewUsers} to ${manyUsers} users and sessions`
  const figure = (name: string, kind: 'refresh' | 'signIn'): Figure => ({
    name,
    cpuMsEach: of('few', run => run[kind].cpuMsEach),
    perSecond: of('few', run => run[kind].perSecond),
    delayP99Ms: kind === 'refresh' ? delay : Number.NaN,
  })
  const figures = [figure('latchkey, refresh', 'refresh'), figure('latchkey, sign-in', 'signIn')]
  const goals = [
    { what: 'server CPU a refresh', figure: cpuMs, unit: 'ms', goal: '≤ 0.25', holds: cpuMs <= 0.25 },
    {
      what: 'refreshes a second of a core',
      figure: perCore,
      unit: '/s',
      goal: '≥ 2500',
      holds: perCore >= 2_500,
    },
    { what: 'event-loop delay p99 meanwhile', figure: delay, unit: 'ms', goal: '≤ 5', holds: delay <= 5 },
    {
      what: 'runs whose rotations in the database differ from the answers',
      figure: unequal,
      unit: '',
      goal: '0',
      holds: unequal === 0,
    },
    { what: 'rows added by refreshes', figure: rows, unit: '', goal: '0', holds: rows === 0 },
    { what: 'hash share of a sign-in’s CPU', figure: share, unit: '', goal: '≥ 0.92', holds: share >= 0.92 },
    { what: `cost of a refresh, ${size}`, figure: growth, unit: '×', goal: '≤ 1.2', holds: growth <= 1.2 },
    {
      what: `cost of a sign-in without its hash, ${size}`,
      figure: loginGrowth,
      unit: '×',
      goal: '≤ 1.2',
      holds: loginGrowth <= 1.2,
    },
  ]
  return { goals, figures }
}

async function placeIn(folder: string, users: number): Promise<LatchkeyPlace> {
  mkdirSync(folder)
  const startMs = performance.now()
  const place = await makePlace(folder, users)
  const seconds = (performance.now() - startMs) / 1000
  const { sessions } = place.database.totals()
  console.log(
    `built ${users} users and ${sessions} sessions: ${(place.database.bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(0)} s`,
  )
  return place
}

async function measureBoth(place: LatchkeyPlace) {
  const refresh = await measureRefreshes(place, refreshes, sessionsInTurn)
  return { refresh, signIn: await measureSignIns(place, signIns) }
}

async function runPeers(folder: string): Promise<Figure[]> {
  const here = fileURLToPath(new URL('.', import.meta.url))
  if (!existsSync(join(here, 'node_modules'))) {
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: here,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
    if (status !== 0) throw new Error('the peers could not be installed')
  }
  const { measureOidcProvider, measureBetterAuth } = await import('./peers.ts')
  const figures = [
    await measureOidcProvider(folder, 10_000, 10_000),
    ...(await measureBetterAuth(folder, 5_000, 200)),
  ]
  for (const { name, cpuMsEach, perSecond, delayP99Ms } of figures) {
    const delay = Number.isNaN(delayP99Ms) ? '' : `, event loop late by ${delayP99Ms.toFixed(1)} ms at p99`
    console.log(`${name}: ${cpuMsEach.toFixed(3)} ms CPU, ${perSecond.toFixed(0)}/s here${delay}`)
  }
  return figures
}
