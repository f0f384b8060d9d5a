// The forms by which /docs makes requests. They are there for its script alone, which shows them.
import type { PlacedOperation } from '../api/openapi.ts'

/** Who the requests are made as. The token stays in the page's memory. */
export function TrySignIn() {
  return (
    <section class="card try-session" hidden aria-labelledby="try">
      <h2 id="try">Try it out</h2>
      <form class="sign-in">
        <div>
          <label for="try-username">Username</label>
          <input id="try-username" name="username" autocomplete="username" required />
        </div>
        <div>
          <label for="try-password">Password</label>
          <input id="try-password" name="password" type="password" autocomplete="current-password" required />
        </div>
        <button type="submit" data-busy="Signing in…">
          Sign in
        </button>
      </form>
      <div class="signed-in" hidden>
        <p>
          Signed in as <b class="who-name" />. Requests carry the token, which ends <span class="token-end" />
          .
        </p>
        <button class="quiet sign-out" type="button">
          Sign out
        </button>
      </div>
      <p class="outcome" role="status" />
      <p class="help">
        Requests go to this server and change real things. The token is kept in this page’s memory and goes
        when the page does.
      </p>
    </section>
  )
}

/** The request of one operation, with the example of its body to begin with. */
export function TryForm({ placed: { method, path, operation } }: { placed: PlacedOperation }) {
  const id = operation.operationId
  const example = operation.requestBody?.content['application/json']?.example
  const isOfClient = operation.security.some(one => 'clientSecret' in one)
  const isOfUser = operation.security.some(one => 'accessToken' in one)
  return (
    <form
      class="try"
      hidden
      data-method={method.toUpperCase()}
      data-path={path}
      data-by={isOfClient ? 'client' : isOfUser ? 'token' : 'nobody'}
    >
      <h4>Try it out</h4>
      {(operation.parameters ?? []).map(parameter => (
        <div class="field">
          <label for={`${id}-${parameter.name}`}>
            {parameter.name} <span class="muted">{parameter.description.replaceAll('`', '')}</span>
          </label>
          <input
            id={`${id}-${parameter.name}`}
            data-in={parameter.in}
            data-name={parameter.name}
            autocomplete="off"
            required={parameter.required === true}
          />
        </div>
      ))}
      {isOfClient && (
        <>
          <div class="field">
            <label for={`${id}-client`}>Client id</label>
            <input id={`${id}-client`} data-in="client" autocomplete="off" required />
          </div>
          <div class="field">
            <label for={`${id}-secret`}>Client secret</label>
            <input id={`${id}-secret`} data-in="secret" type="password" autocomplete="off" required />
          </div>
        </>
      )}
      {example !== undefined && (
        <div class="field">
          <label for={`${id}-body`}>
            Body <span class="muted">as JSON</span>
          </label>
          <textarea
            id={`${id}-body`}
            data-in="body"
            rows={2 + Object.keys(Object(example)).length}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
          >
            {JSON.stringify(example, undefined, 2)}
          </textarea>
        </div>
      )}
      <button type="submit" data-busy="Sending…">
        Send the request
      </button>
      <div class="result" aria-live="polite" />
    </form>
  )
}
