// The inspector in a browser: reads the token as it is pasted, and sends it only when the server is asked.

import { ColouredToken, Explanation, Verdict } from '../pages/token-view.tsx'
import type { Inspection } from '../words/ladder.ts'

const inspector = document.querySelector<HTMLElement>('.inspector')
const form = inspector?.querySelector('form')
const field = inspector?.querySelector('textarea')
const backdrop = inspector?.querySelector('.token pre')
const reading = document.querySelector('#reading')
const verdict = document.querySelector('#verdict')
const button = form?.querySelector('button')
if (inspector && form && field && backdrop && reading && verdict && button)
  openInspector({ inspector, form, field, backdrop, reading, verdict, button })

interface Places {
  inspector: HTMLElement
  form: HTMLFormElement
  field: HTMLTextAreaElement
  backdrop: Element
  reading: Element
  verdict: Element
  button: HTMLButtonElement
}

/** Puts a view in its place. Views escape every value. */
function draw(place: Element, view: { toString(): string } | null): void {
  place.innerHTML = view === null ? '' : view.toString()
}

function openInspector({ inspector, form, field, backdrop, reading, verdict, button }: Places): void {
  const issuer = inspector.dataset['issuer'] ?? ''
  const empty = reading.innerHTML
  const asks = button.textContent ?? ''
  let question = 0

  const tokenOf = (): string => field.value.trim().replace(/^Bearer\s+/i, '')
  const read = (): void => {
    question++
    const token = tokenOf()
    draw(backdrop, ColouredToken({ token: field.value }))
    draw(verdict, null)
    if (token === '') reading.innerHTML = empty
    else draw(reading, Explanation({ token, issuer, nowMs: Date.now() }))
    // What is no access token is nobody's business but its owner's.
    const isOther = /^lk[ro]?_/.test(token)
    button.disabled = isOther
    for (const [help, isHidden] of [
      ['#asks', isOther],
      ['#asks-nothing', !isOther],
    ] as const)
      form.querySelector(help)?.toggleAttribute('hidden', isHidden)
  }
  const ask = async (): Promise<void> => {
    const token = tokenOf()
    if (token === '') return field.focus()
    const asked = ++question
    button.setAttribute('aria-busy', 'true')
    button.textContent = button.dataset['busy'] ?? asks
    const answer = await askServer(token)
    button.removeAttribute('aria-busy')
    button.textContent = asks
    // The token was changed meanwhile: this is about another one.
    if (asked !== question) return
    if (typeof answer === 'string') {
      const words = document.createElement('p')
      words.className = 'problem'
      words.textContent = answer
      return verdict.replaceChildren(words)
    }
    draw(verdict, Verdict({ token, issuer, inspection: answer }))
  }

  inspector.querySelector('.token')?.classList.add('lit')
  field.addEventListener('input', read)
  form.addEventListener(
    'submit',
    event => {
      event.preventDefault()
      event.stopImmediatePropagation()
      if (button.getAttribute('aria-busy') !== 'true') ask()
    },
    { capture: true },
  )
  if (field.value !== '' && verdict.childElementCount === 0) read()
}

/** The server's verdict, or a sentence about why there is none. */
async function askServer(token: string): Promise<Inspection | string> {
  try {
    const answer = await fetch('/inspect', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ token }),
      credentials: 'omit',
    })
    // Our own endpoint: it answers an inspection or a problem document.
    if (answer.ok) return (await answer.json()) as Inspection
    const problem = (await answer.json()) as { title?: string }
    const wait = answer.headers.get('retry-after')
    return `${problem.title ?? 'There is no verdict.'}${wait === null ? '' : ` Ask again in ${wait} seconds.`}`
  } catch {
    return 'The server could not be reached. Nothing was judged.'
  }
}
