// Password: the present one, then the new one.
import { NewPasswordField, PasswordField, Submit } from '../form-parts.tsx'
import { textsIn } from '../texts.ts'
import { Time } from '../time.tsx'
import { AccountPage, type SectionFacts } from './account-page.tsx'

export interface PasswordFacts extends SectionFacts {
  username: string
  least: number
  changedAt: number
}

export function passwordPage({ username, least, changedAt, ...facts }: PasswordFacts) {
  const { lang, now } = facts.frame
  const texts = textsIn(lang)
  const { changePassword, fields } = texts
  return (
    <AccountPage
      {...facts}
      section="password"
      title={changePassword.title}
      intro={changePassword.intro}
      done={changePassword.done}
      scripts={['password.js']}
    >
      <form class="card" method="post" action="/account/password">
        <PasswordField name="current_password" label={fields.currentPassword} texts={texts} />
        <NewPasswordField name="new_password" label={fields.newPassword} texts={texts} least={least} />
        <Submit label={changePassword.submit} busy={changePassword.busy} />
        {/* Tells a password manager whose password this is. */}
        <input hidden name="username" autocomplete="username" value={username} readonly />
      </form>
      <dl class="facts">
        <dt>{changePassword.changed}</dt>
        <dd>
          <Time at={changedAt} now={now} lang={lang} />
        </dd>
      </dl>
    </AccountPage>
  )
}
