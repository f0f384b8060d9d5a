// Loaded by `node --import` into an unchanged server, in each of its threads: kills the process at a named point by
// wrapping Node's own SQLite driver and answers, and lets the clock be moved. The server's code knows nothing of it.
// Orders come from the parent process; the writer's thread hears them over a broadcast channel.
import { writeSync } from 'node:fs'
import { ServerResponse } from 'node:http'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { BroadcastChannel, isMainThread, Worker } from 'node:worker_threads'
import { type FaultOrder, type FaultPoint, hitMark } from './fault-points.ts'

type Run = () => ReturnType<StatementSync['run']>

const channel = new BroadcastChannel('faults')
channel.unref()

const realNow = Date.now
let aheadMs = Number(process.env['FAULT_CLOCK_AHEAD_MS'] ?? 0)
Date.now = () => realNow() + aheadMs

let armed: { point: FaultPoint; left: number } | undefined

/** Counts a passage of a point; true when it is the one to die at. */
function isHit(point: FaultPoint): boolean {
  if (armed?.point !== point) return false
  armed.left -= 1
  return armed.left <= 0
}

/** SIGKILL to oneself ends every thread at once; nothing is flushed or closed. */
function die(point: FaultPoint): never {
  writeSync(2, `${hitMark}${point}\n`)
  process.kill(process.pid, 'SIGKILL')
  for (;;);
}

function pass(point: FaultPoint): void {
  if (isHit(point)) die(point)
}

function obey(order: FaultOrder): void {
  if (order.kind === 'arm') armed = { point: order.point, left: order.passages }
  else aheadMs += order.milliseconds
}

if (isMainThread) {
  cutAnswers()
  listenToParent()
} else {
  watchTransactions()
}

/** An order is answered once this thread and the writer's have obeyed it. */
function listenToParent(): void {
  process.on('message', (order: FaultOrder) => {
    obey(order)
    channel.postMessage(order)
  })
  channel.onmessage = () => process.send?.('obeyed')
  channel.unref()
  process.channel?.unref()
}

/** The middle of an answer: its head and half of its body are on their way when the process dies. */
function cutAnswers(): void {
  const { write } = ServerResponse.prototype
  for (const method of ['write', 'end'] as const) {
    const original = ServerResponse.prototype[method]
    ServerResponse.prototype[method] = function (this: ServerResponse, ...given: unknown[]) {
      const [body] = given
      const isBody = typeof body === 'string' || body instanceof Uint8Array
      if (isBody && this.req.method === 'POST' && isHit('in the middle of the answer')) {
        const bytes = Buffer.from(body as Uint8Array)
        const half = bytes.subarray(0, bytes.length >> 1)
        return Reflect.apply(write, this, [half, () => die('in the middle of the answer')])
      }
      return Reflect.apply(original, this, given)
    } as never
  }
}

/** Wraps those statements of the writer that are points. */
function watchTransactions(): void {
  const { prepare } = DatabaseSync.prototype
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string) {
    const statement = Reflect.apply(prepare, this, [sql])
    const wrap = wrapperOf(sql, this)
    if (wrap === undefined) return statement
    const { run } = statement
    statement.run = (...values: unknown[]) => wrap(() => Reflect.apply(run, statement, values))
    return statement
  }
}

function wrapperOf(sql: string, database: DatabaseSync): ((run: Run) => ReturnType<Run>) | undefined {
  if (sql.startsWith('BEGIN')) return run => before('before the transaction', run)
  if (sql.startsWith('UPDATE sessions SET') && sql.includes('AND counter = ?'))
    return run => after('after the compare-and-swap', run)
  if (sql.startsWith('INSERT INTO audit')) return run => after('after the audit row', run)
  if (sql !== 'COMMIT') return undefined
  // Only the writer commits by a statement: here its thread is known, and orders are meant for it.
  const checkpoints = watchCheckpoints(database)
  channel.onmessage = async event => {
    const order = (event as unknown as { data: FaultOrder }).data
    obey(order)
    if (order.kind === 'arm' && order.point === 'during a checkpoint') await checkpoints.watch()
    channel.postMessage('obeyed')
  }
  channel.unref()
  // A checkpoint each few commits instead of each few hundred.
  database.exec('PRAGMA wal_autocheckpoint = 20')
  return run => {
    pass('before commit')
    if (isHit('during a checkpoint')) checkpoints.begin()
    const result = run()
    checkpoints.end()
    pass('after commit and before the answer')
    return result
  }
}

function before(point: FaultPoint, run: Run): ReturnType<Run> {
  pass(point)
  return run()
}

function after(point: FaultPoint, run: Run): ReturnType<Run> {
  const result = run()
  pass(point)
  return result
}

/**
 * SQLite checkpoints inside a COMMIT, in native code, and the main file is written then only. A thread of its own
 * watches that file and kills when it changes between `begin` and `end`, which is in the middle of a checkpoint.
 */
function watchCheckpoints(database: DatabaseSync): CheckpointWatch {
  const inside = new Int32Array(new SharedArrayBuffer(4))
  const source = `
    const { statSync, writeSync } = require('node:fs')
    const { parentPort, workerData } = require('node:worker_threads')
    const { inside, file, mark } = workerData
    const written = () => statSync(file, { bigint: true }).mtimeNs
    parentPort.postMessage('watching')
    for (;;) {
      while (Atomics.load(inside, 0) === 0);
      const before = written()
      while (Atomics.load(inside, 0) === 1) {
        if (written() === before || Atomics.load(inside, 0) === 0) continue
        writeSync(2, mark)
        process.kill(process.pid, 'SIGKILL')
      }
    }`
  const workerData = { inside, file: database.location(), mark: `${hitMark}during a checkpoint\n` }
  return {
    watch: () =>
      new Promise(resolve => {
        const watcher = new Worker(source, { eval: true, workerData, execArgv: [] })
        watcher.once('message', () => resolve())
        watcher.unref()
      }),
    begin: () => Atomics.store(inside, 0, 1),
    end: () => Atomics.store(inside, 0, 0),
  }
}

interface CheckpointWatch {
  /** Settles when the watcher runs: it burns a processor, so it runs for this point only. */
  watch(): Promise<void>
  begin(): void
  end(): void
}
