// Hooks of a configuration file, in the server that an operator starts.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ada, callerAt, post, refusal, signIn } from '../account.ts'
import { newFolder, startServer } from '../server-process.ts'

test('hooks in latchkey.config.js add claims and refuse sign-ins', async () => {
  const folder = newFolder()
  writeFileSync(
    join(folder, 'latchkey.config.js'),
    `export default {
      roles: { admin: ['*'] },
      hooks: {
        claims: ({ user }) => ({ tenant: 'of ' + user.username }),
        onLogin({ device }) {
          if (device === 'stolen') throw new Error('the words of the application')
        },
      },
    }`,
  )
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const server = await startServer({ folder })
  const call = callerAt(server.url)
  const { access_token } = await signIn(call)
  const claims = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString()) as unknown
  expect(claims).toMatchObject({ tenant: 'of ada' })
  const refused = await post(call, '/user/login', { ...ada, device: 'stolen' })
  expect(await refusal(refused)).toBe('500 internal_error')
  expect(server.output()).toContain('the hook onLogin failed')
  expect(await server.end()).toBe(0)
})
