// Takes the counting out of a server that is loaded after this: requests, calls of the store, the event loop's timer.
import { registerHooks } from 'node:module'

const silent = {
  '/http/request-count.js':
    'const none = () => undefined; export const requestCount = () => none; export const strayCount = () => () => none',
  '/store/measured-store.js': 'export const measuredStore = store => store',
  '/figures/event-loop.js': 'export const watchEventLoop = () => () => undefined',
}

registerHooks({
  load(url, context, next) {
    const source = Object.entries(silent).find(([end]) => url.endsWith(`/dist${end}`))?.[1]
    return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true }
  },
})
