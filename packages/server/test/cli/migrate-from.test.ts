// `latchkey migrate-from`: every planted fault is found where it stands and nothing else is; no secret is printed; what
// is proposed works.
import { protect } from 'latchkey/express'
import { describe, expect, test } from 'vitest'
import { withEdits, writeApplication } from '../../../../test/application-files.ts'
import { findingTable } from '../../src/cli/migrate-from/finding-table.ts'
import type { Survey } from '../../src/cli/migrate-from/survey.ts'
import { migrateFrom } from '../../src/cli/migrate-from.ts'
import {
  marksIn,
  plantedApplication,
  plantedElsewhere,
  plantedPem,
  plantedSecrets,
} from './planted-application.ts'

interface Report extends Survey {
  readonly ok: boolean
}

function look(folder: string): { report: Report; isWell: boolean; printed: string } {
  const { printed, isWell } = migrateFrom(folder)
  // The shape that the command prints.
  const report = printed.json as Report
  return { report, isWell, printed: `${printed.text}\n${printed.words}\n${JSON.stringify(printed.json)}` }
}

const planted = look(writeApplication(plantedApplication))

describe('a planted application', () => {
  test('has exactly its faults found, each at its line and column', () => {
    const found = planted.report.findings.map(
      ({ file, line, column, code }) => `${file}:${line}:${column} ${code}`,
    )
    const broken = marksIn(plantedApplication).filter(mark => mark.startsWith('src/broken.js'))
    const marks = marksIn(plantedApplication).filter(mark => !broken.includes(mark))
    expect(found.filter(one => !one.startsWith('src/broken.js')).sort()).toEqual(
      [...marks, ...plantedElsewhere].sort(),
    )
    expect(found.filter(one => one.startsWith('src/broken.js'))).toEqual([
      'src/broken.js:2:7 file_unreadable',
    ])
    expect(planted.isWell).toBe(false)
  })

  test('plants every code but the one of version control', () => {
    const found = new Set(planted.report.findings.map(({ code }) => String(code)))
    expect(Object.keys(findingTable).filter(code => !found.has(code))).toEqual(['secret_file_tracked'])
  })

  test('has no secret of its own in what is printed, as text or as JSON', () => {
    for (const secret of [...Object.values(plantedSecrets), 'MIIEvQIBADANBgkq', plantedPem])
      expect(planted.printed).not.toContain(secret)
  })
})

describe('with the edits made', () => {
  const changed = withEdits(plantedApplication, planted.report.edits)
  const again = look(writeApplication(changed))

  test('what could be written out is found no more', () => {
    const written = planted.report.findings.filter(({ becomes }) => becomes.length > 0)
    const left = new Set(again.report.findings.map(({ file, line, code }) => `${file}:${line} ${code}`))
    expect(written.length).toBeGreaterThan(20)
    // A sign without an algorithm still says none: there the sentence is the answer.
    expect(written.filter(({ file, line, code }) => left.has(`${file}:${line} ${code}`))).toEqual([])
  })

  test('nothing is left to edit, and no secret is left in the sources', () => {
    expect(again.report.edits).toEqual([])
    // What is no secret of the library's stays, and so does a fallback that no expression is made of.
    const kept = ['src/beside.js', 'src/beside.ts', 'src/settings.js']
    const sources = Object.entries(changed).filter(
      ([file]) => /^src|^config.*js$/.test(file) && !kept.includes(file),
    )
    for (const secret of Object.values(plantedSecrets))
      expect(sources.filter(([, text]) => text.includes(secret)).map(([file]) => file)).toEqual([])
  })
})

