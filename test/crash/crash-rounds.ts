// Rounds of crashes: clients work, the server is killed at a point or at random, starts again on the same file, and
// what it answered before must still be true. The invariants are numbered as in the reliability checks.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Caller, post, tokens } from '../account.ts'
import { freePort } from '../free-port.ts'
import { newFolder } from '../server-process.ts'
import { type FaultPoint, faultPoints } from './fault-points.ts'
import { type FaultyServer, startFaultyServer } from './faulty-server.ts'
import { type Account, codeOf, HonestClient } from './honest-client.ts'

const clientCount = 12
const passesPerRound = 4
const graceMs = 5 * 60_000
const beyondGraceMs = graceMs + 60_000
const anHourMs = 3_600_000
const env = { LATCHKEY_REFRESH_GRACE: '5m', LATCHKEY_LIMITS: 'off' }
const account: Account = { username: 'ada', password: 'a lantern on the sill' }

/** The latest passage of each point at which a server is told to die: most rounds come as far. */
const latestPassage: Record<FaultPoint, number> = {
  'before the transaction': 6,
  'after the compare-and-swap': 20,
  'after the audit row': 4,
  'before commit': 6,
  'after commit and before the answer': 6,
  'in the middle of the answer': 20,
  'during a checkpoint': 2,
}

export interface CrashReport {
  rounds: number
  hits: Record<FaultPoint | 'at random', number>
  /** Answers that arrived, rotations and ends, and were found true after a crash. */
  acknowledged: number
}

/** Runs the rounds, each point in its turn and every fifth time at random. Throws at the first broken invariant. */
export async function runCrashRounds(
  rounds: number,
  onRound: (round: number) => void = () => undefined,
): Promise<CrashReport> {
  const folder = newFolder()
  // One port for all rounds: the issuer of the tokens has it in its name.
  const port = await freePort()
  const hits = Object.fromEntries([...faultPoints, 'at random'].map(name => [name, 0])) as CrashReport['hits']
  let clockAheadMs = 0
  let acknowledged = 0
  const clients: HonestClient[] = []

  for (let round = 0; round < rounds; round++) {
    // Somebody sets the clock back while the server is down.
    if (round % 7 === 6) clockAheadMs -= anHourMs
    const server = await startFaultyServer({ folder, port, env, clockAheadMs })
    const advance = async (): Promise<void> => {
      clockAheadMs += beyondGraceMs
      await server.order({ kind: 'advance', milliseconds: beyondGraceMs })
    }
    try {
      acknowledged += await checkInvariants(server.call, clients, advance)
      checkFile(folder)
      if (round === 0) await post(server.call, '/user/register', account)
      await replaceEnded(server.call, clients)
      await advance()
      const point =
        round % 5 === 4 ? undefined : faultPoints[(round - Math.floor(round / 5)) % faultPoints.length]
      hits[await crash({ server, clients, point, advance })] += 1
    } finally {
      server.kill()
      await server.ended
    }
    onRound(round + 1)
  }
  const last = await startFaultyServer({ folder, port, env, clockAheadMs })
  acknowledged += await checkInvariants(last.call, clients, async () => undefined)
  checkFile(folder)
  last.kill()
  await last.ended
  return { rounds, hits, acknowledged }
}

/** Lets the clients work until the server is dead. */
async function crash({
  server,
  clients,
  point,
  advance,
}: {
  server: FaultyServer
  clients: HonestClient[]
  point: FaultPoint | undefined
  advance: () => Promise<void>
}): Promise<FaultPoint | 'at random'> {
  let isOver = false
  server.ended.then(() => {
    isOver = true
  })
  let answersLeft =
    point === undefined ? randomInt(1, clientCount * passesPerRound) : Number.POSITIVE_INFINITY
  if (point !== undefined)
    await server.order({ kind: 'arm', point, passages: randomInt(1, latestPassage[point] + 1) })

  for (let pass = 0; pass < passesPerRound && !isOver; pass++) {
    const acts = clients.filter(client => !client.isEnded).map(client => act(client, server.call))
    await Promise.all(
      acts.map(async one => {
        await one.catch(error => {
          if (!isLost(error)) throw error
        })
        answersLeft -= 1
        if (answersLeft === 0) server.kill()
      }),
    )
    if (!isOver) await advance()
  }
  server.kill()
  return (await server.ended) ?? 'at random'
}

