// E-mail address: the one that counts, the one that waits, and asking for another.
import { Field, PasswordField, Submit } from '../form-parts.tsx'
import { textsIn } from '../texts.ts'
import { AccountPage, type SectionFacts } from './account-page.tsx'

export interface AddressFacts extends SectionFacts {
  verified: string | null
  waiting: string | null
  /** What was typed before it was refused. */
  typed: string
}

export function addressPage({ verified, waiting, typed, ...facts }: AddressFacts) {
  const texts = textsIn(facts.frame.lang)
  const { address, fields } = texts
  return (
    <AccountPage {...facts} section="email" title={address.title} done={address.done}>
      <div class="card">
        {verified === null && <p class="muted">{address.none}</p>}
        {(verified !== null || waiting !== null) && (
          <ul class="rows">
            {verified !== null && (
              <li>
                <div>
                  {verified} <span class="pill good">{address.verified}</span>
                </div>
              </li>
            )}
            {waiting !== null && (
              <li>
                <div>
                  {waiting} <span class="pill warn">{address.waiting}</span>
                </div>
                <form class="inline" method="post" action="/account/email/send">
                  <Submit label={address.again} busy={address.busy} kind="quiet" />
                </form>
              </li>
            )}
          </ul>
        )}
      </div>
      <form class="card" method="post" action="/account/email">
        <p class="muted">{address.intro}</p>
        <Field name="email" label={address.newEmail} type="email" autocomplete="email" value={typed} />
        <PasswordField name="current_password" label={fields.currentPassword} texts={texts} />
        <Submit label={address.submit} busy={address.busy} />
      </form>
    </AccountPage>
  )
}
