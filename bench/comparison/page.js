// The comparison as one page: ratios first, then where we lose, then on what it was measured.

const line = cells => `| ${cells.join(' | ')} |`
const table = (heads, rows) =>
  [line(heads), line(heads.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
const times = ratio => `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)} ×`

const races = [
  ['verify, each token new', 'verify'],
  ['verify, token seen before', 'cached'],
  ['sign', 'sign'],
]
const algorithms = ['HS256', 'RS256', 'ES256', 'Ed25519']

/** Ours in front of each peer: how many times as many operations in a second of CPU time. */
function tokenRatios({ races: measured }) {
  return races.flatMap(([what, verb]) =>
    algorithms.flatMap(alg => {
      const race = measured[`${verb} ${alg}`] ?? []
      const ours = race.find(one => one.kind === 'latchkey')
      return race
        .filter(one => one.kind === 'peer')
        .map(peer => ({ what: `${alg}, ${what}`, peer: peer.name, ratio: peer.median / ours.median }))
    }),
  )
}

function tokenTable(results) {
  const ratios = tokenRatios(results)
  const peers = [...new Set(ratios.map(({ peer }) => peer))]
  const rows = races.flatMap(([what]) =>
    peers
      .map(peer => [
        `${what}: to ${peer}`,
        ...algorithms.map(alg => {
          const found = ratios.find(one => one.what === `${alg}, ${what}` && one.peer === peer)
          return found === undefined ? '–' : times(found.ratio)
        }),
      ])
      .filter(cells => cells.slice(1).some(cell => cell !== '–')),
  )
  return table(['Latchkey, times as fast', ...algorithms], rows)
}

function guardTable({ rows }) {
  return table(
    ['on Express', 'of the rate without a guard', 'CPU µs a request more'],
    rows.map(({ label, ratio, microseconds, bareMicroseconds }) => [
      label.startsWith('latchkey') ? `**${label}**` : label,
      ratio.toFixed(2),
      (microseconds - bareMicroseconds).toFixed(1),
    ]),
  )
}

function sessionTable({ figures }) {
  return table(
    ['', 'CPU ms each', 'a second, here'],
    figures.map(({ name, cpuMsEach, perSecond }) => [
      name.startsWith('latchkey') ? `**${name}**` : name,
      cpuMsEach.toFixed(3),
      perSecond.toFixed(0),
    ]),
  )
}

/** Every peer that is faster, and every goal of our own that was missed. */
function losses({ tokens, guards, sessions, start }) {
  const faster = tokenRatios(tokens)
    .filter(({ ratio }) => ratio < 1)
    .map(({ what, peer, ratio }) => `- **${peer}** is ${times(1 / ratio)} as fast at ${what}.`)
  const [best, ...others] = guards.rows
    .filter(({ label }) => !/all different/.test(label))
    .sort((a, b) => b.ratio - a.ratio)
  const behind =
    others.length > 0 && !best.label.startsWith('latchkey')
      ? [`- **${best.label}** costs an Express route less than our guard.`]
      : []
  const missed = [
    ...tokens.goals
      .filter(({ isMet }) => !isMet)
      .map(({ what, goal, measured }) => `- ${what}: ${measured}, wanted ${goal}.`),
    ...guards.rows
      .filter(({ label, ratio }) => /^latchkey.*10,000 tokens/.test(label) && ratio < 0.85)
      .map(
        ({ label, ratio }) =>
          `- ${label}, on Express: ${ratio.toFixed(2)} of the rate without a guard, wanted ≥ 0.85.`,
      ),
    ...sessions.goals
      .filter(({ holds }) => !holds)
      .map(
        ({ what, figure, unit, goal }) =>
          `- ${what}: ${Number(figure.toPrecision(3))}${unit === '' ? '' : ` ${unit}`}, wanted ${goal}.`,
      ),
    ...(start.direct.medianSeconds > 0.25
      ? [`- start: ${start.direct.medianSeconds.toFixed(2)} s, wanted ≤ 0.25 s.`]
      : []),
    ...(start.direct.medianMegabytes > 90
      ? [`- idle memory: ${start.direct.medianMegabytes.toFixed(0)} MB, wanted ≤ 90 MB.`]
      : []),
  ]
  return [
    'Peers that are faster somewhere:',
    [...faster, ...behind].join('\n') || 'None of those measured.',
    'What we wanted and did not reach:',
    missed.join('\n') || 'Nothing.',
  ].join('\n\n')
}

function onWhat({ tokens, guards, sessions, start }) {
  const versions = { ...tokens.about.versions, ...guards.about?.versions, ...sessions.about.versions }
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const dates = [
    ...new Set([tokens.about.date, guards.about?.date, sessions.about.date, start.about.date]),
  ].filter(Boolean)
  return `Measured on ${dates.join(' and ')}, ${sessions.about.cores} × ${tokens.about.cpu}, Node ${tokens.about.node} (OpenSSL ${tokens.about.openssl}): ${names.join(', ')}.`
}

export function comparisonPage(results) {
  return `# Beside the peers

Written by \`npm run bench\`, which runs everything here beside the packages that npm brings, in one go, on one machine. What counts is CPU time, in rounds by turns; ratios are medians of the rounds' own. The figures behind the ratios: [tokens](../bench/results/tokens.md), [guards](../bench/results/guards.md), [start](../bench/results/start.md).

${onWhat(results)}

## Tokens

${tokenTable(results.tokens)}

## A guarded route

The ratio is to the same route without a guard, in interleaved pairs. "All different" means that no token comes twice.

${guardTable(results.guards)}

## Sessions

Durable on SQLite, 64 callers; the peers as their documentation sets them up, oidc-provider in memory.

${sessionTable(results.sessions)}

## Start

From exec to the first good answer in ${results.start.direct.medianSeconds.toFixed(3)} s, idle at ${results.start.direct.medianMegabytes?.toFixed(0) ?? '–'} MB.

## Where we lose

${losses(results)}
`
}
