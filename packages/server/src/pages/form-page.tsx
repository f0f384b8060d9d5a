// A page with one form that works without a script, and the page that says what came of it.
import { Layout } from './layout.tsx'

interface FormField {
  name: string
  label: string
  type: 'text' | 'password' | 'email'
  autocomplete: string
  value?: string | undefined
  optional?: true
}

export interface FormPageFacts {
  title: string
  intro: string
  action: string
  /** Carried along unseen: the token of a link. */
  hidden: Readonly<Record<string, string>>
  fields: readonly FormField[]
  submit: string
  /** Why the last attempt was refused. */
  problem: string | undefined
}

export function formPage({ title, intro, action, hidden, fields, submit, problem }: FormPageFacts) {
  return (
    <Layout title={title}>
      <h1>{title}</h1>
      <p class="muted">{intro}</p>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <form class="card" method="post" action={action}>
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {fields.map(field => (
          <label>
            {field.label}
            <input
              name={field.name}
              type={field.type}
              autocomplete={field.autocomplete}
              value={field.value}
              required={field.optional !== true}
            />
          </label>
        ))}
        <button type="submit">{submit}</button>
      </form>
    </Layout>
  )
}

export function donePage({ title, words }: { title: string; words: string }) {
  return (
    <Layout title={title}>
      <h1>{title}</h1>
      <p>{words}</p>
    </Layout>
  )
}
