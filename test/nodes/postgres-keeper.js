// Ends a PostgreSQL when the process that started it is gone, however it went: a killed test leaves nothing running.
// Told over IPC which process it is and which folder is its.
import { rmSync } from 'node:fs'

let pid
let folder
process.on('message', told => {
  pid = told.pid
  folder = told.folder
})
// A signal that is meant for the whole group of the tests: the channel says when they are really gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)
process.once('disconnect', () => {
  if (pid === undefined) return remove()
  try {
    process.kill(pid, 'SIGCONT')
    process.kill(pid, 'SIGQUIT')
  } catch {
    // It has ended by itself.
  }
  const removing = setInterval(() => {
    try {
      process.kill(pid, 0)
    } catch {
      clearInterval(removing)
      remove()
    }
  }, 50)
})

function remove() {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
}
