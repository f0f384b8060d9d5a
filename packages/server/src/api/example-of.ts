// An example of a schema, put together from those of its parts: each field's own stands once, where the field is.
import type { JsonSchema } from './openapi.ts'

/** A value that fits. Throws for a part that says nothing to take an example from. */
export function exampleOf(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): unknown {
  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref.split('/').at(-1) ?? '']
    if (target === undefined) throw new Error(`there is no schema ${schema.$ref}`)
    return exampleOf(target, schemas)
  }
  const [given] = schema.examples ?? []
  if (given !== undefined) return given
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  const [first] = schema.anyOf ?? []
  if (first !== undefined) return exampleOf(first, schemas)
  if (schema.items !== undefined) return [exampleOf(schema.items, schemas)]
  if (schema.properties === undefined) throw new Error(`no example: ${JSON.stringify(schema)}`)
  const members = Object.entries(schema.properties).map(([name, one]) => [name, exampleOf(one, schemas)])
  return Object.fromEntries(members)
}
