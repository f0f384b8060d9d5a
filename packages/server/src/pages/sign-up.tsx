// The page to make an account on.
import { Field, Hidden, NewPasswordField, Problem, Submit } from './form-parts.tsx'
import type { Frame } from './frame.ts'
import { Layout } from './layout.tsx'
import { textsIn } from './texts.ts'

export interface SignUpFacts {
  frame: Frame
  returnTo: string | undefined
  invitation: string | undefined
  username: string
  email: string
  /** Characters that a password needs. */
  least: number
  problem: string | undefined
}

export function signUpPage(facts: SignUpFacts) {
  const { frame, returnTo, invitation, problem } = facts
  const texts = textsIn(frame.lang)
  const { signUp, fields } = texts
  const query = returnTo === undefined ? '' : `?return_to=${encodeURIComponent(returnTo)}`
  return (
    <Layout title={signUp.title} frame={frame} width="card" scripts={['password.js']}>
      <form class="card" method="post" action="/register">
        <h1>{signUp.title}</h1>
        <p class="muted">{invitation === undefined ? signUp.intro : signUp.invited}</p>
        <Problem words={problem} />
        <Hidden fields={{ return_to: returnTo, invitation }} />
        <Field
          name="username"
          label={fields.username}
          autocomplete="username"
          value={facts.username}
          help={fields.usernameHelp}
          isFirst={problem === undefined}
        />
        <Field
          name="email"
          label={fields.email}
          type="email"
          autocomplete="email"
          value={facts.email}
          help={fields.emailHelp}
          optional={fields.optional}
        />
        <NewPasswordField name="password" label={fields.password} texts={texts} least={facts.least} />
        <Submit label={signUp.submit} busy={signUp.busy} />
      </form>
      <p class="links">
        <a href={`/login${query}`}>{signUp.signIn}</a>
      </p>
    </Layout>
  )
}
