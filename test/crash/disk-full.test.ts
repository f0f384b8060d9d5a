// A disk that fills up: writes are refused with 503, verifying goes on, and all is well again once there is room.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bearer, callerAt, refresh, signIn, tokens } from '../account.ts'
import { newFolder, startServer } from '../server-process.ts'

/** A small file system of its own, which ends with the process: Linux gives it to unprivileged users too. */
const onSmallDisk = (folder: string, command: string): string[] => [
  'unshare',
  '--user',
  '--map-root-user',
  '--mount',
  'sh',
  '-c',
  `mount -t tmpfs -o size=3m,mode=700 tmpfs "$1" && shift && exec ${command}`,
  'sh',
  folder,
]

function whyNoSmallDisk(): string | undefined {
  const folder = newFolder()
  const [program = '', ...args] = onSmallDisk(folder, 'true')
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (error !== undefined) return `no unshare on this machine: ${error.message}`
  return status === 0 ? undefined : `no file system of one's own on this machine: ${stderr.trim()}`
}

const obstacle = whyNoSmallDisk()

/** Takes all the room there is, to the last byte. */
function fill(file: string): void {
  for (const pieceBytes of [65_536, 4_096, 1]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(pieceBytes), { flag: 'a' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
}

test('a full disk answers writes with 503, goes on verifying, and recovers without a restart', async ({
  skip,
}) => {
  if (obstacle !== undefined) skip(obstacle)
  const folder = newFolder()
  const data = join(folder, 'data')
  mkdirSync(data)
  const server = await startServer({ folder, launcher: onSmallDisk(data, '"$@"') })
  const call = callerAt(server.url)
  const held = await signIn(call)
  const rename = (name: string): Promise<Response> =>
    call('/user', {
      method: 'PATCH',
      body: JSON.stringify({ name }),
      headers: { authorization: `Bearer ${held.access_token}`, 'content-type': 'application/json' },
    })
  expect((await rename('Ada')).status).toBe(200)

  const filler = join('/proc', String(server.pid), 'root', data, 'filler')
  fill(filler)
  // The log may have room left inside; it ends after so many writes.
  const statuses: number[] = []
  for (let i = 0; i < 2_000 && statuses.at(-1) !== 503; i++) statuses.push((await rename(`Ada ${i}`)).status)
  expect(new Set(statuses)).toEqual(statuses.length === 1 ? new Set([503]) : new Set([200, 503]))

  const refused = await refresh(call, held.refresh_token)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await refused.json()).toMatchObject({ code: 'store_unavailable' })
  expect((await call('/user/data', bearer(held.access_token))).status).toBe(200)
  expect((await call('/health/live')).status).toBe(200)
  expect((await call('/health/ready')).status).toBe(503)

  rmSync(filler)
  await tokens(await refresh(call, held.refresh_token))
  expect((await rename('Ada again')).status).toBe(200)
  expect((await call('/health/ready')).status).toBe(200)
  expect(await server.end()).toBe(0)
}, 120_000)
