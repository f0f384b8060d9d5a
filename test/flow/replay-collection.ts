// Sends the requests of a Postman collection as Postman does: variables put in, the authorisation that is inherited
// or its own, and the scripts run in a context that has `pm` and nothing else of ours.
import { createContext, runInContext } from 'node:vm'
import { chai } from 'vitest'
import type { Collection } from './collection-format.ts'

type Item = Collection['item'][number]['item'][number]
type Auth = Collection['auth']
type Body = NonNullable<Item['request']['body']>
type Pair = Collection['variable'][number]

export interface Replayed {
  name: string
  method: string
  /** The path with its parameters as OpenAPI writes them. */
  template: string
  sent: Request
  status: number
  /** What its own tests found wrong. */
  faults: string[]
}

/** Sends every request, the folders from top to bottom; `before` may set variables as a reader would by hand. */
export async function replayCollection(
  collection: Collection,
  variables: Map<string, string>,
  before: (name: string) => Promise<void>,
): Promise<Replayed[]> {
  for (const { key, value } of collection.variable) if (!variables.has(key)) variables.set(key, value)
  const replayed: Replayed[] = []
  for (const item of collection.item.flatMap(folder => folder.item)) {
    await before(item.name)
    replayed.push(await replay(item, collection.auth, variables))
  }
  return replayed
}

async function replay(item: Item, inherited: Auth, variables: Map<string, string>): Promise<Replayed> {
  const faults: string[] = []
  runScripts(item, 'prerequest', { variables, faults })
  const sent = requestOf(item.request, item.request.auth ?? inherited, variables)
  const answer = await fetch(sent.clone())
  runScripts(item, 'test', { variables, faults, answer: { code: answer.status, text: await answer.text() } })
  const template = `/${item.request.url.path.join('/')}`.replaceAll(/:(\w+)/g, '{$1}')
  return { name: item.name, method: item.request.method, template, sent, status: answer.status, faults }
}

function requestOf(
  { method, header, body, url }: Item['request'],
  auth: Auth,
  variables: Map<string, string>,
): Request {
  const filled = (text: string): string => {
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = variables.get(name)
      if (value === undefined) throw new Error(`the collection has no variable ${name}`)
      return value
    })
  }
  const pairs = (list: readonly Pair[] = []): [string, string][] =>
    list.filter(({ disabled }) => disabled !== true).map(({ key, value }) => [filled(key), filled(value)])
  const values = new Map(pairs(url.variable))
  const path = url.path.map(part =>
    part.startsWith(':') ? encodeURIComponent(values.get(part.slice(1)) ?? '') : part,
  )
  const query = new URLSearchParams(pairs(url.query))
  const headers = new Headers(pairs(header))
  const credentials = Object.fromEntries(
    pairs(auth.type === 'bearer' ? auth.bearer : auth.type === 'basic' ? auth.basic : []),
  )
  if (auth.type === 'bearer') headers.set('authorization', `Bearer ${credentials['token']}`)
  if (auth.type === 'basic') {
    const basic = Buffer.from(`${credentials['username']}:${credentials['password']}`).toString('base64')
    headers.set('authorization', `Basic ${basic}`)
  }
  if (body?.mode === 'raw') headers.set('content-type', 'application/json')
  const address = `${filled(url.host.join('.'))}/${path.join('/')}${query.size === 0 ? '' : `?${query}`}`
  return new Request(address, { method, headers, ...(body !== undefined && { body: bodyOf(body) }) })

  function bodyOf(given: Body): string | URLSearchParams | FormData {
    if (given.mode === 'raw') return filled(given.raw)
    if (given.mode === 'urlencoded') return new URLSearchParams(pairs(given.urlencoded))
    const form = new FormData()
    for (const [key, value] of pairs(given.formdata)) form.append(key, value)
    return form
  }
}

interface Surroundings {
  variables: Map<string, string>
  faults: string[]
  answer?: { code: number; text: string }
}

/** What a test throws is a fault; what a script throws outside a test is one too, as in Postman. */
function runScripts(
  { event }: Item,
  when: 'prerequest' | 'test',
  { variables, faults, answer }: Surroundings,
): void {
  const noting = (what: string, act: () => void): void => {
    try {
      act()
    } catch (error) {
      faults.push(`${what}: ${String(error)}`)
    }
  }
  const pm = {
    collectionVariables: {
      get: (name: string) => variables.get(name),
      set: (name: string, value: unknown) => variables.set(name, String(value)),
    },
    response: answer && { code: answer.code, json: () => JSON.parse(answer.text) as unknown },
    test: noting,
    expect: chai.expect,
  }
  const context = createContext({ pm })
  for (const { listen, script } of event)
    if (listen === when) noting('the script', () => runInContext(script.exec.join('\n'), context))
}
