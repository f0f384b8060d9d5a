// What the commands open that do to accounts what the server's rules do: the same rules, without a server around them.
import { noAddressLimits } from '../auth/address-limiter.ts'
import type { AuthContext } from '../auth/context.ts'
import { openRevocations } from '../auth/revocations.ts'
import { type Config, issuerOf } from '../config.ts'
import { createMetrics } from '../figures/metrics.ts'
import { createRecorder } from '../figures/recorder.ts'
import { createHasher } from '../hash/hasher.ts'
import { withKeys } from './open-database.ts'

/** The actor of everything that is done here, as the audit log names it. */
export const commandLine = { actor: 'command line', address: undefined }

/** Opens the rules on a database that is there. Throws ConfigError, LatchkeyError `store_unavailable`. */
export function withAuth<T>(config: Config, work: (auth: AuthContext) => Promise<T>): Promise<T> {
  return withKeys(config, async ({ store, master, ring }) => {
    const hasher = createHasher()
    const issuer = issuerOf(config)
    const audience = config.audience ?? [issuer]
    try {
      return await work({
        store,
        master,
        hasher,
        // Nobody calls from elsewhere.
        addressLimiter: noAddressLimits,
        keyRing: ring,
        revocations: await openRevocations(store, Date.now),
        figures: createRecorder(Date.now),
        metrics: createMetrics(),
        clock: Date.now,
        issuer,
        audience: audience.length === 1 && audience[0] !== undefined ? audience[0] : audience,
        roles: config.roles,
        // Who sits at the machine makes accounts whoever else may.
        rules: { ...config, registration: 'open' },
        hooks: config.hooks,
        note: line => process.stderr.write(`${line}\n`),
      })
    } finally {
      await hasher.close()
    }
  })
}
