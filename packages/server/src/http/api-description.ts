// The API's description, made when somebody first asks for it and kept.
import { createHash } from 'node:crypto'
import type { ApiDescription } from '../api/openapi.ts'
import type { ApiFacts } from './describe-api.ts'

/** What it is made of is loaded then too: nobody waits for it at the start. A failure is tried again. */
export function openApiDescription(facts: ApiFacts): () => Promise<ApiDescription> {
  let made: Promise<ApiDescription> | undefined
  return () => {
    made ??= makeDescription(facts).catch(error => {
      made = undefined
      throw error
    })
    return made
  }
}

async function makeDescription(facts: ApiFacts): Promise<ApiDescription> {
  const { describeApi } = await import('./describe-api.ts')
  const document = await describeApi(facts)
  const text = JSON.stringify(document)
  return { document, text, etag: etagOf(text) }
}

function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
}
