// The races on Express, server and load on a core each, and the cost in process; printed, and kept in bench/results.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { pinTo, usableCores } from '../pin-to-core.js'
import { median } from '../tokens/measure.js'
import { guards } from './guards-of-today.js'
import { measureInProcess } from './in-process.js'
import { byChance, inTurn, load } from './load.js'
import { makeKeys, makeTokens } from './tokens.js'

const workingSet = 10_000
/** More than any cache holds, so that no token comes back while it is remembered. */
const allDifferent = 60_000
const connections = 32

const races = [
  { name: 'latchkey, ES256', tokens: workingSet, label: 'latchkey, ES256, 10,000 tokens' },
  { name: 'latchkey, HS256', tokens: workingSet, label: 'latchkey, HS256, 10,000 tokens' },
  { name: 'latchkey, ES256', tokens: allDifferent, label: 'latchkey, ES256, all different' },
  { name: 'latchkey, HS256', tokens: allDifferent, label: 'latchkey, HS256, all different' },
  { name: 'jose by hand, ES256', tokens: workingSet },
  { name: 'jose by hand, HS256', tokens: workingSet },
  { name: 'the tutorial’s checkToken, HS256', tokens: workingSet },
  { name: 'express-jwt, HS256', tokens: workingSet },
  { name: 'better-auth getSession', tokens: 1, label: 'better-auth getSession, one session' },
]

async function startServer(name, keys, core) {
  const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.send({ name, keys, core })
  const [{ port, cookie }] = await once(child, 'message')
  const ask = async () => {
    child.send('spent')
    const [answer] = await once(child, 'message')
    return answer
  }
  return { port, cookie, ask, end: () => child.kill() }
}

function requestBytes(credential) {
  const lines = ['GET /notes HTTP/1.1', 'Host: localhost', 'Accept: application/json', ...credential, '', '']
  return Buffer.from(lines.join('\r\n'), 'latin1')
}

async function turn(server, race, seconds) {
  const before = await server.ask()
  const done = await load({
    port: server.port,
    requests: race.requests,
    order: race.order,
    seconds,
    connections,
  })
  const after = await server.ask()
  const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  return {
    rate: done.answered / done.seconds,
    microseconds: cpu / done.answered,
    hitRate: 1 - (after.misses - before.misses) / done.answered,
  }
}

/** Guarded and unguarded take turns, so that both meet the same weather; the ratio is each pair's own. */
async function runRace(race, bare, server, { pairs, seconds }) {
  // The route without a guard gets the same requests: reading a token's bytes is not what the guard costs.
  const bareRace = { requests: race.requests, order: race.order }
  // Every token comes by once before anything counts.
  for (const { port } of [server, bare]) {
    const most = Math.max(race.requests.length, 5_000)
    await load({ port, requests: race.requests, order: inTurn(), seconds: 60, most, connections })
  }
  const rounds = []
  for (let at = 0; at < pairs; at++) {
    const order = at % 2 === 0 ? ['bare', 'guarded'] : ['guarded', 'bare']
    const results = {}
    for (const which of order) {
      results[which] =
        which === 'bare' ? await turn(bare, bareRace, seconds) : await turn(server, race, seconds)
    }
    rounds.push({ ...results, ratio: results.guarded.rate / results.bare.rate })
  }
  const ratios = rounds.map(round => round.ratio)
  const guarded = key => median(rounds.map(round => round.guarded[key]))
  return {
    ratio: median(ratios),
    worst: Math.min(...ratios),
    rate: guarded('rate'),
    microseconds: guarded('microseconds'),
    bareMicroseconds: median(rounds.map(round => round.bare.microseconds)),
    hitRate: guarded('hitRate'),
  }
}

function tokensOf(cache, keys, credential, count) {
  const name = `${credential} ${count}`
  if (!cache.has(name)) cache.set(name, makeTokens(keys, credential, count))
  return cache.get(name)
}

