// The figures as Markdown, for people and for the results folder.
import { bestPeer, peerCacheCost } from './goals.js'
import { timesFaster } from './measure.js'

const algorithms = ['HS256', 'RS256', 'ES256', 'Ed25519']

function table(head, rows) {
  const line = cells => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  )
}

/** Three figures that count. */
function short(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

const rate = measured => short(1000 / measured.median)

/** One row for each contestant, one column for each algorithm: thousands of operations in a second of CPU time. */
function raceTable(races, verb) {
  const ofAlgorithms = algorithms.map(alg => races.get(`${verb} ${alg}`))
  const names = [...new Set(ofAlgorithms.flatMap(race => race.measured.map(one => one.name)))]
  const order = [
    'latchkey',
    ...names.filter(name => name !== 'latchkey' && name !== 'bare node:crypto'),
    'bare node:crypto',
  ]
  const rows = order
    .filter(name => names.includes(name))
    .map(name => [
      name === 'latchkey' ? '**latchkey**' : name,
      ...ofAlgorithms.map(race => {
        const measured = race.measured.find(one => one.name === name)
        if (measured === undefined) return '–'
        return name === 'latchkey' ? `**${rate(measured)}**` : rate(measured)
      }),
    ])
  return table(['k/s', ...algorithms], [...rows, ...ratioRows(ofAlgorithms)])
}

function ratioRows(ofAlgorithms) {
  const ratio = (race, other) => {
    const own = race.measured.find(one => one.kind === 'latchkey')
    return other === undefined ? '–' : timesFaster(own, other).toFixed(2)
  }
  const toBest = ofAlgorithms.map(race => {
    const best = bestPeer(race)
    return `${ratio(race, best)} × (${best.name.replace(/,.*/, '')})`
  })
  const bares = ofAlgorithms.map(race => race.measured.find(one => one.kind === 'bare'))
  if (bares.every(bare => bare === undefined)) return [['latchkey to the best peer', ...toBest]]
  return [
    ['latchkey to the best peer', ...toBest],
    ['latchkey to bare node:crypto', ...ofAlgorithms.map((race, at) => ratio(race, bares[at]))],
  ]
}

function hostileTable(races) {
  const hostile = [...races].filter(([name]) => name.startsWith('hostile '))
  const names = hostile[0][1].measured.map(one => one.name)
  const rows = hostile.map(([name, race]) => [name.slice(8), ...race.measured.map(one => short(one.median))])
  return table(['µs to refuse', ...names], rows)
}

function missingTable(races) {
  const rows = races.get('missing HS256').measured.map(one => [one.name, rate(one), short(one.median)])
  return table(['HS256, 16,384 tokens, room for 1,000', 'k/s', 'µs'], rows)
}

function goalTable(goals) {
  return table(
    ['', 'goal', 'measured', ''],
    goals.map(({ what, goal, measured, isMet }) => [what, goal, measured, isMet ? 'met' : '**missed**']),
  )
}

/** Where @node-rs verifies Ed25519 faster than OpenSSL does, it is said. */
function fasterPeers(races) {
  const lines = []
  for (const [name, race] of races) {
    if (!/^(verify|sign|cached) /.test(name)) continue
    const own = race.measured.find(one => one.kind === 'latchkey')
    for (const peer of race.measured.filter(one => one.kind === 'peer')) {
      const times = timesFaster(peer, own)
      if (times > 1)
        lines.push(
          `- ${name.replace('cached', 'cache hit,')}: ${peer.name} is ${times.toFixed(2)} × as fast as latchkey.`,
        )
    }
  }
  return lines.length === 0 ? 'Nowhere in this run.' : lines.join('\n')
}

/** The whole report. */
export function reportOf({ about, races, goals, memory }) {
  const versions = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`)
  return `# Tokens: Latchkey beside its peers

${about.date} · Node ${about.node} (OpenSSL ${about.openssl}) · ${about.cpu} · ${versions.join(' · ')}

Thousands of operations in a second of CPU time (of the whole process, garbage collector and thread pool included), ${about.isPinned ? 'pinned to one core' : 'not pinned to a core'}; ${about.rounds} interleaved rounds of ${about.sliceMs} ms, their median; ratios are medians of the rounds' own ratios. One process, one script: \`npm run bench:tokens\`.

Tokens: ${about.tokenChars} characters (HS256), ${about.payloadBytes} bytes of payload, 10 claims, \`typ: at+jwt\`; 1,024 distinct ones, each given as a fresh string. Issuer, audience and \`exp\` are checked by everybody; Latchkey checks the type too, as its guard does, and everything that it is strict about. Ed25519 is called EdDSA for the peers. Bare node:crypto is the signature alone, on bytes that lie ready (ES256 in DER): no token, no JSON.

## Goals

${goalTable(goals)}

## Verify, no cache

${raceTable(races, 'verify')}

## Verify, cache hit

${raceTable(races, 'cached')}

## A cache that never hits

${missingTable(races)}

fast-jwt's cache costs ${peerCacheCost(races)} here.

## Sign

${raceTable(races, 'sign')}

## Hostile input

HS256, cache on. CPU time of one refusal; long input is the same string each time.

${hostileTable(races)}

## The cache's memory

A full cache of ${memory.entries.toLocaleString('en')} entries takes ${(memory.bytes / 1e6).toFixed(1)} MB of heap: ${memory.bytesPerEntry} bytes an entry, token, claims and all.

## Where a peer is faster

${fasterPeers(races)}
`
}
