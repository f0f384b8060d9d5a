// Loaded by `node --import` into a server that is measured: tells how late its event loop runs, when it is asked.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  // The histogram counts from one sample to the next: what a sample takes by itself is no delay.
  const resolution = 1
  const delays = monitorEventLoopDelay({ resolution })
  process.on('message', message => {
    if (message !== 'reset' && message !== 'read') return
    // It wakes the loop each millisecond, which costs: it runs only where delays are asked for.
    if (message === 'reset') {
      delays.enable()
      delays.reset()
    }
    const p99Ms = Math.max(0, delays.percentile(99) / 1e6 - resolution)
    process.send?.({ p99Ms })
  })
  process.channel?.unref()
}
