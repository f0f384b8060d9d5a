// How late the event loop is: a timer that asks to be called ten times a second, and how much later it was.
import type { Histogram } from './metrics.ts'

const eachMs = 100

/** Measures until it is stopped, without keeping the process alive. Gives the way to stop it. */
export function watchEventLoop(delay: Histogram): () => void {
  let dueMs = performance.now() + eachMs
  const timer = setInterval(() => {
    const nowMs = performance.now()
    delay.observe(Math.max(0, nowMs - dueMs) / 1000)
    dueMs = nowMs + eachMs
  }, eachMs)
  timer.unref()
  return () => clearInterval(timer)
}
