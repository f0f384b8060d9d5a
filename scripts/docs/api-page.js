// docs/reference/api.md, from the document that the server answers at /openapi.json.
import { escaped, table } from './markdown.js'

/** The page of a description; `api` is what the server itself shows it with. */
export function apiPage(document, { operationsOf, accessWords, fieldsInWords }) {
  const operations = operationsOf(document)
  const programs = operations.filter(one => groupOf(one) !== 'Pages')
  const everywhere = codesOfAll(programs)
  const { schemas } = document.components
  const fieldsOf = schema => fieldRows(fieldsInWords(schema, schemas))
  const shown = { everywhere, fieldsOf, accessWords, shapes: new Set() }
  const groups = document.tags.flatMap(({ name, description }) => {
    const some = operations.filter(one => groupOf(one) === name)
    const texts = name === 'Pages' ? [pageTable(some)] : some.map(one => operationText(one, shown))
    return [`## ${name}`, escaped(description), ...texts]
  })
  return [
    escaped(document.info.description),
    `Any of them may also answer ${everywhere.map(code => `\`${code}\``).join(', ')}.`,
    ...groups,
    '## Shapes',
    'What answers hold. A client leaves out what it does not know: more may come.',
    ...[...shown.shapes].sort().map(name => `### ${name}\n\n${fieldsOf(schemas[name])}`),
  ].join('\n\n')
}

const groupOf = ({ operation }) => operation.tags[0]
/** With `:id` where OpenAPI has `{id}`, as the route table has it. */
const addressOf = ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`

const pageTable = some =>
  table(
    ['page', 'what it is for'],
    some.map(one => [`\`${addressOf(one)}\``, one.operation.summary]),
  )

function operationText(placed, { everywhere, fieldsOf, accessWords, shapes }) {
  const { operation } = placed
  const parameters = operation.parameters ?? []
  const body = Object.values(operation.requestBody?.content ?? {})[0]
  return [
    `### ${addressOf(placed)}`,
    [`${operation.summary}.`, operation.description].filter(Boolean).map(escaped).join(' '),
    `**Who may call:** ${accessWords(operation)}`,
    ...(parameters.length === 0
      ? []
      : [
          table(
            ['parameter', 'where', 'meaning'],
            parameters.map(one => [`\`${one.name}\``, one.in, one.description]),
          ),
        ]),
    ...(body === undefined
      ? []
      : [`**Body**, as ${Object.keys(operation.requestBody.content).join(' or ')}:`, fieldsOf(body.schema)]),
    '**Answers**',
    table(['status', 'what it means'], answerRows(operation, { everywhere, shapes })),
  ].join('\n\n')
}

const fieldRows = fields =>
  fields.length === 0
    ? 'Nothing.'
    : table(
        ['field', 'kind', 'meaning'],
        fields.map(one => [
          `\`${one.name}\``,
          one.isRequired ? one.kind : `${one.kind}, optional`,
          one.description,
        ]),
      )

function answerRows({ responses }, { everywhere, shapes }) {
  return Object.entries(responses).flatMap(([status, response]) => {
    const codes = codesOf(response)
    if (codes.length > 0) {
      const own = codes.filter(code => !everywhere.includes(code))
      return own.length === 0 ? [] : [[status, own.map(code => `\`${code}\``).join(', ')]]
    }
    const bodies = Object.entries(response.content ?? {}).map(([media, { schema }]) => {
      const name = schema.$ref?.split('/').at(-1)
      if (name !== undefined) shapes.add(name)
      return name === undefined ? media : `[${name}](#${name.toLowerCase()})`
    })
    return [[status, [response.description, ...bodies].join(' ')]]
  })
}

/** The problem codes of an answer; none for one that is no problem document. */
function codesOf({ content }) {
  const { schema } = content?.['application/problem+json'] ?? {}
  return schema?.allOf?.find(one => one.properties?.code)?.properties.code.enum ?? []
}

/** The codes that every operation may answer with: said once. */
function codesOfAll(operations) {
  const each = operations.map(({ operation }) => Object.values(operation.responses).flatMap(codesOf))
  return (each[0] ?? []).filter(code => each.every(codes => codes.includes(code)))
}
