// The pages that a mailed link is asked for on and leads to: forgot, reset, verify. Each has one form.
import { Field, Hidden, NewPasswordField, Problem, Submit } from './form-parts.tsx'
import type { Frame } from './frame.ts'
import { Layout } from './layout.tsx'
import { textsIn } from './texts.ts'

interface FormFacts {
  frame: Frame
  problem: string | undefined
}

export function forgotPage({ frame, email, problem }: FormFacts & { email: string }) {
  const { forgot, fields } = textsIn(frame.lang)
  return (
    <Layout title={forgot.title} frame={frame} width="card">
      <form class="card" method="post" action="/forgot">
        <h1>{forgot.title}</h1>
        <p class="muted">{forgot.intro}</p>
        <Problem words={problem} />
        <Field
          name="email"
          label={fields.email}
          type="email"
          autocomplete="email"
          value={email}
          isFirst={problem === undefined}
        />
        <Submit label={forgot.submit} busy={forgot.busy} />
      </form>
      <p class="links">
        <a href="/login">{forgot.back}</a>
      </p>
    </Layout>
  )
}

export function resetPage({ frame, token, least, problem }: FormFacts & { token: string; least: number }) {
  const texts = textsIn(frame.lang)
  const { reset, fields, signIn } = texts
  return (
    <Layout title={reset.title} frame={frame} width="card" scripts={['password.js']}>
      <form class="card" method="post" action="/reset">
        <h1>{reset.title}</h1>
        <p class="muted">{reset.intro}</p>
        <Problem words={problem} />
        <Hidden fields={{ token }} />
        <NewPasswordField name="new_password" label={fields.newPassword} texts={texts} least={least} />
        <Submit label={reset.submit} busy={reset.busy} />
      </form>
      {problem !== undefined && (
        <p class="links">
          <a href="/forgot">{signIn.forgot}</a>
        </p>
      )}
    </Layout>
  )
}

export function verifyPage({ frame, token, problem }: FormFacts & { token: string }) {
  const { verify } = textsIn(frame.lang)
  return (
    <Layout title={verify.title} frame={frame} width="card">
      <form class="card" method="post" action="/verify">
        <h1>{verify.title}</h1>
        <p class="muted">{verify.intro}</p>
        <Problem words={problem} />
        <Hidden fields={{ token }} />
        <Submit label={verify.submit} busy={verify.busy} />
      </form>
      {problem !== undefined && (
        <p class="links">
          <a href="/account/email">{verify.goOn}</a>
        </p>
      )}
    </Layout>
  )
}
