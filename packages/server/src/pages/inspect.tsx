// The page at /inspect: a token in words, and what this server would say to it.

import { type Inspection, maxAskedLength } from '../words/ladder.ts'
import type { Frame } from './frame.ts'
import { Layout } from './layout.tsx'
import { ColouredToken, Explanation, Verdict } from './token-view.tsx'

export interface InspectorFacts {
  frame: Frame
  issuer: string
  /** What was asked by a browser without scripts. */
  asked: { token: string; inspection: Inspection } | undefined
}

export function inspectorPage({ frame, issuer, asked }: InspectorFacts) {
  const token = asked?.token ?? ''
  return (
    <Layout
      title="Token inspector"
      frame={frame}
      width="wide"
      styles={['inspect.css']}
      scripts={['inspect.js']}
    >
      <h1>Token inspector</h1>
      <p class="muted">
        Paste a token to read what it says. It stays in this browser until you ask the server about it.
      </p>
      <noscript>
        <p class="muted">
          Scripts are off: the token goes to this server to be read, and is neither logged nor kept.
        </p>
      </noscript>
      <div class="inspector" data-issuer={issuer}>
        <form method="post" action="/inspect">
          <label for="token">Token</label>
          <div class="token">
            <pre aria-hidden="true">{asked && <ColouredToken token={token} />}</pre>
            <textarea
              id="token"
              name="token"
              rows={8}
              required
              maxlength={maxAskedLength}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              aria-describedby="parts"
            >
              {token}
            </textarea>
          </div>
          <p id="parts" class="parts small">
            <span class="header">Header</span>
            <span class="payload">Claims</span>
            <span class="signature">Signature</span>
          </p>
          <button type="submit" data-busy="Asking…">
            Ask this server
          </button>
          <p class="help" id="asks">
            Sends the token to <code>{issuer}</code>, which neither logs nor keeps it.
          </p>
          <p class="help" id="asks-nothing" hidden>
            There is nothing to ask: the steps are those of a JWT, and this is none.
          </p>
          <div id="verdict" aria-live="polite">
            {asked && <Verdict token={token} issuer={issuer} inspection={asked.inspection} />}
          </div>
        </form>
        <div id="reading">
          {asked ? (
            <Explanation token={token} issuer={issuer} nowMs={asked.inspection.checked_at * 1000} />
          ) : (
            <p class="empty">What the token says stands here: its header and its claims, one by one.</p>
          )}
        </div>
      </div>
    </Layout>
  )
}
