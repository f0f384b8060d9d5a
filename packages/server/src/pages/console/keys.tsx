// The pages of signing keys: all of them on one time line, and one key with what can be done about it.
import type { SigningKeyRecord } from '../../store/records.ts'
import { Empty } from './empty.tsx'
import { type ConsoleFrame, ConsolePage } from './frame.tsx'
import { type KeySpan, type KeyTimes, keySpans } from './key-spans.ts'
import { StatePill } from './pills.tsx'
import { shownDay, shownHour, When } from './when.tsx'

interface KeysFacts {
  frame: ConsoleFrame
  keys: readonly SigningKeyRecord[]
  times: KeyTimes
  alg: string
}

const stateWords = {
  next: { words: 'Published', tone: 'accent' },
  active: { words: 'Signing', tone: 'good' },
  retiring: { words: 'Retiring', tone: 'warn' },
  revoked: { words: 'Revoked', tone: 'bad' },
  gone: { words: 'Gone', tone: 'plain' },
} as const

/** Keys of long ago are history: the newest are drawn. */
const mostKeys = 20
const order = ['next', 'active', 'retiring', 'revoked', 'gone']

export function keysPage({ frame, keys, times, alg }: KeysFacts) {
  const sorted = keys
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.publishedAt - a.publishedAt)
    .slice(0, mostKeys)
  const isAsked = keys.some(key => key.state === 'active' && key.rotateAt !== undefined)
  return (
    <ConsolePage
      frame={frame}
      section="keys"
      title="Keys"
      intro="A key is published before it signs, and stays published until every token it signed is dead."
      acts={
        keys.length > 0 && (
          <form
            method="post"
            action="/admin/keys/rotate"
            data-confirm="The published key takes over as soon as others have had the time to learn it. The tokens of the old one stay good."
          >
            <button type="submit" data-busy="Rotating…">
              Rotate the keys
            </button>
          </form>
        )
      }
    >
      {isAsked && (
        <p class="notice" role="status">
          A rotation is asked for: the published key takes over once it has been published for long enough.
        </p>
      )}
      {keys.length === 0 ? (
        <Empty title="There are no key pairs">
          Tokens are signed with the shared secret of {alg}. It is changed where the server is started.
        </Empty>
      ) : (
        <TimeLine keys={sorted} times={times} />
      )}
    </ConsolePage>
  )
}

interface Axis {
  fromMs: number
  toMs: number
}

function axisOf(all: readonly (readonly KeySpan[])[], nowMs: number): Axis {
  const spans = all.flat()
  const fromMs = Math.min(nowMs, ...spans.map(span => span.fromMs))
  const toMs = Math.max(nowMs, ...spans.map(span => span.toMs))
  // A little room, so that no end stands at the very edge.
  const room = Math.max(60_000, (toMs - fromMs) * 0.02)
  return { fromMs: fromMs - room, toMs: toMs + room }
}

