// Whether an answer is as the API's description has it.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { type JsonSchema, type OpenApiDocument, operationsOf } from '../../src/api/openapi.ts'

const place = 'https://api.example/description'

const validators = new WeakMap<JsonSchema, ValidateFunction>()

function validatorOf(document: OpenApiDocument, schema: JsonSchema): ValidateFunction {
  const known = validators.get(schema)
  if (known !== undefined) return known
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({ $id: place, components: document.components })
  const text = JSON.stringify(schema).replaceAll('"#/components', `"${place}#/components`)
  const validate = ajv.compile(JSON.parse(text))
  validators.set(schema, validate)
  return validate
}

/** What an answer does not have that its description promises, or has beyond it; nothing when all is well. */
export async function answerFaults(
  document: OpenApiDocument,
  { method, path }: { method: string; path: string },
  answer: Response,
): Promise<string[]> {
  const found = operationsOf(document).find(one => one.method === method.toLowerCase() && one.path === path)
  const response = found?.operation.responses[String(answer.status)]
  if (response === undefined) return [`${answer.status} is not described`]
  const media = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
  if (answer.body === null || media === '') return []
  const content = response.content?.[media]
  if (content === undefined) return [`${answer.status} is not described as ${media}`]
  if (!media.endsWith('json') || content.schema === undefined) return []
  const body: unknown = await answer.json()
  const validate = validatorOf(document, content.schema)
  if (validate(body)) return []
  const problem = media === 'application/problem+json' ? ` ${JSON.stringify(body)}` : ''
  return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message ?? ''}${problem}`)
}
