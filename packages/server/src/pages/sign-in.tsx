// The page to sign in on.
import { Field, Hidden, Notice, PasswordField, Problem, Submit } from './form-parts.tsx'
import type { Frame } from './frame.ts'
import { Layout } from './layout.tsx'
import { textsIn } from './texts.ts'

export interface SignInFacts {
  frame: Frame
  /** Where to go on to; undefined for the account. */
  returnTo: string | undefined
  username: string
  /** Whether somebody who is signed in has to show that it is them. */
  isAgain: boolean
  /** Whether the account was made just now. */
  isNew: boolean
  canSignUp: boolean
  problem: string | undefined
}

export function signInPage(facts: SignInFacts) {
  const { frame, returnTo, username, isAgain } = facts
  const texts = textsIn(frame.lang)
  const { signIn, fields } = texts
  const title = isAgain ? signIn.again : signIn.title
  const query = returnTo === undefined ? '' : `?return_to=${encodeURIComponent(returnTo)}`
  const isNamed = username !== ''
  return (
    <Layout title={title} frame={frame} width="card">
      <form class="card" method="post" action="/login">
        <h1>{title}</h1>
        {isAgain && <p class="muted">{signIn.againIntro}</p>}
        <Notice words={facts.isNew ? signIn.ready : undefined} />
        <Problem words={facts.problem} />
        <Hidden fields={{ return_to: returnTo, again: isAgain ? '1' : undefined }} />
        <Field
          name="username"
          label={fields.login}
          autocomplete="username"
          value={username}
          isFirst={!isNamed && facts.problem === undefined}
        />
        <PasswordField
          name="password"
          label={fields.password}
          texts={texts}
          isFirst={isNamed && facts.problem === undefined}
        />
        <Submit label={signIn.submit} busy={signIn.busy} />
      </form>
      <p class="links">
        {facts.canSignUp && !isAgain && <a href={`/register${query}`}>{signIn.create}</a>}
        <a href="/forgot">{signIn.forgot}</a>
      </p>
    </Layout>
  )
}