describe('an application without faults', () => {
  const sound = `import { createSigner } from 'latchkey'
import jwt from 'jsonwebtoken'
const key = process.env.JWT_SECRET ?? ''
const rules = { algorithms: ['HS256'], issuer: 'https://me.example', audience: 'api' }
export const issue = (id: string) =>
  jwt.sign({ sub: id }, key, { expiresIn: '15m', issuer: rules.issuer, audience: 'api' })
export function read(header: string | undefined) {
  const token = header?.startsWith('Bearer ') ? header.slice(7) : undefined
  if (token === undefined) throw new Error('no token')
  return jwt.verify(token, key, rules)
}
export const middleware = (req, res, next) =>
  jwt.verify(req.get('authorization'), key, rules, (error, claims) => {
    if (error) return next(error)
    req.claims = claims
    return next()
  })
export const keyId = token => jwt.decode(token, { complete: true })?.header.kid
export const found = async () => (await db.query('select token from links')).rows[0].token
`

  test('has only its imports changed', () => {
    const folder = writeApplication({
      'src/tokens.ts': sound,
      '.gitignore': '.env\n',
      '.env': `JWT_SECRET=${'0123456789abcdef'.repeat(4)}\n`,
      'public/page.js': "localStorage.setItem('theme', 'dark')\n",
    })
    const { report, isWell } = look(folder)
    expect(report.findings).toEqual([])
    expect(isWell).toBe(true)
    expect(report.edits.map(({ line, text }) => [line, text])).toEqual([[2, "'latchkey/jsonwebtoken'"]])
  })
})

describe('step two of a guard', () => {
  const head = "const { expressjwt } = require('express-jwt')\n"
  const header =
    "req => { if (req.headers.authorization) return req.headers.authorization.split(' ')[1]; return null }"
  const rows: readonly (readonly [what: string, guard: string, becomes: string | undefined])[] = [
    ['as it is', "{ secret, algorithms: ['HS256'] }", "{ secret, algorithms: ['HS256'] }"],
    [
      'one that is optional',
      "{ secret, algorithms: ['HS256'], credentialsRequired: false }",
      "{ secret, algorithms: ['HS256'], optional: true }",
    ],
    [
      'one that says what is so anyway',
      "{ credentialsRequired: true, secret, algorithms: ['HS512'] }",
      "{ secret, algorithms: ['HS512'] }",
    ],
    [
      'the header',
      `{ secret, algorithms: ['HS256'], getToken: ${header} }`,
      "{ secret, algorithms: ['HS256'] }",
    ],
    [
      'a cookie',
      "{ secret, algorithms: ['HS256'], getToken: req => req.cookies.token }",
      "{ secret, algorithms: ['HS256'], from: { cookie: 'token' } }",
    ],
    ['a query', "{ secret, algorithms: ['HS256'], getToken: ({ query }) => query.t }", undefined],
    [
      'issuer and audience',
      "{ secret, algorithms: ['HS256'], issuer: 'me', audience: 'you' }",
      "{ secret, algorithms: ['HS256'], issuer: 'me', audience: 'you', typ: ['at+jwt', 'JWT'] }",
    ],
    ['an issuer alone', "{ secret, algorithms: ['HS256'], issuer: 'me' }", undefined],
    [
      'a published key set',
      "{ secret: jwksRsa.expressJwtSecret({ jwksUri: 'https://me.example/keys' }), algorithms: ['RS256'], issuer: 'me', audience: 'you' }",
      "{ jwks: 'https://me.example/keys', algorithms: ['RS256'], issuer: 'me', audience: 'you', typ: ['at+jwt', 'JWT'] }",
    ],
    ['a public key', "{ secret: pem, algorithms: ['RS256'] }", undefined],
    [
      'another scheme',
      `{ secret, algorithms: ['HS256'], getToken: ${header.replace('return null', "return 'Token'")} }`,
      undefined,
    ],
    ['another place', "{ secret, algorithms: ['HS256'], requestProperty: 'user' }", undefined],
    ['what an option has that is not known', "{ secret, algorithms: ['HS256'], isRevoked }", undefined],
  ]
  const files = Object.fromEntries(
    rows.map(([, guard], at) => [`guard-${at + 10}.js`, `${head}module.exports = expressjwt(${guard})\n`]),
  )
  const { report } = look(
    writeApplication({ ...files, 'unless.js': `${head}expressjwt({ secret }).unless({ path: ['/'] })\n` }),
  )
  const changesOf = (file: string) => report.changes.filter(one => one.file === file && one.step === 2)

  test.each(rows.map(([what, given, becomes], at) => [what, becomes, given, `guard-${at + 10}.js`] as const))(
    'writes a guard with %s: %s',
    (_what, becomes, given, file) => {
      const [imported, guard] = changesOf(file)
      const isKept = guard?.what === 'The guard stays as it is written.'
      expect(isKept).toBe(becomes === given)
      expect(guard?.becomes).toEqual(
        becomes === undefined || isKept ? [] : [`module.exports = expressjwt(${becomes})`],
      )
      const renamed = becomes === undefined ? '{ protect }' : '{ protect: expressjwt }'
      expect(imported?.becomes).toEqual([`const ${renamed} = require('latchkey/express')`])
      if (becomes === undefined) return
      // What is written out is taken by the guard itself: it throws for options that it does not know.
      const made = new Function('secret', 'protect', `return protect(${becomes})`)
      expect(made('x'.repeat(64), protect)).toBeTypeOf('function')
    },
  )

  test('leaves a chain of calls to somebody who thinks', () => {
    expect(changesOf('unless.js').map(({ becomes }) => becomes)).toEqual([
      ["const { protect } = require('latchkey/express')"],
      [],
    ])
  })
})

