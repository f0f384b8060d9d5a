// Profile: the name one signs in with, the name one is called by.
import { Field, Submit } from '../form-parts.tsx'
import { textsIn } from '../texts.ts'
import { Time } from '../time.tsx'
import { AccountPage, type SectionFacts } from './account-page.tsx'

export interface ProfileFacts extends SectionFacts {
  username: string
  name: string
  roles: readonly string[]
  createdAt: number
}

export function profilePage({ username, name, roles, createdAt, ...facts }: ProfileFacts) {
  const { lang, now } = facts.frame
  const { profile, fields } = textsIn(lang)
  return (
    <AccountPage {...facts} section="profile" title={profile.title} done={profile.done}>
      <form class="card" method="post" action="/account">
        <Field
          name="username"
          label={fields.username}
          autocomplete="username"
          value={username}
          help={profile.renameHelp}
        />
        <Field
          name="name"
          label={fields.name}
          autocomplete="name"
          value={name}
          help={fields.nameHelp}
          optional={fields.optional}
          isLiteral={false}
        />
        <Submit label={profile.submit} busy={profile.busy} />
      </form>
      <dl class="facts">
        <dt>{profile.since}</dt>
        <dd>
          <Time at={createdAt} now={now} lang={lang} />
        </dd>
        {roles.length > 0 && (
          <>
            <dt>{profile.roles}</dt>
            <dd>{roles.join(', ')}</dd>
          </>
        )}
      </dl>
    </AccountPage>
  )
}
