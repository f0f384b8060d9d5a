// The part of OpenAPI 3.1 that our own description uses, as types: what writes it, shows it and makes requests of it.

/** A JSON Schema of draft 2020-12, as far as ours go. */
export interface JsonSchema {
  $ref?: string
  type?: string | readonly string[]
  description?: string
  examples?: readonly unknown[]
  properties?: Readonly<Record<string, JsonSchema>>
  required?: readonly string[]
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  anyOf?: readonly JsonSchema[]
  allOf?: readonly JsonSchema[]
  enum?: readonly unknown[]
  const?: unknown
  default?: unknown
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
}

export interface MediaType {
  schema: JsonSchema
  example?: unknown
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: true
  description: string
  schema: JsonSchema
  example?: unknown
}

export interface ApiResponse {
  description: string
  headers?: Readonly<Record<string, { $ref: string }>>
  content?: Readonly<Record<string, MediaType>>
}

export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

export interface Operation {
  operationId: string
  tags: readonly [string]
  summary: string
  description?: string
  security: readonly SecurityRequirement[]
  parameters?: readonly Parameter[]
  requestBody?: { required: boolean; content: Readonly<Record<string, MediaType>> }
  responses: Readonly<Record<string, ApiResponse>>
  /** Whether the answer is a stream without an end. */
  'x-stream'?: true
}

type Method = 'get' | 'post' | 'patch' | 'delete'

export interface SecurityScheme {
  type: 'http' | 'apiKey'
  description: string
  scheme?: 'bearer' | 'basic'
  bearerFormat?: string
  in?: 'cookie'
  name?: string
}

export interface OpenApiDocument {
  openapi: '3.1.1'
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } }
  servers: readonly { url: string }[]
  tags: readonly { name: string; description: string }[]
  paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>
  components: {
    securitySchemes: Readonly<Record<string, SecurityScheme>>
    schemas: Readonly<Record<string, JsonSchema>>
    headers: Readonly<Record<string, { description: string; schema: JsonSchema }>>
  }
}

/** An operation with where it is. */
export interface PlacedOperation {
  readonly method: Method
  readonly path: string
  readonly operation: Operation
}

/** Every operation, in the order of the document. */
export function operationsOf(document: OpenApiDocument): PlacedOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method as Method, path, operation })),
  )
}

/** The document as it is answered. */
export interface ApiDescription {
  readonly document: OpenApiDocument
  readonly text: string
  /** An entity tag (RFC 9110 8.8.3), of the text. */
  readonly etag: string
}
