// PostgreSQL against the contract of every store: a real one, from the binaries that npm brings.
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { type PostgresCluster, startPostgres } from '../../../../test/nodes/postgres-cluster.ts'
import { openPostgres } from '../../src/store/postgres/engine.ts'
import { describeStore } from './contract.ts'

let cluster: PostgresCluster
beforeAll(async () => {
  cluster = await startPostgres()
})
afterAll(() => cluster.stop())

describeStore(
  'PostgreSQL',
  async () => {
    const url = await cluster.createDatabase()
    const another = async () => {
      const store = await openPostgres({ url, clock: 'given' })
      onTestFinished(() => store.close())
      return store
    }
    return { store: await another(), another }
  },
  'by its own tools',
)