/** What a client does in a pass: mostly it renews, sometimes it signs out, sometimes a thief comes with an old token. */
async function act(client: HonestClient, call: Caller): Promise<void> {
  const dice = randomInt(100)
  // What was sent and not answered is sent again.
  if (client.isLeaving || dice < 12) return client.signOut(call)
  if (dice < 18 && canBeRobbed(client)) {
    assert.equal(await client.replaySpent(call), 'refresh_reused', 'I3: a spent token was taken')
    return
  }
  return client.refresh(call)
}

/** Two tokens behind: with one alone, a clock that was set back may as well be the reason (it is refused then). */
function canBeRobbed(client: HonestClient): boolean {
  return client.spent.length > 1
}

/** A connection that broke, or an answer that was cut short. */
function isLost(error: unknown): boolean {
  return error instanceof TypeError || error instanceof SyntaxError
}

async function replaceEnded(call: Caller, clients: HonestClient[]): Promise<void> {
  const living = clients.filter(client => !client.isEnded)
  const missing = clientCount - living.length
  const fresh = await Promise.all(Array.from({ length: missing }, () => HonestClient.signIn(call, account)))
  clients.splice(0, clients.length, ...living, ...fresh)
}

/** I1 to I5 and I7, for every client. Gives the number of acknowledged things that were found true. */
async function checkInvariants(
  call: Caller,
  clients: readonly HonestClient[],
  advance: () => Promise<void>,
): Promise<number> {
  await Promise.all(
    clients.map(client => (client.isEnded ? checkEnded(call, client) : checkLiving(call, client))),
  )
  // Beyond the grace a spent token is a stolen one, before and after a restart.
  const robbed = clients.find(client => !client.isEnded && canBeRobbed(client))
  if (robbed !== undefined) {
    await advance()
    assert.equal(await robbed.replaySpent(call), 'refresh_reused', 'I3: a spent token became usable again')
    await checkEnded(call, robbed)
  }
  return clients.length
}

async function checkEnded(call: Caller, client: HonestClient): Promise<void> {
  assert.equal(
    await codeOf(await client.useRefreshToken(call)),
    'session_revoked',
    'I7: an acknowledged end was lost',
  )
  assert.equal(await client.useAccessToken(call), 'token_revoked', 'I5: a revoked access token works again')
}

async function checkLiving(call: Caller, client: HonestClient): Promise<void> {
  if (!client.isLeaving)
    assert.equal(await client.useAccessToken(call), undefined, 'I1: an acknowledged access token is dead')
  const first = await client.useRefreshToken(call)
  if (client.isLeaving && first.status !== 200) {
    // It was committed and its answer was lost: then all of it was.
    client.isEnded = true
    assert.equal(await codeOf(first), 'session_revoked')
    return checkEnded(call, client)
  }
  assert.equal(first.status, 200, `I4: a client has to sign in again: ${await first.clone().text()}`)
  client.isLeaving = false
  const given = await tokens(first)
  const again = await tokens(await client.useRefreshToken(call))
  assert.equal(again.refresh_token, given.refresh_token, 'I2: two successors of one token')
  client.take(given)
  // The successor lives: it is kept within the grace of its rotation, and rotates after it.
  client.take(await tokens(await client.useRefreshToken(call)))
  assert.equal(await client.useAccessToken(call), undefined, 'I1: a new access token is dead')
}

/** I6: the database's own check, and one row a session. */
function checkFile(folder: string): void {
  const database = new DatabaseSync(join(folder, 'data', 'latchkey.db'), { readOnly: true, timeout: 5_000 })
  try {
    assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' }, 'I6')
    assert.deepEqual(database.prepare('PRAGMA foreign_key_check').all(), [], 'I6')
  } finally {
    database.close()
  }
}
