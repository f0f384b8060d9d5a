// Hashing as it is done where nobody thought of a storm: every request at once onto the thread pool.
import { hash, verify } from '@node-rs/argon2'

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export function createHasher() {
  return {
    requireRoom() {},
    hash: (password: string) => hash(password, parameters),
    check: async (kept: string, password: string) => ({
      matches: await verify(kept, password),
      replacement: undefined,
    }),
    async close() {},
  }
}
