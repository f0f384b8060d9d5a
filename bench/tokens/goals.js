// What the project set itself, and whether this run shows it.
import { timesFaster } from './measure.js'

/** The fastest of the peers in a race. */
export function bestPeer(race) {
  return race.measured.filter(one => one.kind === 'peer').sort((a, b) => a.median - b.median)[0]
}

const named = (race, name) => race.measured.find(one => one.name === name)
const ours = race => race.measured.find(one => one.kind === 'latchkey')

const overPeer = race => timesFaster(ours(race), bestPeer(race))
const overBare = race => timesFaster(ours(race), named(race, 'bare node:crypto'))
const extraCost = (race, name) =>
  timesFaster(named(race, `${name}, cache off`), named(race, `${name}, cache on`)) - 1

const text = {
  times: value => `${value.toFixed(2)} ×`,
  share: value => value.toFixed(2),
  percent: value => `${value >= 0 ? '+' : '−'}${Math.abs(value * 100).toFixed(0)} %`,
  time: value => `${value.toFixed(2)} µs`,
}

const goal = (what, race, rule) => ({ what, race, ...rule })
const peerGoal = least => ({ unit: 'times', least, of: overPeer, against: 'the best peer' })
const bareGoal = least => ({ unit: 'share', least, of: overBare, against: 'bare node:crypto' })
const timeGoal = (most, name) => ({ unit: 'time', most, of: race => named(race, name).median })

const goals = [
  goal('HS256 verify', 'verify HS256', peerGoal(2.5)),
  goal('HS256 sign', 'sign HS256', peerGoal(2)),
  goal('RS256 verify', 'verify RS256', peerGoal(1.25)),
  goal('RS256 verify', 'verify RS256', bareGoal(0.83)),
  goal('ES256 verify', 'verify ES256', peerGoal(1.1)),
  goal('ES256 verify', 'verify ES256', bareGoal(0.92)),
  goal('ES256 sign', 'sign ES256', peerGoal(1.1)),
  goal('ES256 sign', 'sign ES256', bareGoal(0.92)),
  goal('Ed25519 sign', 'sign Ed25519', bareGoal(0.95)),
  goal('Ed25519 verify', 'verify Ed25519', bareGoal(0.95)),
  ...['HS256', 'RS256', 'ES256', 'Ed25519'].map(alg =>
    goal(`${alg} verify, cache hit`, `cached ${alg}`, {
      unit: 'times',
      least: 6,
      of: overPeer,
      against: "fast-jwt's cache",
    }),
  ),
  goal('cache that never hits', 'missing HS256', {
    unit: 'percent',
    most: 0.15,
    of: race => extraCost(race, 'latchkey'),
  }),
  goal('400 random characters, safe', 'hostile 400 random characters', timeGoal(0.5, 'latchkey, safe')),
  goal('400 random characters, throw', 'hostile 400 random characters', timeGoal(6, 'latchkey, throw')),
  ...['1 MB of junk', '1 MB of dots', '1 MB of header', '1 MB of [[[[, wrong signature'].map(input =>
    goal(`${input}, safe`, `hostile ${input}`, timeGoal(1, 'latchkey, safe')),
  ),
]

/** Each goal with what was measured. `races` by name. */
export function judgeGoals(races) {
  return goals.map(({ what, race, unit, least, most, of, against }) => {
    const value = of(races.get(race))
    return {
      what: against === undefined ? what : `${what}, against ${against}`,
      goal: least === undefined ? `≤ ${text[unit](most)}` : `≥ ${text[unit](least)}`,
      measured: text[unit](value),
      value,
      isMet: least === undefined ? value <= most : value >= least,
    }
  })
}

/** What fast-jwt's cache costs when it never hits. */
export function peerCacheCost(races) {
  const race = races.get('missing HS256')
  return text.percent(timesFaster(named(race, 'fast-jwt'), named(race, 'fast-jwt, cache on')) - 1)
}
