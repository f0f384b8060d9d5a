// The page of an error: what happened, what to do, and the request id to quote. Never more.
import type { LatchkeyError } from 'latchkey'
import type { Frame } from './frame.ts'
import { Layout } from './layout.tsx'
import { type Texts, textsIn } from './texts.ts'

type ErrorName = Exclude<keyof Texts['errors'], 'requestId' | 'home'>

const names: Readonly<Record<string, ErrorName>> = {
  not_found: 'not_found',
  forbidden: 'forbidden',
  origin_refused: 'origin_refused',
  method_not_allowed: 'method_not_allowed',
  https_required: 'https_required',
  store_unavailable: 'busy',
  keys_unavailable: 'busy',
  revocations_stale: 'busy',
  overloaded: 'busy',
}

function nameOf({ code, status }: LatchkeyError): ErrorName {
  const name = Object.hasOwn(names, code) ? names[code] : undefined
  return name ?? (status >= 500 ? 'internal_error' : 'unreadable')
}

interface ErrorFacts {
  frame: Frame
  error: LatchkeyError
  requestId: string
}

export function errorPage({ frame, error, requestId }: ErrorFacts) {
  const { errors } = textsIn(frame.lang)
  const { title, words } = errors[nameOf(error)]
  return (
    <Layout title={title} frame={frame} width="card">
      <div class="card">
        <h1>{title}</h1>
        <p>{words}</p>
        <p class="muted small">
          {errors.requestId} <code>{requestId}</code>
        </p>
        <a class="button" href="/">
          {errors.home}
        </a>
      </div>
    </Layout>
  )
}
