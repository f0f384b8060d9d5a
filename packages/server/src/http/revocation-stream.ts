// The feed of revocations as server-sent events: one buffer for all who listen, collected for a moment, so that a
// thousand guards cost little more than one. What is over the wire is made once, whoever reads it.
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Revocations } from '../auth/revocations.ts'
import type { RevocationRecord } from '../store/records.ts'

export interface RevocationStream {
  /** A body for one listener. `lastEventId`: where it was before, if it was. */
  open(listener: ListenerOptions): ReadableStream<Uint8Array>
  readonly listeners: number
  /** Ends every stream: its listener comes back, here or elsewhere. */
  close(): void
}

interface ListenerOptions {
  lastEventId: string | undefined
  compressed: boolean
  /** What its token may be revoked by. */
  tokenIds: readonly unknown[]
  /** When its token is over, in milliseconds since 1970. */
  expiresAtMs: number
}

/** Both forms of a piece of the stream; a gzip stream may have many members (RFC 1952 2.2), so both can be shared. */
interface Piece {
  plain: Uint8Array
  packed(): Uint8Array
}

interface Listener {
  controller: ReadableStreamDefaultController<Uint8Array>
  options: ListenerOptions
}

interface Batch {
  number: number
  entries: readonly RevocationRecord[]
}

const collectMs = 50
const heartbeatEachMs = 5_000
/** So many entries can be caught up with; who is further behind gets everything anew. */
const maxKeptEntries = 20_000
const entriesInPiece = 2_000
/** A listener that has this much unread is cut off. */
const maxUnreadBytes = 4 * 1024 * 1024

/** Opens the feed of one process. Its event ids are `epoch.cursor`: another process, or this one after a restart, has another epoch. */
export function openRevocationStream(revocations: Revocations, clock: () => number): RevocationStream {
  const epoch = randomBytes(9).toString('base64url')
  const listeners = new Set<Listener>()
  let kept: Batch[] = []
  let keptEntries = 0
  let number = 0
  let isUsed = false
  let collected: RevocationRecord[] = []
  let timer: NodeJS.Timeout | undefined

  const drop = (listener: Listener): void => {
    if (!listeners.delete(listener)) return
    try {
      listener.controller.close()
    } catch {
      // Whoever listened has gone first.
    }
  }
  const send = (listener: Listener, piece: Piece): void => {
    const isSlow = (listener.controller.desiredSize ?? 0) < -maxUnreadBytes
    if (isSlow) drop(listener)
    else listener.controller.enqueue(formOf(piece, listener.options))
  }
  const flush = (): void => {
    timer = undefined
    number += 1
    kept.push({ number, entries: collected })
    keptEntries += collected.length
    while (keptEntries > maxKeptEntries) keptEntries -= kept.shift()?.entries.length ?? keptEntries
    const pieces = [...piecesOf(collected.map(shown), `${epoch}.${number}`)]
    // Whose key was revoked is not known here: everybody comes back with a new token.
    const isKeyGone = collected.some(({ kind }) => kind === 'key')
    collected = []
    for (const listener of listeners) {
      for (const piece of pieces) send(listener, piece)
      if (isKeyGone || revocations.isRevoked(...listener.options.tokenIds)) drop(listener)
    }
  }
  const beat = (): void => {
    for (const listener of listeners) if (listener.options.expiresAtMs <= clock()) drop(listener)
    const piece = pieceOf('alive', { age_ms: Math.round(revocations.ageMs()) })
    for (const listener of listeners) send(listener, piece)
  }
  const unsubscribe = revocations.subscribe(entries => {
    // Nobody can ask for what came before the first event id was given.
    if (!isUsed) return
    collected.push(...entries)
    timer ??= setTimeout(flush, collectMs).unref()
  })
  const heartbeat = setInterval(beat, heartbeatEachMs).unref()

  /** What a listener is told before it hears what comes: what it missed, or everything. */
  function* opening({ lastEventId }: ListenerOptions): Generator<Piece> {
    const [itsEpoch, itsNumber] = lastEventId?.split('.') ?? []
    const missed = kept.filter(batch => batch.number > Number(itsNumber))
    const isKnown =
      itsEpoch === epoch && Number(itsNumber) <= number && number - Number(itsNumber) === missed.length
    const at = `${epoch}.${number}`
    if (isKnown) {
      for (const { entries } of missed) yield* piecesOf(entries.map(shown))
    } else {
      yield pieceOf('snapshot', {})
      yield* piecesOf(revocations.entries())
    }
    yield pieceOf('complete', { id: at, age_ms: Math.round(revocations.ageMs()) })
  }

  return {
    open(options) {
      isUsed = true
      const pieces = opening(options)
      let listener: Listener | undefined
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            listener = { controller, options }
            listeners.add(listener)
          },
          // Called whenever what was given is read: a snapshot goes no faster than its reader.
          pull(controller) {
            const next = pieces.next()
            // There is nothing more to pull: what comes is pushed.
            if (next.done) return new Promise<void>(() => undefined)
            controller.enqueue(formOf(next.value, options))
            return undefined
          },
          cancel() {
            if (listener !== undefined) listeners.delete(listener)
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: 64 * 1024 }),
      )
    },
    get listeners() {
      return listeners.size
    },
    close() {
      clearInterval(heartbeat)
      clearTimeout(timer)
      unsubscribe()
      for (const listener of listeners) drop(listener)
      kept = []
    },
  }
}

function formOf(piece: Piece, { compressed }: ListenerOptions): Uint8Array {
  return compressed ? piece.packed() : piece.plain
}

type Entry = readonly [id: string, expiresAt: number]

/** Entries in pieces that no reader chokes on; the last one carries the event id, if there is one. */
function* piecesOf(entries: Iterable<Entry>, id?: string): Generator<Piece> {
  let part: Entry[] = []
  for (const entry of entries) {
    if (part.length === entriesInPiece) {
      yield pieceOf('revoked', { revoked: part })
      part = []
    }
    part.push(entry)
  }
  yield pieceOf('revoked', { revoked: part, ...(id !== undefined && { id }) })
}

const shown = ({ id, expiresAt }: RevocationRecord): Entry => [id, expiresAt]

function pieceOf(event: string, { id, ...data }: { id?: string; [name: string]: unknown }): Piece {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    `event: ${event}`,
    `data: ${JSON.stringify(data)}`,
  ]
  const plain = Buffer.from(`${lines.join('\n')}\n\n`)
  let packed: Uint8Array | undefined
  return {
    plain,
    packed() {
      packed ??= gzipSync(plain)
      return packed
    },
  }
}
