// Trying out at /docs: signs in by form, keeps the token in memory and nowhere else, sends requests and shows what
// comes back. Without scripts the page is there to read.

interface Session {
  token: string
  username: string
}

let session: Session | undefined

const place = <T extends Element>(selector: string): T | null => document.querySelector<T>(selector)

const panel = place<HTMLElement>('.try-session')
const signInForm = place<HTMLFormElement>('.try-session .sign-in')
const signedIn = place<HTMLElement>('.try-session .signed-in')
const outcome = place<HTMLElement>('.try-session .outcome')
if (panel && signInForm && signedIn && outcome) {
  panel.hidden = false
  openPanel({ signInForm, signedIn, outcome })
}
for (const form of document.querySelectorAll<HTMLFormElement>('form.try')) {
  form.hidden = false
  onSubmit(form, () => tryOut(form))
}
for (const button of document.querySelectorAll<HTMLButtonElement>('button.copy')) openCopy(button)
openLinkedOperation()
addEventListener('hashchange', openLinkedOperation)

/** Takes a form's sending over, one at a time; while it runs its button says so. */
function onSubmit(form: HTMLFormElement, act: () => Promise<void>): void {
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]')
  form.addEventListener(
    'submit',
    async event => {
      event.preventDefault()
      event.stopImmediatePropagation()
      if (button === null || button.getAttribute('aria-busy') === 'true') return
      const says = button.textContent
      button.setAttribute('aria-busy', 'true')
      button.textContent = button.dataset['busy'] ?? says
      await act()
      button.removeAttribute('aria-busy')
      button.textContent = says
    },
    { capture: true },
  )
}

interface Panel {
  signInForm: HTMLFormElement
  signedIn: HTMLElement
  outcome: HTMLElement
}

interface Grant {
  access_token: string
  expires_in: number
  user: { username: string }
}

function openPanel({ signInForm, signedIn, outcome }: Panel): void {
  const say = (words: string): void => {
    outcome.textContent = words
  }
  const show = (): void => {
    signInForm.hidden = session !== undefined
    signedIn.hidden = session === undefined
  }
  onSubmit(signInForm, async () => {
    const fields = new FormData(signInForm)
    const reply = await send({
      method: 'POST',
      path: '/user/login',
      by: {},
      body: JSON.stringify(Object.fromEntries(fields)),
    })
    if (reply.status !== 200) return say(reply.title)
    // Our own endpoint: 200 is a grant.
    const grant = JSON.parse(reply.text) as Grant
    session = { token: grant.access_token, username: grant.user.username }
    signInForm.reset()
    const name = signedIn.querySelector('.who-name')
    const end = signedIn.querySelector('.token-end')
    const endsAt = new Date(Date.now() + grant.expires_in * 1000)
    if (name !== null) name.textContent = session.username
    if (end !== null) end.textContent = `at ${endsAt.toLocaleTimeString()}`
    say('')
    show()
    signedIn.querySelector('button')?.focus()
  })
  signedIn.querySelector('button')?.addEventListener('click', async () => {
    const by = bearerOf(session)
    session = undefined
    show()
    const reply = await send({ method: 'POST', path: '/user/logout', by, body: undefined })
    say(reply.status === 204 ? 'Signed out: the session has ended.' : reply.title)
  })
}

const bearerOf = (one: Session | undefined): Record<string, string> =>
  one === undefined ? {} : { authorization: `Bearer ${one.token}` }

interface Asked {
  method: string
  path: string
  by: Record<string, string>
  body: string | undefined
}

interface Reply {
  /** 0 when nothing came back. */
  status: number
  /** The status in words, or the problem's own. */
  title: string
  type: string
  text: string
  ms: number
}

/** Cookies stay out of it: what is tried out here is not the session of the pages. */
async function send({ method, path, by, body }: Asked): Promise<Reply> {
  const startedMs = performance.now()
  try {
    const answer = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...by,
      },
      ...(body !== undefined && { body }),
      credentials: 'omit',
    })
    const text = await answer.text()
    const type = answer.headers.get('content-type') ?? ''
    return {
      status: answer.status,
      title: titleOf(text) ?? answer.statusText,
      type,
      text,
      ms: Math.round(performance.now() - startedMs),
    }
  } catch {
    return { status: 0, title: 'The server could not be reached.', type: '', text: '', ms: 0 }
  }
}

function titleOf(text: string): string | undefined {
  const value = jsonOf(text)
  const title = typeof value === 'object' && value !== null && 'title' in value ? value.title : undefined
  return typeof title === 'string' ? title : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function tryOut(form: HTMLFormElement): Promise<void> {
  const { method = 'GET', path = '/', by = 'nobody' } = form.dataset
  const result = form.querySelector('.result')
  // What stands there is of the request before.
  result?.replaceChildren()
  const fields = [...form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('[data-in]')]
  const valueIn = (where: string): string => fields.find(field => field.dataset['in'] === where)?.value ?? ''
  const query = new URLSearchParams()
  let target = path
  for (const { dataset, value } of fields) {
    const name = dataset['name'] ?? ''
    if (dataset['in'] === 'path') target = target.replace(`{${name}}`, encodeURIComponent(value))
    if (dataset['in'] === 'query' && value !== '') query.set(name, value)
  }
  const who = {
    nobody: () => ({}),
    token: () => bearerOf(session),
    client: () => ({ authorization: `Basic ${basicOf(valueIn('client'), valueIn('secret'))}` }),
  }[by]
  const body = fields.some(field => field.dataset['in'] === 'body') ? valueIn('body') : undefined
  const reply = await send({
    method,
    path: query.size === 0 ? target : `${target}?${query}`,
    by: who?.() ?? {},
    body,
  })
  if (result !== null) showReply(result, reply)
}

/** RFC 6749 2.3.1: each form-encoded, then joined. */
function basicOf(id: string, secret: string): string {
  return btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)
}

function showReply(result: Element, { status, title, type, text, ms }: Reply): void {
  const line = document.createElement('p')
  line.className = status >= 200 && status < 400 ? 'good' : 'bad'
  line.textContent = status === 0 ? title : `${status} ${title}, ${ms} ms`
  const value = type.includes('json') ? jsonOf(text) : undefined
  const shown = value === undefined ? text : JSON.stringify(value, undefined, 2)
  result.replaceChildren(line)
  if (shown === '') return
  const block = document.createElement('pre')
  block.tabIndex = 0
  block.textContent = shown
  result.append(block)
}

function openCopy(button: HTMLButtonElement): void {
  if (navigator.clipboard === undefined) return
  button.hidden = false
  const says = button.textContent
  button.addEventListener('click', async () => {
    const text = button.parentElement?.querySelector('pre')?.textContent ?? ''
    await navigator.clipboard.writeText(text)
    button.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = says
    }, 2_000)
  })
}

/** A link to an operation shows it open. */
function openLinkedOperation(): void {
  // Ids of operations are letters alone: nothing has to be decoded, and nothing can be wrong in it.
  const target = document.getElementById(location.hash.slice(1))
  if (!(target instanceof HTMLDetailsElement)) return
  target.open = true
  target.scrollIntoView()
}
