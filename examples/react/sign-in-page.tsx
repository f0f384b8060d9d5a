/** @jsxImportSource react */
// One form for signing in and for creating an account, with refusals in words.
import { LatchkeyError } from 'latchkey/client'
import { useSession } from 'latchkey/react'
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react'
import { go, returnAddress } from './address.ts'
import { client } from './client.ts'

const texts = {
  signIn: { title: 'Sign in', button: 'Sign in', busy: 'Signing in…', other: 'Create an account' },
  signUp: {
    title: 'Create an account',
    button: 'Create account',
    busy: 'Creating…',
    other: 'Sign in instead',
  },
}

/** What to change, in a sentence. */
function inWords(error: unknown): string {
  if (!(error instanceof LatchkeyError)) throw error
  return error.errors?.map(({ message }) => message).join(' ') ?? error.detail ?? error.title
}

export function SignInPage(props: { isNew: boolean; address: URL }): ReactElement {
  const { isNew, address } = props
  const { signIn, status } = useSession()
  const [refusal, setRefusal] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const [isShown, setShown] = useState(false)
  const alert = useRef<HTMLParagraphElement>(null)
  const words = isNew ? texts.signUp : texts.signIn
  const hasEnded = address.searchParams.has('ended') && !isNew

  useEffect(() => {
    if (status === 'signed-in') go(returnAddress(address))
  }, [status, address])
  useEffect(() => {
    if (refusal !== undefined) alert.current?.focus()
  }, [refusal])

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    const credentials = { username: String(fields.get('username')), password: String(fields.get('password')) }
    setBusy(true)
    setRefusal(undefined)
    try {
      if (isNew) await client.signUp(credentials)
      await signIn(credentials)
    } catch (error) {
      setRefusal(inWords(error))
      // What was typed stays, but the password.
      const password = form.querySelector<HTMLInputElement>('#password')
      if (password !== null) password.value = ''
    } finally {
      setBusy(false)
    }
  }

  return (
    <main className="card">
      <title>{words.title}</title>
      <h1>{words.title}</h1>
      {hasEnded && <p className="note">Your session has ended. Sign in to go on where you were.</p>}
      {refusal !== undefined && (
        <p className="refusal" role="alert" tabIndex={-1} ref={alert}>
          {refusal}
        </p>
      )}
      <form onSubmit={submit}>
        <label htmlFor="username">Username</label>
        <input id="username" name="username" autoComplete="username" autoCapitalize="none" required />
        <label htmlFor="password">Password</label>
        <div className="password">
          <input
            id="password"
            name="password"
            type={isShown ? 'text' : 'password'}
            autoComplete={isNew ? 'new-password' : 'current-password'}
            required
          />
          <button type="button" className="quiet" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? 'Hide' : 'Show'}
          </button>
        </div>
        {isNew && <p className="help">8 characters or more. A short sentence is good.</p>}
        <button type="submit" className="primary" disabled={isBusy}>
          {isBusy ? words.busy : words.button}
        </button>
      </form>
      <a
        href={`${isNew ? '/sign-in' : '/sign-up'}${address.search}`}
        onClick={event => {
          event.preventDefault()
          setRefusal(undefined)
          go(event.currentTarget.href)
        }}
      >
        {words.other}
      </a>
    </main>
  )
}
