// How long the server takes to start, and what it weighs before anybody logs in. Other work on the machine counts in
// such times, so the fastest and the CPU time are told beside the median.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { median } from '../tokens/measure.js'
import { startServer } from './start-server.js'

const starts = 9
const idleMs = 2000
const mostSeconds = 0.25
const mostMegabytes = 90

const at = path => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The Node that npm runs under, when it is too old for the server: what the launcher is for. */
function olderNode() {
  const node = process.env.npm_node_execpath
  if (node === undefined) return undefined
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? ''
  const major = Number(/^v(\d+)/.exec(version)?.[1])
  return major < 24 ? { node, version } : undefined
}

/** Whether somebody runs this ahead of all other work: field 41 is the policy, 0 the usual one. */
function isScheduledAhead() {
  if (process.platform !== 'linux') return false
  const fields = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\)/s, '').trim().split(' ')
  return ['1', '2'].includes(fields[38])
}

/** Starts nine times, and once before that which does not count: it fills the compile cache, as anybody's first does. */
async function startTimes(command) {
  const first = await startOnce(command)
  const counted = []
  for (let one = 0; one < starts; one++) counted.push(await startOnce(command))
  const seconds = counted.map(one => one.seconds)
  const cpu = counted.map(one => one.cpuSeconds).filter(one => one !== undefined)
  const megabytes = counted.map(one => one.megabytes).filter(one => one !== undefined)
  return {
    firstEverSeconds: first.seconds,
    seconds,
    medianSeconds: median(seconds),
    fastestSeconds: Math.min(...seconds),
    medianCpuSeconds: cpu.length === 0 ? undefined : median(cpu),
    medianMegabytes: megabytes.length === 0 ? undefined : median(megabytes),
  }
}

async function startOnce(command) {
  const server = await startServer(command)
  try {
    const { seconds, cpuSeconds } = server
    // The launcher's child is what weighs, and it is not ours to ask.
    if (!command.isWeighed) return { seconds }
    await wait(idleMs)
    return { seconds, cpuSeconds, megabytes: server.residentMegabytes() }
  } finally {
    await server.stop()
  }
}

function line(name, { medianSeconds, fastestSeconds, medianCpuSeconds, firstEverSeconds }) {
  const cpu = medianCpuSeconds === undefined ? '–' : `${medianCpuSeconds.toFixed(2)} s`
  return `| ${name} | ${medianSeconds.toFixed(3)} s | ${fastestSeconds.toFixed(3)} s | ${cpu} | ${firstEverSeconds.toFixed(3)} s |`
}

function verdict(value, most) {
  return value <= most ? 'met' : '**missed**'
}

function reportOf({ about, direct, launched }) {
  const { medianSeconds, medianMegabytes } = direct
  const launcher =
    launched === undefined
      ? 'The launcher was not measured: npm runs under a Node that is new enough to do without.'
      : `The launcher was started by Node ${about.olderNode}, and brings its own.`
  const memory =
    medianMegabytes === undefined
      ? 'Memory cannot be read on this system.'
      : `Idle memory, ${idleMs / 1000} s after it was ready and before a first login: ${medianMegabytes.toFixed(1)} MB resident (goal: ≤ ${mostMegabytes} MB, ${verdict(medianMegabytes, mostMegabytes)}).`
  return `# Start: from exec to the first 200 of /health/ready

${about.date} · Node ${about.node} · ${about.cpu} · SQLite in a new folder each time: migrations, master key and signing key are made on the way

| ${starts} starts | median | fastest | CPU time, median | very first, nothing compiled |
| --- | ---: | ---: | ---: | ---: |
${line('server, from its own exec', direct)}
${launched === undefined ? '' : `${line("launcher, from the launcher's own start", launched)}\n`}
Load of the machine during the run: ${about.load} on ${about.cores} cores.${about.isAhead ? ' Run with real-time scheduling (`chrt -r`), ahead of that load.' : ''}

From its own exec: ${medianSeconds.toFixed(3)} s (goal: ≤ ${mostSeconds} s, ${verdict(medianSeconds, mostSeconds)}). ${memory}

${launcher}
`
}

/** Measures, prints and writes the result. */
export async function runStart(resultsFolder) {
  const compileCache = mkdtempSync(join(tmpdir(), 'latchkey-start-cache-'))
  const older = olderNode()
  const server = {
    node: process.execPath,
    args: [at('packages/server/dist/cli/main.js'), 'serve'],
    isWeighed: true,
  }
  const launcher = {
    node: older?.node,
    args: [at('scripts/node.js'), at('scripts/start.js')],
    isWeighed: false,
  }
  try {
    const direct = await startTimes({ ...server, compileCache: join(compileCache, 'direct') })
    const launched =
      older === undefined
        ? undefined
        : await startTimes({ ...launcher, compileCache: join(compileCache, 'launched') })
    const about = {
      date: new Date().toISOString().slice(0, 10),
      node: process.versions.node,
      olderNode: older?.version.slice(1),
      cpu: cpus()[0]?.model ?? 'unknown processor',
      cores: cpus().length,
      load: loadavg()[0]?.toFixed(1),
      isAhead: isScheduledAhead(),
    }
    const report = reportOf({ about, direct, launched })
    process.stdout.write(report)
    mkdirSync(resultsFolder, { recursive: true })
    writeFileSync(join(resultsFolder, 'start.md'), report)
    writeFileSync(
      join(resultsFolder, 'start.json'),
      `${JSON.stringify({ about, direct, launched }, null, 2)}\n`,
    )
  } finally {
    rmSync(compileCache, { recursive: true, force: true })
  }
}
