// Loaded by `node --import` into an unchanged server: puts another hasher in the place of its own, one without a
// queue's end, on the threads that everything else uses. The control that the storm has to bring down.
import { registerHooks } from 'node:module'

const instead = new URL('bare-pool-hasher.ts', import.meta.url).href

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    return found.url.endsWith('/hash/hasher.js')
      ? { ...found, url: instead, format: 'module-typescript' }
      : found
  },
})