describe('step two of calls', () => {
  const changesOf = (text: string): string[] => {
    const { report } = look(writeApplication({ 'a.ts': text }))
    return report.changes.map(({ line, step, what, becomes }) => [line, step, what, ...becomes].join(' '))
  }
  const done = 'The import: the calls of this file stay as they are, and secrets have 32 bytes or more.'
  const waiting = 'The import, when the rest of this file is done.'

  test.each([
    ["import jwt from 'latchkey/jsonwebtoken'", "import * as jwt from 'latchkey'"],
    ['import * as jwt from "latchkey/jsonwebtoken"', 'import * as jwt from "latchkey"'],
    [
      "import { sign, verify as check } from 'latchkey/jsonwebtoken'",
      "import { sign, verify as check } from 'latchkey'",
    ],
    ["const jwt = require('latchkey/jsonwebtoken')", "const jwt = require('latchkey')"],
    ["const { sign } = require('latchkey/jsonwebtoken')", "const { sign } = require('latchkey')"],
    ["import jwt = require('latchkey/jsonwebtoken')", "import jwt = require('latchkey')"],
  ])('writes %s as %s', (before, after) => {
    expect(changesOf(`${before}\n`)).toEqual([`1 2 ${done} ${after}`])
  })

  test('names what only the old library has, and is not said before step one', () => {
    const text = (from: string): string => `import jwt, { type JwtPayload } from '${from}'
const o = { algorithms: ['HS256' as const], issuer: 'me', audience: 'me' }
export function read(t: string, key: string): JwtPayload | string | undefined {
  try {
    return jwt.verify(t, key, { ...o, ignoreNotBefore: true })
  } catch (error) {
    if (error instanceof jwt.NotBeforeError) return undefined
    if (error.name === 'TokenExpiredError') return undefined
    throw error
  }
}
export const pair = (pem: string) => jwt.sign({ id: 1 }, pem, { algorithm: 'RS256', expiresIn: '1h' })
`
    expect(changesOf(text('jsonwebtoken')).map(one => one.slice(0, 3))).toEqual(['1 1'])
    expect(changesOf(text('latchkey/jsonwebtoken'))).toEqual([
      '5 2 The option ignoreNotBefore has no counterpart: nbf is always looked at.',
      "12 2 A key that is no secret: createKey({ pem }, { alg: 'RS256' }) makes it, once.",
      '1 2 JwtPayload is the type Claims.',
      "1 2 NotBeforeError is error.code === 'token_not_active'.",
      `1 2 ${waiting} import * as jwt from 'latchkey'\nimport { type JwtPayload } from 'latchkey'`,
      "8 2 An error, by its name. if (error.code === 'token_expired') return undefined",
    ])
  })
})
