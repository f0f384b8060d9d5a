// `latchkey migrate-from`: every planted fault is found where it stands and nothing else is; no secret is printed; what
// is proposed works.
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
    const sources = Object.entries(changed).filter(
      ([file]) => /^src|^config.*js$/.test(file) && file !== 'src/beside.js',
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
