// Runs one child process on this one's terminal and passes signals on to it. Plain JavaScript that Node 18 can read.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const passedOn = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'].filter(
  name => name in constants.signals,
)

/**
 * Says how the child ended: its exit code or its signal, and the first signal that arrived here meanwhile.
 * Ctrl-C reaches the child from the terminal too, so a child takes a second signal as it took the first.
 */
export function runChild(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    let stoppedBy
    const listeners = passedOn.map(name => {
      const listener = () => {
        stoppedBy ??= name
        child.kill(name)
      }
      process.on(name, listener)
      return [name, listener]
    })
    const stopListening = () => {
      for (const [name, listener] of listeners) process.removeListener(name, listener)
    }
    child.once('error', error => {
      stopListening()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      stopListening()
      resolve({ code, signal, stoppedBy })
    })
  })
}

/** Ends this process by a signal, as if nothing had caught it. Does not return. */
export function endBy(signal) {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  return new Promise(() => setInterval(() => {}, 60_000))
}
