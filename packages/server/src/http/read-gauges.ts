// What /metrics reads when it is asked: the rows of readMetrics, each from whoever knows. Nothing here waits for anything:
// an answer is wanted most when the database does not give one.
import type { AuthContext } from '../auth/context.ts'
import type { readMetrics } from '../figures/metric-table.ts'
import type { Sample } from '../figures/metrics.ts'
import { one, processGauges } from '../figures/process-gauges.ts'
import { rotationDue } from '../store/key-plan.ts'
import type { SigningKeyRecord } from '../store/records.ts'
import { version } from '../version.ts'
import type { RevocationStream } from './revocation-stream.ts'

export interface GaugeSources {
  auth: AuthContext
  revocationStream: RevocationStream
  /** As it was last measured; undefined before. */
  storeBytes(): number | undefined
  /** When the certificate expires, in seconds since 1970; undefined without one. */
  certificateEnd: number | undefined
}

export function readGauges({
  auth,
  revocationStream,
  storeBytes,
  certificateEnd,
}: GaugeSources): Record<keyof typeof readMetrics, readonly Sample[]> {
  const { hasher, revocations, keyRing, store } = auth
  const queue = hasher.queue()
  const { waiting, connections } = store.status()
  return {
    build: [
      {
        labels: [
          ['version', version],
          ['node', process.versions.node],
        ],
        value: 1,
      },
    ],
    hashQueue: one(queue.length),
    hashCapacity: one(queue.capacity),
    revocationLag: one(revocations.ageMs() / 1000),
    revokedIds: one(revocations.size),
    subscribers: one(revocationStream.listeners),
    ...keyGauges(keyRing.published(), auth.rules.keyRotation),
    storeBytes: maybe(storeBytes()),
    storeWaiting: one(waiting),
    storeConnections:
      connections === undefined
        ? []
        : [
            { labels: [['state', 'idle']], value: connections.idle },
            { labels: [['state', 'busy']], value: connections.open - connections.idle },
          ],
    storeConnectionsMax: maybe(connections?.most),
    certificateEnd: maybe(certificateEnd),
    ...processGauges(),
  }
}

function maybe(value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : one(value)
}

const states = ['next', 'active', 'retiring'] as const

function keyGauges(
  keys: readonly SigningKeyRecord[],
  rotationSeconds: number,
): Record<'signingKeys' | 'keyPublished' | 'keyRotation', readonly Sample[]> {
  return {
    signingKeys: states.map(state => ({
      labels: [['state', state]],
      value: keys.filter(key => key.state === state).length,
    })),
    keyPublished: keys.map(({ kid, alg, state, publishedAt }) => ({
      labels: [
        ['kid', kid],
        ['alg', alg],
        ['state', state],
      ],
      value: publishedAt,
    })),
    keyRotation: keys
      .filter(key => key.state === 'active')
      .map(key => ({ labels: [['kid', key.kid]], value: rotationDue(key, rotationSeconds) })),
  }
}