export async function runGuards({ isQuick, resultsFolder }) {
  const [serverCore, loadCore] = usableCores()
  const areApart = loadCore !== undefined && pinTo(loadCore)
  const pace = isQuick ? { pairs: 3, seconds: 0.5 } : { pairs: 9, seconds: 1.5 }
  const keys = makeKeys()
  const made = new Map()
  const bare = await startServer('no guard', keys, areApart ? serverCore : undefined)
  const rows = []
  for (const { name, tokens, label = name } of races) {
    const { credential } = guards[name]
    const server = await startServer(name, keys, areApart ? serverCore : undefined)
    const requests =
      credential === 'session'
        ? [requestBytes([`Cookie: ${server.cookie}`])]
        : tokensOf(made, keys, credential, tokens).map(token =>
            requestBytes([`Authorization: Bearer ${token}`]),
          )
    const order = tokens === allDifferent ? inTurn() : byChance()
    const row = { label, ...(await runRace({ requests, order }, bare, server, pace)) }
    server.end()
    rows.push(row)
    process.stderr.write(`${label}: ${row.ratio.toFixed(3)} of the route without a guard\n`)
  }
  bare.end()

  const hs256 = tokensOf(made, keys, 'HS256', workingSet)
  const es256 = tokensOf(made, keys, 'ES256', workingSet)
  const many = tokensOf(made, keys, 'HS256', allDifferent)
  const costs = await measureInProcess(
    [
      {
        name: 'latchkey, HS256',
        label: 'latchkey, HS256, remembered',
        tokens: hs256.slice(0, 1000),
        passes: 20,
      },
      {
        name: 'latchkey, ES256',
        label: 'latchkey, ES256, remembered',
        tokens: es256.slice(0, 1000),
        passes: 20,
      },
      {
        name: 'latchkey, HS256',
        label: 'latchkey, HS256, never seen before',
        tokens: many.slice(0, 40_000),
        passes: 1,
      },
      {
        name: 'express-jwt, HS256',
        label: 'express-jwt with a KeyObject, HS256',
        tokens: hs256.slice(0, 2000),
        passes: 1,
      },
      { name: 'jose by hand, HS256', label: 'jose by hand, HS256', tokens: hs256.slice(0, 2000), passes: 1 },
    ],
    keys,
    { rounds: isQuick ? 3 : 7 },
  )
  const report = reportOf(rows, costs, { areApart, pace })
  console.log(report)
  if (isQuick) return
  mkdirSync(resultsFolder, { recursive: true })
  writeFileSync(`${resultsFolder}/guards.md`, report)
  writeFileSync(
    `${resultsFolder}/guards.json`,
    `${JSON.stringify({ about: about(), rows, costs }, null, 2)}\n`,
  )
}

function reportOf(rows, costs, { areApart, pace }) {
  const peers = ['express', 'express-jwt', 'jsonwebtoken', 'jose', 'better-auth']
  const versions = peers.map(name => `${name} ${versionOf(name)}`).join(', ')
  const place = areApart ? 'Server and load had a core each.' : 'Server and load shared the machine’s cores.'
  const lines = rows.map(row => {
    const hits = row.label.startsWith('latchkey') ? `${(row.hitRate * 100).toFixed(1)} %` : '–'
    return `| ${row.label} | **${row.ratio.toFixed(3)}** | ${row.worst.toFixed(3)} | ${Math.round(row.rate)} | ${row.microseconds.toFixed(1)} (${row.bareMicroseconds.toFixed(1)}) | ${hits} |`
  })
  const inProcess = costs.map(({ label, microseconds }) => `| ${label} | ${microseconds.toFixed(2)} |`)
  return `# Guards on Express

${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}; ${versions}. ${place} ${pace.pairs} interleaved pairs of ${pace.seconds} s with and without the guard, ${connections} connections; the ratio is the median of the pairs' own. Latchkey's guards check issuer, audience, type, scope and 10,000 revocations on each request.

| guard | of the unguarded rate | worst pair | requests/s | CPU µs a request (unguarded) | remembered |
| --- | ---: | ---: | ---: | ---: | ---: |
${lines.join('\n')}

The guard alone, in process: CPU time of calling the middleware, less the same loop without it.

| guard | µs |
| --- | ---: |
${inProcess.join('\n')}
`
}

function about() {
  const peers = ['express', 'express-jwt', 'jsonwebtoken', 'jose', 'better-auth']
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    cpu: cpus()[0]?.model ?? 'unknown processor',
    versions: Object.fromEntries(peers.map(name => [name, versionOf(name)])),
  }
}

function versionOf(name) {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))
  return lock.packages[`node_modules/${name}`].version
}
