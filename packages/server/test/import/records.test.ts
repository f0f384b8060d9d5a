// Files as records: whatever a file holds, and wherever its pieces end, each record is read once and a bad one costs
// only itself.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvRecords } from '../../src/import/csv-records.ts'
import { cutList, jsonElements } from '../../src/import/json-elements.ts'
import { jsonLines } from '../../src/import/json-lines.ts'
import { maxRecordLength, type SourceRecord, type TellProgress } from '../../src/import/source-user.ts'
import { temporaryFolder } from '../open-test-server.ts'

type Read = (file: string, tell: TellProgress) => AsyncIterable<SourceRecord>

async function recordsOf(read: Read, content: string | Uint8Array, tell: TellProgress = () => undefined) {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, content)
  const records: SourceRecord[] = []
  for await (const record of read(file, tell)) records.push(record)
  return records
}

/** Records as their values, problems as their line and reason. */
async function shownOf(read: Read, content: string | Uint8Array): Promise<unknown[]> {
  const records = await recordsOf(read, content)
  return records.map(one =>
    one.kind === 'record' ? { line: one.line, ...one.value } : `${one.line}: ${one.why}`,
  )
}

describe('CSV', () => {
  test('has its quotes, its line breaks and its byte order mark undone', async () => {
    const text = '\ufeffid; name \r\n1;"Ada ""Countess"""\r\n\r\n2;"two\r\nlines"\r\n3;\r\n"4";;'
    expect(await shownOf(csvRecords, text)).toEqual([
      { line: 2, id: '1', name: 'Ada "Countess"' },
      { line: 4, id: '2', name: 'two\nlines' },
      { line: 6, id: '3', name: '' },
      '7: it has 3 fields, the first line 2',
    ])
  })

  test('reads what any careful program writes', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '𝄞') })
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field), { maxLength: 8 }), async rows => {
        const text = ['a,b', ...rows.map(row => row.map(quoted).join(','))].join('\n')
        const records = await recordsOf(csvRecords, text)
        expect(records.map(one => one.kind === 'record' && Object.values(one.value))).toEqual(rows)
      }),
      { numRuns: 60 },
    )
  })

  test('loses one line by a stray quote, not those behind it', async () => {
    const good = Array.from({ length: 50 }, (_, i) => `${i},ok`)
    const stray = ['x,"open', ...good.slice(0, 20), 'y"z,1', ...good.slice(20), '"never closed,2']
    const shown = await shownOf(csvRecords, ['id,name', ...stray].join('\n'))
    expect(shown.filter(one => typeof one === 'string')).toEqual([
      '2: its quotes are not as CSV has them',
      '23: its quotes are not as CSV has them',
      '54: its quotes are not as CSV has them',
    ])
    expect(shown).toHaveLength(53)
  })

  test('never reads a line inside somebody’s field as a user, however long the field is', async () => {
    const inner = '\nmallory,admin'.repeat(maxRecordLength / 10)
    const shown = await shownOf(csvRecords, `id,role\n1,"${inner}"\n2,writer`)
    expect(shown).toEqual([
      expect.stringMatching(/^2: it is longer than a mebibyte: it goes on to line \d+$/),
      expect.objectContaining({ id: '2', role: 'writer' }),
    ])
  })

  test.each([['id,id\n1,2'], ['id,,name\n1,2,3'], ['"id\n1']])('needs names, each once: %j', async text => {
    await expect(recordsOf(csvRecords, text)).rejects.toThrow('should name its fields, each once')
  })

  test('of nothing has no records', async () => {
    expect(await recordsOf(csvRecords, 'id\n')).toEqual([])
  })
})

describe('JSON lines', () => {
  test('are read one by one, and a bad one is told without repeating it', async () => {
    const text = '{"id":1}\r\n\nsecret\n[1]\n{"id":"é"}'
    expect(await shownOf(jsonLines, text)).toEqual([
      { line: 1, id: 1 },
      '3: it is no JSON object',
      '4: it is no JSON object',
      { line: 5, id: 'é' },
    ])
  })

  test('of more than a mebibyte are refused', async () => {
    const text = `{"id":"${'x'.repeat(maxRecordLength)}"}\n{"id":2}`
    expect(await shownOf(jsonLines, text)).toEqual(['1: it is longer than a mebibyte', { line: 2, id: 2 }])
  })
})

describe('a list in JSON', () => {
  const users: Read = (file, tell) => jsonElements(file, 'users', tell)

  test('is found as a member of the outermost object alone', async () => {
    const text =
      '{"a":{"users":[{"id":0}]},"b":"users","c":[1],\n"users":[\n{"id":1},\n{"id":2}],"users":[{"id":3}]}'
    expect(await shownOf(users, text)).toEqual([
      { line: 3, id: 1 },
      { line: 4, id: 2 },
    ])
  })

  test('may be the whole file', async () => {
    expect(await shownOf(users, ' [ {"id":1} ,\n {"id":2} ] ')).toEqual([
      { line: 1, id: 1 },
      { line: 2, id: 2 },
    ])
    expect(await recordsOf(users, '[]')).toEqual([])
  })

  test.each([
    ['{"people":[]}', '1: there is no list "users" in the file'],
    ['', '1: there is no list "users" in the file'],
    ['{"users":[\n{"id":1', '2: the file ends inside its list'],
    ['{"users":[\n7]}', '2: it is no JSON object'],
    [`{"users":["${'x'.repeat(maxRecordLength)}"]}`, '1: it is longer than a mebibyte'],
  ])('is missed or broken in %.40s', async (text, problem) => {
    expect(await shownOf(users, text)).toEqual([problem])
  })

  test('gives the same elements wherever its pieces end', () => {
    const letter = fc.string({ unit: fc.constantFrom('"', '\\', '{', ']', ',', 'é', '\n', 'a') })
    const element = fc.record({ id: fc.nat(), name: letter, more: fc.array(fc.record({ a: letter })) })
    fc.assert(
      fc.property(fc.array(element), fc.array(fc.nat({ max: 40 })), letter, (list, sizes, before) => {
        const cutter = cutList('users')
        const found: SourceRecord[] = []
        let rest = JSON.stringify({ before, users: list, after: [before] }, undefined, sizes.length % 3)
        for (const size of sizes) {
          found.push(...cutter.take(rest.slice(0, size)))
          rest = rest.slice(size)
        }
        found.push(...cutter.take(rest), ...cutter.end())
        expect(found.map(one => one.kind === 'record' && one.value)).toEqual(list)
      }),
    )
  })
})

test('how far a file has been read grows to one', async () => {
  const told: number[] = []
  await recordsOf(jsonLines, '{"id":1}\n'.repeat(30_000), fraction => told.push(fraction))
  expect(told.length).toBeGreaterThan(2)
  expect(told).toEqual(told.toSorted((a, b) => a - b))
  expect(told.at(-1)).toBe(1)
})
