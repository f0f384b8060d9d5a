// A token as people read it: its text coloured by part, what it says claim by claim, and how far it comes at a server.
// The server draws these, and so does the inspector's script: nothing of Node is imported.
import { type Inspection, ladder, type Step, stateWords } from '../words/ladder.ts'
import { explainToken, type MemberWords, type TokenWords } from '../words/token-words.ts'

const partNames = ['header', 'payload', 'signature'] as const

/** The text with a colour for each part; without, where it has not three parts. */
export function ColouredToken({ token }: { token: string }) {
  const parts = token.split('.')
  if (parts.length !== 3) return <span>{token}</span>
  return (
    <span>
      {parts.map((part, index) => (
        <>
          {index > 0 && '.'}
          <span class={partNames[index]}>{part}</span>
        </>
      ))}
    </span>
  )
}

interface Reading {
  token: string
  /** The issuer of the server whose page this is. */
  issuer: string
  nowMs: number
}

/** What a token says. Nothing of it is proven here. */
export function Explanation({ token, issuer, nowMs }: Reading) {
  const words = explainToken(token, {}, nowMs)
  return (
    <div>
      <p class="summary">{words.summary}</p>
      <Origin words={words} issuer={issuer} />
      {words.header.length > 0 && <Members title="Header" part="header" members={words.header} />}
      {words.claims.length > 0 && <Members title="Claims" part="payload" members={words.claims} />}
      {words.kind === 'jwt' && (
        <p class="muted small">
          Anybody can write these words. Whether they are true is what the signature is for: ask the server.
        </p>
      )}
    </div>
  )
}

function Origin({ words, issuer }: { words: TokenWords; issuer: string }) {
  const stated = words.claims.find(({ name }) => name === 'iss')?.value
  if (stated === undefined || stated === JSON.stringify(issuer)) return null
  return (
    <p class="warn">
      It names another issuer than this server, <code>{issuer}</code>: whoever is named has to judge it.
    </p>
  )
}

function Members({
  title,
  part,
  members,
}: {
  title: string
  part: (typeof partNames)[number]
  members: readonly MemberWords[]
}) {
  return (
    <section class="members">
      <h2 class={part}>{title}</h2>
      <dl>
        {members.map(member => (
          <div>
            <dt>
              <code>{member.name}</code>
            </dt>
            <dd class="value">
              <code>{member.value}</code>
            </dd>
            <dd class="words">
              {member.time !== undefined && <strong>{sentence(member.time)} </strong>}
              {member.meaning}{' '}
              {member.section !== undefined && <span class="section small">{member.section}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function sentence(text: string): string {
  return `${(text[0] ?? '').toUpperCase()}${text.slice(1)}.`
}

const signs = { passed: '✓', stopped: '✕', not_reached: '–' } as const

interface Asked {
  token: string
  /** The issuer of the server that was asked. */
  issuer: string
  inspection: Inspection
}

/** The verdict, and the ladder with the step at which it stopped. */
export function Verdict({ token, issuer, inspection }: Asked) {
  const { accepted, stopped_at: stoppedAt, code, reason, steps, checked_at: checkedAt } = inspection
  // Where the token itself shows what is wrong, as a terminal says it; else in the words of the server.
  const shown = explainToken(token, { issuer }, checkedAt * 1000).refusal
  const why = shown?.step === stoppedAt ? shown.words : reason
  return (
    <section class="verdict">
      <h2 class={accepted ? 'good' : 'bad'} tabindex={-1}>
        {accepted ? '✓ Accepted' : `✕ Refused at the ${stepName(stoppedAt)}`}
      </h2>
      {accepted ? (
        <p>A guard of this server lets it in now.</p>
      ) : (
        <p>
          {why} A guard answers <code>{code}</code>.
        </p>
      )}
      <ol>
        {steps.map(({ step, state }) => (
          <li class={state}>
            <span class="sign" aria-hidden="true">
              {signs[state]}
            </span>
            <span>
              <b>{capital(step)}</b> <span class="state">{stateWords[state]}</span>
              <span class="asks">{ladder[step].asks}</span>
            </span>
          </li>
        ))}
      </ol>
      <p class="muted small">
        Asked at <time>{new Date(checkedAt * 1000).toISOString().slice(11, 19)} UTC</time>.
      </p>
    </section>
  )
}

const stepName = (step: Step | null): string => (step === null ? 'end' : `step “${step}”`)
const capital = (text: string): string => (text[0] ?? '').toUpperCase() + text.slice(1)
