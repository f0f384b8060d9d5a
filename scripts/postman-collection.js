// A Postman collection (format 2.1) of the API's description. What is asked, by whom and what comes of it is the
// document's; the order is the plan's.
import { folders, variables } from './postman-plan.js'

const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'

/** The collection as an object. Throws for a plan that names an operation the document has not. */
export function postmanCollection(document) {
  const operations = new Map(operationsOf(document).map(one => [one.operation.operationId, one]))
  const planned = new Set(folders.flatMap(folder => folder.steps.map(step => step.of)))
  const unplanned = [...operations.values()].filter(({ operation }) => isForPrograms(operation, planned))
  const itemOf = step => {
    const placed = operations.get(step.of)
    if (placed === undefined) throw new Error(`the API has no operation ${step.of}`)
    return item(placed, step)
  }
  return {
    info: { name: document.info.title, description: document.info.description, schema },
    auth: bearer('token'),
    variable: Object.entries({ ...variables, baseUrl: document.servers[0].url }).map(([key, value]) => ({
      key,
      value,
      type: 'string',
    })),
    item: folders.map(({ name, description, steps }) => ({
      name,
      description: description ?? document.tags.find(tag => tag.name === name)?.description,
      item: [
        ...steps.map(itemOf),
        ...unplanned.filter(({ operation }) => operation.tags[0] === name).map(one => item(one, {})),
      ],
    })),
  }
}

function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
}

/** Pages are for people, and nobody can wait for the end of a stream. */
function isForPrograms({ operationId, tags, ...operation }, planned) {
  return tags[0] !== 'Pages' && !operation['x-stream'] && !planned.has(operationId)
}

const bearer = variable => ({
  type: 'bearer',
  bearer: [{ key: 'token', value: `{{${variable}}}`, type: 'string' }],
})

const basic = {
  type: 'basic',
  basic: [
    { key: 'username', value: '{{clientId}}', type: 'string' },
    { key: 'password', value: '{{clientSecret}}', type: 'string' },
  ],
}

function item({ method, path, operation }, step) {
  return {
    name: step.name ?? operation.summary,
    event: [
      ...(step.before ? [script('prerequest', [step.before])] : []),
      script('test', testLines(operation, step)),
    ],
    request: {
      method: method.toUpperCase(),
      header: [{ key: 'Accept', value: 'application/json' }],
      ...authOf(operation, step),
      ...bodyOf(operation, step),
      url: urlOf(path, operation, step),
      description: operation.description ?? operation.summary,
    },
    response: [],
  }
}

/** The collection's own token where nothing is said. */
function authOf({ security, tags }, { by }) {
  const ways = security.flatMap(one => Object.keys(one))
  if (by !== undefined) return { auth: bearer(by) }
  if (ways.includes('clientSecret')) return { auth: basic }
  if (!ways.includes('accessToken')) return { auth: { type: 'noauth' } }
  return tags[0] === 'Administration' ? { auth: bearer('adminToken') } : {}
}

const formType = 'multipart/form-data'
const urlencodedType = 'application/x-www-form-urlencoded'

/** Credentials go by form data, as in the tutorial; the OAuth endpoints take theirs form-encoded; all else is JSON. */
function bodyOf({ requestBody, security, tags }, { body }) {
  if (requestBody === undefined) return {}
  const { content } = requestBody
  const sent = body ?? content['application/json'].example
  const fields = Object.entries(sent).map(([key, value]) => ({ key, value: String(value), type: 'text' }))
  const isOfClient = security.some(one => 'clientSecret' in one)
  if (isOfClient && urlencodedType in content) return { body: { mode: 'urlencoded', urlencoded: fields } }
  if (tags[0] === 'Sign in' && formType in content) return { body: { mode: 'formdata', formdata: fields } }
  const raw = JSON.stringify(sent, undefined, 2)
  return { body: { mode: 'raw', raw, options: { raw: { language: 'json' } } } }
}

function urlOf(path, { parameters = [] }, { path: values = {}, query: asked = {} }) {
  const address = path.replaceAll(/\{(\w+)\}/g, ':$1')
  const inPath = parameters.filter(one => one.in === 'path')
  const inQuery = parameters.filter(one => one.in === 'query')
  return {
    raw: `{{baseUrl}}${address}`,
    host: ['{{baseUrl}}'],
    path: address.split('/').slice(1),
    ...(inPath.length > 0 && {
      variable: inPath.map(({ name, description }) => ({
        key: name,
        value: values[name] ?? '',
        description,
      })),
    }),
    ...(inQuery.length > 0 && {
      query: inQuery.map(({ name, description }) => ({
        key: name,
        value: asked[name] ?? '',
        description,
        disabled: asked[name] === undefined,
      })),
    }),
  }
}

const script = (listen, exec) => ({ listen, script: { type: 'text/javascript', exec } })

/** Says whether the answer is one that is well, and keeps what later requests send. */
function testLines({ responses }, { keep = {}, statuses = [] }) {
  const good = Object.keys(responses)
    .map(Number)
    .filter(status => status < 300)
  const well = [...good, ...statuses]
  const kept = Object.entries(keep).map(
    ([variable, from]) => `  pm.collectionVariables.set('${variable}', ${from})`,
  )
  return [
    `pm.test('answers ${well.join(' or ')}', () => pm.expect(pm.response.code).to.be.oneOf([${well.join(', ')}]))`,
    ...(kept.length === 0
      ? []
      : [`if (pm.response.code === ${good[0]}) {`, '  const answer = pm.response.json()', ...kept, '}']),
  ]
}
