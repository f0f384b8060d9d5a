// The guides are programs: the block of each page that is marked as a file is run and asked.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sign } from 'latchkey'
import { describe, expect, test } from 'vitest'
import { bearer, callerAt, refusal } from '../../test/account.ts'
import { programsOf, started, written } from './page-program.ts'
import { exampleFile } from './start-example.ts'

const secret = 'a shared secret that is longer than its hash'
const docs = exampleFile('../docs')
const pages = ['guards', 'migrate'].flatMap(room =>
  readdirSync(join(docs, room)).map(name => ({
    name: `${room}/${name}`,
    text: readFileSync(join(docs, room, name), 'utf8'),
  })),
)

const typ = (name: string) => (name === 'migrate/express-jwt.md' ? 'at+jwt' : 'JWT')
const guides = pages.flatMap(({ name, text }) => {
  const [first] = programsOf(text)
  return first === undefined ? [] : [{ name, program: first.code }]
})

describe('the guides', () => {
  test('are there for each framework and each library, and each has a program', () => {
    const expected = [
      ...['express', 'fastify', 'hono', 'koa', 'nest', 'next', 'node'].map(name => `guards/${name}.md`),
      ...['express-jwt', 'fastify-jwt', 'hono-jwt', 'jsonwebtoken', 'passport-jwt'].map(
        name => `migrate/${name}.md`,
      ),
    ]
    expect(guides.map(({ name }) => name).sort()).toEqual(expected.sort())
  })

  test.each(guides)(
    '$name: its program keeps strangers out and lets a token in',
    async ({ name, program }) => {
      const file = await written(name.replace('/', '-'), program)
      const token = sign({ sub: 'ada' }, secret, { expiresIn: '1h', typ: typ(name) })
      const writer = sign({ sub: 'ada', scope: 'notes:write' }, secret, { expiresIn: '1h', typ: typ(name) })
      let call: (method: string, token?: string) => Promise<Response>
      if (name === 'guards/next.md') {
        process.env['JWT_SECRET'] = secret
        // A route of Next: its exports are its methods.
        const route = (await import(pathToFileURL(file).href)) as Record<
          string,
          (request: Request) => Promise<Response>
        >
        call = async (method, given) =>
          route[method]?.(new Request('https://api.example/', given === undefined ? {} : bearer(given))) ??
          new Response(null, { status: 405 })
      } else {
        const at = callerAt(await started(file, { JWT_SECRET: secret, LEGACY_UNTIL: '2099-01-01' }))
        call = (method, given) => at('/notes', { method, ...(given !== undefined && bearer(given)) })
      }
      expect(await refusal(await call('GET'))).toBe('401 missing_token')
      expect(await (await call('GET', token)).json()).toEqual({ notes: [], of: 'ada' })
      if (!name.startsWith('guards/')) return
      expect(await refusal(await call('POST', token))).toBe('403 insufficient_scope')
      expect((await call('POST', writer)).status).toBe(201)
    },
  )

  test.each(pages)('$name: its links lead somewhere', ({ name, text }) => {
    for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(link)) continue
      expect(existsSync(join(docs, dirname(name), link)), link).toBe(true)
    }
  })

  test('name every option of a guard', () => {
    const source = readFileSync(exampleFile('../packages/latchkey/src/guard/options.ts'), 'utf8')
    const [, list = ''] = /guardOptionNames[^=]*= \[([\s\S]*?)\]/.exec(source) ?? []
    const names = [...list.matchAll(/'(\w+)'/g)].map(([, option = '']) => option)
    const readme = pages.find(({ name }) => name === 'guards/README.md')?.text ?? ''
    expect(names.length).toBeGreaterThan(15)
    for (const option of [...names, 'secret', 'keys', 'jwks', 'discover', 'audience', 'algorithms', 'typ'])
      expect(readme, option).toMatch(new RegExp(`\`${option}\\b`))
  })
})
