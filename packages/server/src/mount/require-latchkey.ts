// A mount that is given something else would be found out by the first request only.
import type { Latchkey } from '../server.ts'

/** Throws a TypeError for anything that `createLatchkey` has not given: a promise of it, or a request. */
export function requireLatchkey(auth: unknown): asserts auth is Latchkey {
  const isOne =
    typeof auth === 'object' && auth !== null && 'handler' in auth && typeof auth.handler === 'function'
  if (!isOne) throw new TypeError('mount takes what createLatchkey gives: mount(await createLatchkey(…))')
}
