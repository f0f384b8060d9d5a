// Starts one server process as somebody would, in a folder that holds nothing yet, and waits until it is ready.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** This process's environment without settings, and without what npm says to its children. */
function cleanEnvironment(more) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(LATCHKEY_|NODE_ENV|NODE_OPTIONS|npm_)/.test(name),
  )
  return { ...Object.fromEntries(kept), LATCHKEY_PORT: '0', ...more }
}

/** The address, from the moment that the server tells it. */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    let output = ''
    const read = chunk => {
      output += chunk
      const [, url] = /running on (\S+)/.exec(output) ?? []
      if (url !== undefined) resolve(url)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('close', code => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
}

function statusOf(url) {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, response => {
      response.resume()
      resolve(response.statusCode)
    }).once('error', reject)
  })
}

/**
 * Runs `command` and waits for the first 200 of /health/ready, which it asks for without a pause.
 * @param {{ node: string, args: string[], compileCache: string }} command
 */
export async function startServer({ node, args, compileCache }) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'))
  const env = cleanEnvironment({ NODE_COMPILE_CACHE: compileCache })
  const startedMs = performance.now()
  const child = spawn(node, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const url = await addressOf(child)
  while ((await statusOf(`${url}/health/ready`)) !== 200);
  const seconds = (performance.now() - startedMs) / 1000
  return {
    seconds,
    cpuSeconds: cpuSeconds(child.pid),
    /** Memory that the system counts for the process now, in MB; undefined where it does not say. */
    residentMegabytes: () => residentMegabytes(child.pid),
    async stop() {
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      await closed
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function residentMegabytes(pid) {
  if (process.platform !== 'linux') return undefined
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kilobytes) * 1024) / 1e6
}

/** CPU time of all its threads so far, to a hundredth of a second; undefined where the system does not say. */
function cpuSeconds(pid) {
  if (process.platform !== 'linux') return undefined
  // Behind the name in parentheses, which may hold anything: fields 14 and 15 in ticks of 10 ms.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
