// Makes the reference pages of docs/ from the code's own tables, each inside its page between two marks, the Postman
// collection from the API's description, and llms.txt from the pages.
// Usage: npm run docs [-- part of a name …], or with --check: writes nothing and ends with 1 when one is not in step.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureBuilt } from './build.js'
import { apiPage } from './docs/api-page.js'
import { declarations } from './docs/declarations.js'
import { libraryPage } from './docs/library-page.js'
import { llmsPage } from './docs/llms-page.js'
import { table } from './docs/markdown.js'
import { postmanCollection } from './postman-collection.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const load = path => import(pathToFileURL(join(root, 'packages', path)).href)
/** The pages, and what each is made of. */
const pages = {
  'docs/reference/settings.md': async () => {
    const { settings } = await load('server/dist/config.js')
    const rows = Object.entries(settings).map(([name, one]) => [
      `\`${one.env}\``,
      `\`${name}\``,
      one.defaultShown ?? (one.default === undefined ? 'none' : `\`${one.default}\``),
      one.accepts,
      one.notYet ? `${one.meaning} Accepted, without effect yet.` : one.meaning,
    ])
    return table(['variable', 'in latchkey.config.ts', 'default', 'accepts', 'meaning'], rows)
  },
  'docs/reference/errors.md': async () => {
    const { errorTable } = await load('latchkey/dist/base/errors.js')
    const all = Object.entries(errorTable)
    const isProblem = ([code, { problem }]) => code === problem
    const problems = all.filter(isProblem).map(([code, one]) => [`\`${code}\``, one.status, one.title])
    const engine = all
      .filter(one => !isProblem(one))
      .map(([code, one]) => [`\`${code}\``, one.title, `\`${one.problem}\``])
    return [
      '## Codes of answers',
      table(['code', 'status', 'what it says'], problems),
      '## Codes of the engine',
      'A `LatchkeyError` thrown by `sign`, `verify`, `createKey` and their kin may say more than an answer should. Outside, each becomes the code in the last column.',
      table(['code', 'what it says', 'outside'], engine),
    ].join('\n\n')
  },
  'docs/reference/metrics.md': async () => {
    const { countedMetrics, readMetrics } = await load('server/dist/figures/metric-table.js')
    const shown = rows =>
      table(
        ['metric', 'type', 'labels', 'what it is'],
        Object.values(rows).map(({ name, type, labels = [], values = [], bounds = [], help }) => [
          `\`${name}\``,
          type,
          labels.map(label => `\`${label}\``).join(', '),
          [
            help,
            ...(values.length > 0 ? [`From the start: ${values.map(one => `\`${one}\``).join(', ')}.`] : []),
            ...(bounds.length > 0 ? [`Buckets up to ${bounds.join(', ')}.`] : []),
          ].join(' '),
        ]),
      )
    return [
      '## Counted since the start',
      shown(countedMetrics),
      '## Read when asked',
      shown(readMetrics),
    ].join('\n\n')
  },
  'docs/migrate/jsonwebtoken.md': async () => {
    const { findingTable } = await load('server/dist/cli/migrate-from/finding-table.js')
    const { mapping } = await load('server/dist/cli/migrate-from/mapping.js')
    const rows = Object.entries(findingTable).map(([code, one]) => [
      `\`${code}\``,
      one.level,
      ...[one.what, one.why, one.fix],
    ])
    return [
      table(['code', 'level', 'what', 'why', 'what to do'], rows),
      '## How each call is written',
      table(
        ['jsonwebtoken, express-jwt', 'Latchkey'],
        mapping.map(([before, after]) => [/^a [A-Zm]/.test(before) ? before : `\`${before}\``, after]),
      ),
    ].join('\n\n')
  },
  'docs/api.md': async () => {
    const { ladder } = await load('server/dist/words/ladder.js')
    return table(
      ['step', 'what it asks'],
      Object.entries(ladder).map(([step, { asks }]) => [step, asks]),
    )
  },
  'docs/reference/cli.md': async () => {
    const { createProgram } = await load('server/dist/cli/program.js')
    return helpOf(createProgram(), ['latchkey']).join('\n\n')
  },
  'docs/reference/api.md': async () => {
    const { operationsOf } = await load('server/dist/api/openapi.js')
    const { accessWords } = await load('server/dist/api/access-words.js')
    const { fieldsInWords } = await load('server/dist/api/schema-words.js')
    return apiPage(await describedApi('https://login.example.com'), {
      operationsOf,
      accessWords,
      fieldsInWords,
    })
  },
  'docs/reference/library.md': () => libraryPage(declarations(['packages/latchkey', 'packages/server'])),
}

/** What is made as a whole. The last quotes the pages. */
const files = {
  'docs/latchkey.postman_collection.json': async () =>
    `${JSON.stringify(postmanCollection(await describedApi('http://localhost:4000')), undefined, 2)}\n`,
  'docs/llms.txt': llmsPage,
}

/** What a server with this issuer, otherwise set to nothing, answers at /openapi.json. */
async function describedApi(issuer) {
  const { describeApi } = await load('server/dist/http/describe-api.js')
  const { sessionCookie } = await load('server/dist/http/cookies.js')
  const { version } = await load('server/dist/version.js')
  const document = await describeApi({
    issuer,
    version,
    denyStatus: 403,
    cookieNames: sessionCookie(issuer).names,
  })
  return JSON.parse(JSON.stringify(document))
}

/** The help of a command and of those below it, as a terminal of 100 columns shows it. */
function helpOf(command, path) {
  let text = ''
  command
    .configureHelp({ helpWidth: 100 })
    .configureOutput({
      writeOut: more => {
        text += more
      },
      getOutHasColors: () => false,
    })
    .outputHelp()
  const title = `${'#'.repeat(path.length + 1)} ${path.join(' ')}`
  const below = command.commands.flatMap(one => helpOf(one, [...path, one.name()]))
  return [`${title}\n\n\`\`\`text\n${text.trim()}\n\`\`\``, ...below]
}

const begin = '<!-- made by npm run docs: begin -->'
const end = '<!-- made by npm run docs: end -->'

function within(page, made) {
  const [before, rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`a page has no place for what is made: ${begin} … ${end}`)
  return `${before}${begin}\n\n${made}\n\n${end}${after}`
}

if (!ensureBuilt()) process.exit(1)
const isCheck = process.argv.includes('--check')
const wanted = process.argv.slice(2).filter(word => !word.startsWith('--'))
const isWanted = ([path]) => wanted.length === 0 || wanted.some(part => path.includes(part))

for (const [path, make] of Object.entries(pages).filter(isWanted))
  keepInStep(path, within(textOf(path), await make()))
for (const [path, make] of Object.entries(files).filter(isWanted)) keepInStep(path, await make())

function textOf(path) {
  const file = join(root, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function keepInStep(path, made) {
  if (textOf(path) === made) return
  if (isCheck) {
    console.error(`${path} is not in step with the code: run npm run docs.`)
    process.exitCode = 1
  } else {
    writeFileSync(join(root, path), made)
    console.log(`${path} is made again.`)
  }
}
