// PostgreSQL against the contract of every store: a real one, from the binaries that npm brings.
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { type PostgresCluster, startPostgres } from '../../../../test/nodes/postgres-cluster.ts'
import { openPostgres } from '../../src/store/postgres/engine.ts'
import { describeStore } from './contract.ts'

let cluster: PostgresCluster
let url: string
/** Empties every table that holds what a test wrote: many times faster than a new database. */
let empty: string
beforeAll(async () => {
  cluster = await startPostgres()
  url = await cluster.createDatabase()
  await (await openPostgres({ url })).close()
  const tables = await cluster.run(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('latchkey_schema', 'pulse')",
    url,
  )
  empty = `TRUNCATE ${tables.map(row => row['tablename']).join(', ')} RESTART IDENTITY`
})
afterAll(() => cluster.stop())

describeStore(
  'PostgreSQL',
  async () => {
    await cluster.run(empty, url)
    const another = async () => {
      const store = await openPostgres({ url, clock: 'given' })
      onTestFinished(() => store.close())
      return store
    }
    return { store: await another(), another }
  },
  'by its own tools',
)
