// A day of many users on the measured costs: how busy each part is, and how late a revocation is heard.
// Usage: npm run simulate -- --users 100000000 --nodes 40 --database-cores 64 …  Every figure below can be given.
import { parseArgs } from 'node:util'

/** What a day is made of, and what each piece costs. `from`: the command that printed it, or "assumed". */
const figures = {
  users: { value: 1_000_000, unit: '', from: 'assumed' },
  activeShare: { value: 0.2, unit: 'of the users are there on a day', from: 'assumed' },
  devices: { value: 1.6, unit: 'devices for each of them', from: 'assumed' },
  hoursOpen: { value: 3, unit: 'hours a day each device is in use', from: 'assumed' },
  signInsPerDevice: { value: 0.05, unit: 'sign-ins a day for each device', from: 'assumed' },
  logoutsPerDevice: { value: 0.03, unit: 'sign-outs a day for each device', from: 'assumed' },
  requestsPerMinute: { value: 6, unit: 'guarded requests a minute for each device in use', from: 'assumed' },
  peak: { value: 3, unit: 'times the mean at the busiest hour', from: 'assumed' },
  accessTtl: { value: 3_600, unit: 's, LATCHKEY_ACCESS_TTL', from: 'the default' },
  nodes: { value: 2, unit: 'servers', from: 'given' },
  nodeCores: { value: 1, unit: 'cores each; a process uses one, and more for hashing', from: 'given' },
  nodesDown: { value: 1, unit: 'of them away at the peak', from: 'given' },
  databaseCores: { value: 4, unit: 'cores of the database', from: 'given' },
  guards: { value: 20, unit: 'services that only guard', from: 'given' },
  refreshMs: { value: 0.54, unit: 'ms of server CPU', from: 'test/nodes/measure-costs.ts' },
  refreshDatabaseMs: { value: 0.24, unit: 'ms of database CPU', from: 'test/nodes/measure-costs.ts' },
  signInMs: { value: 10, unit: 'ms of server CPU, the hash included', from: 'test/nodes/measure-costs.ts' },
  signInDatabaseMs: { value: 1.6, unit: 'ms of database CPU', from: 'test/nodes/measure-costs.ts' },
  logoutMs: { value: 0.98, unit: 'ms of server CPU', from: 'test/nodes/measure-costs.ts' },
  logoutDatabaseMs: { value: 0.43, unit: 'ms of database CPU', from: 'test/nodes/measure-costs.ts' },
  eventMs: {
    value: 0.013,
    unit: 'ms of server CPU for each listener and batch',
    from: 'test/nodes/measure-feed.js',
  },
  listenerKiB: {
    value: 46,
    unit: 'KiB of server memory for each listener',
    from: 'test/nodes/measure-feed.js',
  },
  revokedBytes: { value: 56, unit: 'bytes of memory for each revoked id', from: 'test/nodes/measure-set.js' },
  checkNs: { value: 107, unit: 'ns of guard CPU for each look-up', from: 'test/nodes/measure-set.js' },
  sessionBytes: {
    value: 412,
    unit: 'bytes on disk for each session, indexes included',
    from: 'test/nodes/measure-costs.ts',
  },
  auditBytes: {
    value: 393,
    unit: 'bytes on disk for each audit row, indexes included',
    from: 'test/nodes/measure-costs.ts',
  },
}

const names = Object.keys(figures)
const dashed = name => name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
const { values } = parseArgs({
  options: {
    ...Object.fromEntries(names.map(name => [dashed(name), { type: 'string' }])),
    figures: { type: 'boolean' },
  },
})
for (const name of names) {
  const text = values[dashed(name)]
  if (text === undefined) continue
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0) {
    console.error(`--${dashed(name)} takes a number that is not negative`)
    process.exit(2)
  }
  figures[name] = { ...figures[name], value, from: 'given' }
}
const f = Object.fromEntries(names.map(name => [name, figures[name].value]))

