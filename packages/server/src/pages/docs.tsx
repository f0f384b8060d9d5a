// The page at /docs: the API's description to read, and to try out where scripts run.
import { raw } from 'hono/html'
import { accessWords } from '../api/access-words.ts'
import { curlLine } from '../api/curl-line.ts'
import {
  type ApiResponse,
  type JsonSchema,
  type OpenApiDocument,
  type Operation,
  operationsOf,
  type PlacedOperation,
} from '../api/openapi.ts'
import { type FieldWords, fieldsInWords } from '../api/schema-words.ts'
import type { Frame } from './frame.ts'
import { Layout } from './layout.tsx'
import { TryForm, TrySignIn } from './try-out.tsx'

/** What the description came to; the words of one document never change. */
const written = new WeakMap<OpenApiDocument, string>()

export function docsPage({ document, frame }: { document: OpenApiDocument; frame: Frame }) {
  const words = written.get(document) ?? String(<Description document={document} />)
  written.set(document, words)
  const sections = document.tags.map(({ name }) => ({
    href: `#${anchorOf(name)}`,
    label: name,
    isCurrent: false,
  }))
  return (
    <Layout
      title="API"
      frame={frame}
      width="wide"
      navigation={{ label: 'Groups of operations', sections }}
      styles={['docs.css']}
      scripts={['docs.js']}
    >
      {/* JSX wrote it, and escaped what is in it. */}
      {raw(words)}
    </Layout>
  )
}

const anchorOf = (name: string): string => name.toLowerCase().replaceAll(' ', '-')

function Description({ document }: { document: OpenApiDocument }) {
  const operations = operationsOf(document)
  const groups = document.tags.map(tag => ({
    ...tag,
    operations: operations.filter(({ operation }) => operation.tags[0] === tag.name),
  }))
  return (
    <div>
      <h1>API</h1>
      <p>
        <Words text={document.info.description} />
      </p>
      <p class="muted">
        Latchkey {document.info.version} at <code>{document.servers[0]?.url}</code>. The same for programs:{' '}
        <a href="/openapi.json">openapi.json</a>. Why a token is refused: the{' '}
        <a href="/inspect">token inspector</a>.
      </p>
      <TrySignIn />
      {groups.map(({ name, description, operations: some }) => (
        <section class="group">
          <h2 id={anchorOf(name)}>{name}</h2>
          <p class="muted">
            <Words text={description} />
          </p>
          {name === 'Pages' ? (
            <PageList operations={some} />
          ) : (
            some.map(one => <OperationView document={document} placed={one} />)
          )}
        </section>
      ))}
    </div>
  )
}

/** Text with what stands between backticks as code. */
function Words({ text }: { text: string }) {
  const pieces = text.split('`')
  return <>{pieces.map((piece, index) => (index % 2 === 1 ? <code>{piece}</code> : piece))}</>
}

function PageList({ operations }: { operations: readonly PlacedOperation[] }) {
  return (
    <table>
      <tbody>
        {operations.map(({ method, path, operation }) => (
          <tr>
            <th scope="row">
              <Address method={method} path={path} />
            </th>
            <td>{operation.summary}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Address({ method, path }: Pick<PlacedOperation, 'method' | 'path'>) {
  return (
    <span class="address">
      <span class={`method ${method}`}>{method.toUpperCase()}</span> <code>{path}</code>
    </span>
  )
}

function OperationView({ document, placed }: { document: OpenApiDocument; placed: PlacedOperation }) {
  const { method, path, operation } = placed
  const line = curlLine(document.servers[0]?.url ?? '', placed)
  return (
    <details class="operation" id={operation.operationId}>
      <summary>
        <h3>
          <Address method={method} path={path} />
        </h3>
        <span class="summary">{operation.summary}</span>
      </summary>
      <div class="inside">
        {operation.description !== undefined && (
          <p>
            <Words text={operation.description} />
          </p>
        )}
        <p class="access">
          <b>Who may call:</b> <Words text={accessWords(operation)} />
        </p>
        <div class="line">
          <pre tabindex={0}>{line}</pre>
          <button class="quiet copy" type="button" hidden>
            Copy
          </button>
        </div>
        <Parameters operation={operation} />
        <Body document={document} operation={operation} />
        <Answers document={document} operation={operation} />
        {operation['x-stream'] === undefined && <TryForm placed={placed} />}
      </div>
    </details>
  )
}

function Parameters({ operation: { parameters = [] } }: { operation: Operation }) {
  if (parameters.length === 0) return null
  return (
    <FieldTable
      title="Parameters"
      fields={parameters.map(one => ({
        name: one.name,
        kind: one.in === 'path' ? 'in the path' : 'in the query',
        isRequired: one.required === true,
        description: one.description,
      }))}
    />
  )
}

function Body({ document, operation }: { document: OpenApiDocument; operation: Operation }) {
  const { requestBody } = operation
  if (requestBody === undefined) return null
  const types = Object.keys(requestBody.content)
  const [first] = Object.values(requestBody.content)
  return (
    <>
      <FieldTable title="Body" fields={fieldsInWords(first?.schema ?? {}, document.components.schemas)} />
      <p class="muted small">As {types.join(', or ')}.</p>
    </>
  )
}

function FieldTable({ title, fields }: { title: string; fields: readonly FieldWords[] }) {
  return (
    <>
      <h4>{title}</h4>
      <Fields label={title} fields={fields} />
    </>
  )
}

function Fields({ label, fields }: { label: string; fields: readonly FieldWords[] }) {
  return (
    <table class="fields" aria-label={label}>
      <tbody>
        {fields.map(field => (
          <tr>
            <th scope="row">
              <code>{field.name}</code>
            </th>
            <td>
              <span class="kind">
                <Words text={field.kind} />
                {!field.isRequired && ', optional'}
              </span>
              <Words text={field.description} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Answers({ document, operation }: { document: OpenApiDocument; operation: Operation }) {
  const all = Object.entries(operation.responses)
  const isGood = ([status]: [string, ApiResponse]) => Number(status) < 400
  return (
    <>
      <h4>Answers</h4>
      {all.filter(isGood).map(([status, response]) => (
        <GoodAnswer document={document} status={status} response={response} />
      ))}
      <details class="more">
        <summary>Refusals</summary>
        <table class="fields" aria-label="Refusals">
          <tbody>
            {all
              .filter(one => !isGood(one))
              .map(([status, { description }]) => (
                <tr>
                  <th scope="row">{status}</th>
                  <td>
                    {description.split('\n\n').map(line => (
                      <span class="code-line">
                        <Words text={line} />
                      </span>
                    ))}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </>
  )
}

interface AnswerFacts {
  document: OpenApiDocument
  status: string
  response: ApiResponse
}

function GoodAnswer({ document, status, response }: AnswerFacts) {
  const [first] = Object.values(response.content ?? {})
  const schema: JsonSchema = first?.schema ?? {}
  const fields = fieldsInWords(schema, document.components.schemas)
  const types = Object.keys(response.content ?? {})
  return (
    <div class="answer">
      <p>
        <b>{status}</b> {response.description.replaceAll('\n\n', ' ')}{' '}
        {types.length > 0 && <span class="muted small">{types.join(', or ')}</span>}
      </p>
      {first?.example !== undefined && <pre tabindex={0}>{JSON.stringify(first.example, undefined, 2)}</pre>}
      {fields.length > 0 && (
        <details class="more">
          <summary>Fields of this answer</summary>
          <Fields label="Fields of this answer" fields={fields} />
        </details>
      )}
    </div>
  )
}
