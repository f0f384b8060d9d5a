// The part of Postman's collection format 2.1 that ours uses, after the schema that Postman publishes (draft-07,
// v2.1.0, in postmanlabs/schemas), which no package on npm carries. Strict: what is not named here is not written.
import { z } from 'zod'

const text = z.string().min(1)

/** A value by its name; a query may stand there switched off. */
const pair = z.strictObject({
  key: text,
  value: z.string(),
  type: z.enum(['string', 'text']).optional(),
  description: text.optional(),
  disabled: z.boolean().optional(),
})

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('noauth') }),
  z.strictObject({ type: z.literal('bearer'), bearer: z.array(pair) }),
  z.strictObject({ type: z.literal('basic'), basic: z.array(pair) }),
])

const body = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('raw'),
    raw: text,
    options: z.strictObject({ raw: z.strictObject({ language: z.literal('json') }) }),
  }),
  z.strictObject({ mode: z.literal('urlencoded'), urlencoded: z.array(pair) }),
  z.strictObject({
    mode: z.literal('formdata'),
    formdata: z.array(pair.extend({ type: z.literal('text') })),
  }),
])

const request = z.strictObject({
  method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']),
  header: z.array(pair),
  auth: auth.optional(),
  body: body.optional(),
  url: z.strictObject({
    raw: text,
    host: z.array(text),
    path: z.array(text),
    variable: z.array(pair).optional(),
    query: z.array(pair).optional(),
  }),
  description: text,
})

const item = z.strictObject({
  name: text,
  event: z.array(
    z.strictObject({
      listen: z.enum(['prerequest', 'test']),
      script: z.strictObject({ type: z.literal('text/javascript'), exec: z.array(text) }),
    }),
  ),
  request,
  response: z.tuple([]),
})

export const collectionFormat = z.strictObject({
  info: z.strictObject({
    name: text,
    description: text,
    schema: z.literal('https://schema.getpostman.com/json/collection/v2.1.0/collection.json'),
  }),
  auth,
  variable: z.array(pair),
  item: z.array(z.strictObject({ name: text, description: text, item: z.array(item) })),
})

export type Collection = z.output<typeof collectionFormat>
