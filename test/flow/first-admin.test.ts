// From an empty folder to an administrator, as an operator does it.
import { expect, test } from 'vitest'
import { ada, bearer, callerAt, post, signIn } from '../account.ts'
import { cleanEnvironment, run, serverProgram, startServer } from '../server-process.ts'

test('the server says how, the command prints a link, the link makes an administrator, once', async () => {
  const server = await startServer()
  const call = callerAt(server.url)
  await expect.poll(() => server.output()).toContain('npx latchkey invite --admin')
  expect(server.output(), 'no terminal, no link').not.toContain('lko_')

  const env = cleanEnvironment({ LATCHKEY_ISSUER: server.url })
  const invite = (...args: string[]) =>
    run(process.execPath, [serverProgram, 'invite', ...args], { cwd: server.folder, env })
  const printed = await invite('--admin')
  expect(printed.code).toBe(0)
  expect(printed.stderr).toMatch(/^It works once, until 20\S+Z\.$/m)
  const link = printed.stdout.trim()
  expect(link.startsWith(`${server.url}/register?invitation=lko_`)).toBe(true)

  const form = await call(link.slice(server.url.length))
  expect(form.status).toBe(200)
  const invitation = new URL(link).searchParams.get('invitation')
  expect((await post(call, '/user/register', { ...ada, invitation })).status).toBe(201)
  const { access_token } = await signIn(call)
  expect((await call('/admin/api/users', bearer(access_token))).status).toBe(200)

  const again = await invite('--admin')
  expect([again.code, again.stdout]).toEqual([1, ''])
  const unknownRole = await invite('--role', 'keeper')
  expect(unknownRole.code).toBe(1)
  expect(unknownRole.stderr).toContain('There is no role "keeper"')
  const other = await invite('--role', 'admin', '--json')
  expect(JSON.parse(other.stdout)).toMatchObject({
    link: expect.stringContaining('lko_'),
    expires_at: expect.any(Number),
  })
  expect(await server.end()).toBe(0)
}, 60_000)