const daySeconds = 86_400
const devicesOfDay = f.users * f.activeShare * f.devices
const inUse = (devicesOfDay * f.hoursOpen) / 24
/** Clients renew at 80 to 95 % of a token's life. */
const refreshes = inUse / (f.accessTtl * 0.875)
const signIns = (devicesOfDay * f.signInsPerDevice) / daySeconds
const logouts = (devicesOfDay * f.logoutsPerDevice) / daySeconds
const requests = (inUse * f.requestsPerMinute) / 60

const upAtPeak = Math.max(0, f.nodes - f.nodesDown)
/** Batches are collected for 50 ms, so there are 20 a second at the most. */
const batches = Math.min(20, logouts * f.peak)
const listenersOfNode = upAtPeak === 0 ? 0 : f.guards / upAtPeak
const nodeLoad =
  upAtPeak === 0
    ? Number.POSITIVE_INFINITY
    : (((refreshes * f.refreshMs + signIns * f.signInMs + logouts * f.logoutMs) * f.peak) / upAtPeak +
        batches * listenersOfNode * f.eventMs) /
      (f.nodeCores * 1000)
const databaseLoad =
  ((refreshes * f.refreshDatabaseMs + signIns * f.signInDatabaseMs + logouts * f.logoutDatabaseMs) * f.peak) /
  (f.databaseCores * 1000)

/** An id is remembered three minutes beyond its tokens' life, for clocks that differ. */
const revoked = logouts * f.peak * (f.accessTtl + 180)
/** On its way: the database's commit and NOTIFY, the collecting, the way to the guard; longer the busier a node is. */
const lagMs = nodeLoad >= 1 ? Number.POSITIVE_INFINITY : 20 + 50 + 10 / (1 - nodeLoad)

const count = value =>
  Number.isFinite(value)
    ? new Intl.NumberFormat('en', { maximumFractionDigits: value < 10 ? 2 : 0 }).format(value)
    : 'without end'
const share = value => (Number.isFinite(value) ? `${(value * 100).toFixed(1)} %` : 'none left')
const bytes = value => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let unit = 0
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024
  return `${value.toFixed(1)} ${units[unit]}`
}

if (values.figures) {
  for (const name of names) {
    const { value, unit, from } = figures[name]
    console.log(`${`--${dashed(name)}`.padEnd(22)} ${String(value).padStart(10)}  ${unit}  (${from})`)
  }
} else {
  const rows = [
    ['users there on a day', count(f.users * f.activeShare)],
    ['devices in use at once, mean', count(inUse)],
    ['refreshes a second, at the peak', count(refreshes * f.peak)],
    ['sign-ins a second, at the peak', count(signIns * f.peak)],
    ['sign-outs a second, at the peak', count(logouts * f.peak)],
    ['guarded requests a second, at the peak', count(requests * f.peak)],
    ['servers that are up at the peak', `${upAtPeak} of ${f.nodes}, ${f.nodeCores} cores each`],
    ['how busy each is', share(nodeLoad)],
    ['how busy the database is', share(databaseLoad)],
    ['ids revoked and remembered', `${count(revoked)}, ${bytes(revoked * f.revokedBytes)} in each process`],
    ['CPU of all guards for asking', `${count((requests * f.peak * f.checkNs * 2) / 1e9)} cores`],
    ['memory of a server for its listeners', bytes(listenersOfNode * f.listenerKiB * 1024)],
    ['a revocation is heard after about', `${count(lagMs)} ms`],
    ['sessions on disk', bytes(f.users * f.devices * f.sessionBytes)],
    ['audit rows a year, on disk', bytes((signIns + logouts) * daySeconds * 365 * f.auditBytes)],
  ]
  for (const [what, value] of rows) console.log(`${what.padEnd(40)} ${value}`)
  const advice = [
    nodeLoad > 0.7 && 'A server should be no busier than 70 %: add servers (--nodes), or cores.',
    databaseLoad > 0.7 &&
      'The database should be no busier than 70 %: add cores, or partition (docs/scale.md).',
  ].filter(Boolean)
  for (const line of advice) console.log(`\n${line}`)
  console.log('\nThe costs and where each comes from: npm run simulate -- --figures')
}
