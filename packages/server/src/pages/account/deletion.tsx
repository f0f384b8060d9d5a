// Delete account: the consequence, the name typed, the password.
import { Field, PasswordField, Submit } from '../form-parts.tsx'
import { textsIn } from '../texts.ts'
import { AccountPage, type SectionFacts } from './account-page.tsx'

export interface DeletionFacts extends SectionFacts {
  username: string
  typed: string
}

export function deletionPage({ username, typed, ...facts }: DeletionFacts) {
  const texts = textsIn(facts.frame.lang)
  const { deletion, fields } = texts
  return (
    <AccountPage {...facts} section="delete" title={deletion.title}>
      <form class="card danger" method="post" action="/account/delete">
        <p>{deletion.intro}</p>
        <Field name="confirm" label={deletion.confirm(username)} autocomplete="off" value={typed} />
        <PasswordField name="current_password" label={fields.currentPassword} texts={texts} />
        <Submit label={deletion.submit} busy={deletion.busy} kind="danger" />
      </form>
    </AccountPage>
  )
}