function TimeLine({ keys, times }: { keys: readonly SigningKeyRecord[]; times: KeyTimes }) {
  const spans = keys.map(key => keySpans(key, times))
  const axis = axisOf(spans, times.nowMs)
  return (
    <>
      <Kinds />
      <div class="table long stack">
        <table>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col" class="lane">
                <span class="unseen">Its time line</span>
                <Instants {...axis} />
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key, i) => (
              <tr>
                <th scope="row" class="lane-name">
                  <span class="title">
                    <a class="row mono" href={`/admin/keys/${key.kid}`}>
                      {key.kid.slice(0, 12)}…
                    </a>
                    <StatePill {...stateWords[key.state]} />
                  </span>
                  <span class="sub">{key.alg}</span>
                </th>
                <td>
                  <Track spans={spans[i] ?? []} axis={axis} nowMs={times.nowMs} revokedAt={key.revokedAt} />
                  <span class="sub">{sayLife(key, times)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

const kinds = [
  ['next', 'Published, not signing'],
  ['active', 'Signing'],
  ['retiring', 'Retiring: its tokens are still good'],
] as const

function Kinds() {
  return (
    <ul class="kinds">
      {kinds.map(([kind, words]) => (
        <li>
          <svg class="track" viewBox="0 0 22 10" aria-hidden="true">
            <rect class={kind} x="0" y="0" width="22" height="10" />
          </svg>
          {words}
        </li>
      ))}
      <li>
        <svg class="track" viewBox="0 0 22 10" aria-hidden="true">
          <rect class="active planned" x="0" y="0" width="22" height="10" />
        </svg>
        As planned
      </li>
      <li>
        <svg class="track" viewBox="0 0 22 10" aria-hidden="true">
          <line class="now" x1="11" x2="11" y1="-2" y2="12" />
        </svg>
        Now
      </li>
    </ul>
  )
}

const trackWidth = 1000

function Track({
  spans,
  axis,
  nowMs,
  revokedAt,
}: {
  spans: readonly KeySpan[]
  axis: Axis
  nowMs: number
  revokedAt: number | undefined
}) {
  const x = (atMs: number): number =>
    Math.round(((atMs - axis.fromMs) / (axis.toMs - axis.fromMs)) * trackWidth * 10) / 10
  return (
    <svg class="track" viewBox={`0 0 ${trackWidth} 20`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="ground" x="0" y="9" width={trackWidth} height="2" />
      {spans.map(({ kind, fromMs, toMs, isPlanned }) => (
        <rect
          class={isPlanned ? `${kind} planned` : kind}
          x={x(fromMs)}
          y={kind === 'active' ? 2 : 5}
          width={Math.max(3, x(toMs) - x(fromMs))}
          height={kind === 'active' ? 16 : 10}
        />
      ))}
      {revokedAt !== undefined && (
        <line class="cut" x1={x(revokedAt * 1000)} x2={x(revokedAt * 1000)} y1="-2" y2="22" />
      )}
      <line class="now" x1={x(nowMs)} x2={x(nowMs)} y1="-6" y2="26" />
    </svg>
  )
}

function Instants({ fromMs, toMs }: Axis) {
  const isShort = toMs - fromMs < 2 * 86_400_000
  const instants = [0, 0.5, 1].map(share => fromMs + (toMs - fromMs) * share)
  return (
    <span class="axis" aria-hidden="true">
      {instants.map(at => (
        <span>{isShort ? `${shownHour(at)} UTC` : shownDay(at)}</span>
      ))}
    </span>
  )
}

/** A key's life in words, for those who do not see it drawn. */
function sayLife(key: SigningKeyRecord, { handOverMs }: KeyTimes): string {
  const day = (at: number | undefined): string => (at === undefined ? '–' : shownDay(at * 1000))
  const handOver = handOverMs === undefined ? '' : shownDay(handOverMs)
  switch (key.state) {
    case 'next':
      return `Published since ${day(key.publishedAt)}, signs from ${handOver} as planned`
    case 'active':
      return `Signs since ${day(key.activeAt)}, until ${handOver} as planned`
    case 'retiring':
      return `Signed from ${day(key.activeAt)}, published until ${day(key.retiredUntil)}`
    case 'revoked':
      return `Revoked on ${day(key.revokedAt)}`
    case 'gone':
      return `Signed from ${day(key.activeAt)}, gone since ${day(key.retiredUntil)}`
  }
}

interface KeyFacts {
  frame: ConsoleFrame
  key: SigningKeyRecord
  times: KeyTimes
}

export function keyPage({ frame, key, times }: KeyFacts) {
  const { nowMs } = frame
  const spans = keySpans(key, times)
  const when = (at: number) => <When atMs={at * 1000} nowMs={nowMs} />
  const isAlive = key.state === 'next' || key.state === 'active' || key.state === 'retiring'
  return (
    <ConsolePage
      frame={frame}
      section="keys"
      isDetail
      title={`Key ${key.kid.slice(0, 12)}…`}
      badge={<StatePill {...stateWords[key.state]} />}
      intro={<code>{key.kid}</code>}
    >
      <div class="split">
        <section class="card">
          <h2 class="unseen">Its life</h2>
          <Track spans={spans} axis={axisOf([spans], nowMs)} nowMs={nowMs} revokedAt={key.revokedAt} />
          <p class="muted">{sayLife(key, times)}</p>
          <dl class="facts">
            <dt>Algorithm</dt>
            <dd>{key.alg}</dd>
            <dt>Published</dt>
            <dd>{when(key.publishedAt)}</dd>
            {key.activeAt !== undefined && (
              <>
                <dt>Signs since</dt>
                <dd>{when(key.activeAt)}</dd>
              </>
            )}
            {key.retiredUntil !== undefined && (
              <>
                <dt>Published until</dt>
                <dd>{when(key.retiredUntil)}</dd>
              </>
            )}
            {key.revokedAt !== undefined && (
              <>
                <dt>Revoked</dt>
                <dd>{when(key.revokedAt)}</dd>
              </>
            )}
          </dl>
        </section>
        <div>
          {key.state === 'retiring' && (
            <section class="card">
              <h2>Retire it now</h2>
              <p class="muted">
                It leaves the published keys before its time. Its last tokens are refused from then on; who
                holds one renews it.
              </p>
              <form
                method="post"
                action={`/admin/keys/${key.kid}/retire`}
                data-confirm="The last tokens that this key signed are refused from now on."
              >
                <button class="quiet" type="submit" data-busy="Retiring…">
                  Retire this key
                </button>
              </form>
            </section>
          )}
          {isAlive && (
            <section class="card danger">
              <h2>Revoke it</h2>
              <p class="muted">
                For a key that leaked. The next page says what happens before anything does.
              </p>
              <a class="button danger" href={`/admin/keys/${key.kid}/revoke`}>
                Revoke this key…
              </a>
            </section>
          )}
        </div>
      </div>
    </ConsolePage>
  )
}

export function revokeKeyPage({
  frame,
  key,
  maxAgeSeconds,
}: Pick<KeyFacts, 'frame' | 'key'> & { maxAgeSeconds: number }) {
  const minutes = Math.ceil(maxAgeSeconds / 60)
  return (
    <ConsolePage
      frame={frame}
      section="keys"
      isDetail
      title={`Revoke ${key.kid.slice(0, 12)}…`}
      badge={<StatePill {...stateWords[key.state]} />}
    >
      <section class="card danger narrow">
        <h2>This cannot be undone</h2>
        <ul>
          {key.state !== 'next' && <DeadTokens minutes={minutes} />}
          {key.state === 'active' && (
            <li>
              The published key signs from now on. A service that has not learned it yet refuses its tokens
              for a moment.
            </li>
          )}
          {key.state === 'next' && <li>It has signed nothing. Another key is published in its place.</li>}
        </ul>
        <p>Revoke a key that leaked. For anything else, rotate.</p>
        <div class="acts">
          <form method="post" action={`/admin/keys/${key.kid}/revoke`}>
            <button class="danger" type="submit" data-busy="Revoking…">
              Revoke this key
            </button>
          </form>
          <a class="button quiet" href={`/admin/keys/${key.kid}`}>
            Keep it
          </a>
        </div>
      </section>
    </ConsolePage>
  )
}

function DeadTokens({ minutes }: { minutes: number }) {
  return (
    <>
      <li>Every access token that this key signed is refused at once, here and at every connected guard.</li>
      <li>
        Services that only read the published keys refuse them within {minutes}{' '}
        {minutes === 1 ? 'minute' : 'minutes'}.
      </li>
      <li>Nobody is signed out: who holds a refresh token gets a new access token with the next refresh.</li>
    </>
  )
}
