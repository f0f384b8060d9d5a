// A schema in words: what kind of value it takes, and the fields of an object one by one.
import type { JsonSchema } from './openapi.ts'

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
  object: 'object',
}

/** Such as "text or null", "list of text", "`body` or `cookie`". */
function kindInWords(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return 'object'
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(kindInWords))].join(' or ')
  if (schema.enum !== undefined) return schema.enum.map(one => `\`${one}\``).join(' or ')
  if (schema.const !== undefined) return schema.const === '' ? 'nothing' : `\`${schema.const}\``
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'values' : kindInWords(schema.items)}`
  return kinds[String(schema.type)] ?? 'any value'
}

export interface FieldWords {
  /** With dots between where it is inside another. */
  name: string
  kind: string
  isRequired: boolean
  description: string
}

/** The fields of an object, those of objects in it too, down to three deep. */
export function fieldsInWords(
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>>,
  { prefix = '', depth = 0 } = {},
): FieldWords[] {
  const resolve = (one: JsonSchema): JsonSchema => schemas[one.$ref?.split('/').at(-1) ?? ''] ?? one
  const { properties = {}, required = [] } = resolve(schema)
  return Object.entries(properties).flatMap(([name, field]) => {
    const inside = resolve(field)
    const inner = inside.type === 'array' && inside.items !== undefined ? resolve(inside.items) : inside
    const own = {
      name: prefix + name,
      kind: inner.properties === undefined ? kindInWords(inside) : inner === inside ? 'object' : 'list',
      isRequired: required.includes(name),
      description: field.description ?? inside.description ?? '',
    }
    if (inner.properties === undefined || depth === 2) return [own]
    const deeper = { prefix: `${own.name}${inner === inside ? '.' : '[].'}`, depth: depth + 1 }
    return [own, ...fieldsInWords(inner, schemas, deeper)]
  })
}
