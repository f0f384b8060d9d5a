// API keys: the list, revoking, making one, and the one time that its text is shown.
import { Field, Submit } from '../form-parts.tsx'
import { textsIn } from '../texts.ts'
import { Time } from '../time.tsx'
import { AccountPage, type SectionFacts } from './account-page.tsx'

interface Key {
  id: string
  name: string
  scopes: readonly string[]
  createdAt: number
  expiresAt: number | null
  lastUsedAt: number | null
}

/** How long a key may be made for, in seconds; `never` has no end. */
export const keyLifetimes = { day: 86_400, month: 30 * 86_400, year: 365 * 86_400, never: undefined }

export interface ApiKeysFacts extends SectionFacts {
  keys: readonly Key[]
  /** Scopes that may be given to a key. */
  available: readonly string[]
  /** The text of the key that was made just now. */
  made: string | undefined
  typed: { name: string; scopes: string; expires: keyof typeof keyLifetimes }
}

export function apiKeysPage({ keys, available, made, typed, ...facts }: ApiKeysFacts) {
  const { lang, now } = facts.frame
  const { keys: texts } = textsIn(lang)
  return (
    <AccountPage
      {...facts}
      section="keys"
      title={texts.title}
      intro={texts.intro}
      done={texts.revoked}
      scripts={made === undefined ? [] : ['copy.js']}
    >
      {made !== undefined && (
        <section class="card made" role="status">
          <h2>{texts.madeTitle}</h2>
          <p>{texts.made}</p>
          <pre class="secret" tabindex={0} data-copy={texts.copy} data-copied={texts.copied}>
            {made}
          </pre>
        </section>
      )}
      {keys.length === 0 ? (
        <p class="card empty">{texts.empty}</p>
      ) : (
        <ul class="card rows">
          {keys.map(key => (
            <KeyRow item={key} now={now} lang={lang} />
          ))}
        </ul>
      )}
      <form class="card" method="post" action="/account/keys">
        <h2>{texts.makeTitle}</h2>
        <Field
          name="name"
          label={texts.name}
          autocomplete="off"
          value={typed.name}
          help={texts.nameHelp}
          isLiteral={false}
        />
        <Field
          name="scopes"
          label={texts.scopes}
          autocomplete="off"
          value={typed.scopes}
          help={texts.scopesHelp(available.join(', '))}
          optional=""
        />
        <div class="field">
          <label for="expires">{texts.expires}</label>
          <div class="control">
            <select id="expires" name="expires">
              {Object.entries(texts.expiries).map(([name, label]) => (
                <option value={name} selected={name === typed.expires}>
                  {label}
                </option>
              ))}
            </select>
          </div>
        </div>
        <Submit label={texts.submit} busy={texts.busy} />
      </form>
    </AccountPage>
  )
}

function KeyRow({ item, now, lang }: { item: Key; now: number; lang: ApiKeysFacts['frame']['lang'] }) {
  const { keys: texts } = textsIn(lang)
  const { expiresAt, lastUsedAt } = item
  return (
    <li>
      <div>
        <h2 class="name">{item.name}</h2>
        <p class="small">
          <code>{item.scopes.join(' ')}</code>
        </p>
        <p class="muted small">
          {texts.created} <Time at={item.createdAt} now={now} lang={lang} />,{' '}
          {lastUsedAt === null ? (
            texts.neverUsed
          ) : (
            <>
              {texts.lastUsed} <Time at={lastUsedAt} now={now} lang={lang} />
            </>
          )}
          ,{' '}
          {expiresAt === null ? (
            texts.neverExpires
          ) : (
            <>
              {expiresAt <= now ? texts.expired : texts.expiresAt}{' '}
              <Time at={expiresAt} now={now} lang={lang} />
            </>
          )}
        </p>
      </div>
      <form class="inline" method="post" action={`/account/keys/${item.id}/revoke`}>
        <Submit label={texts.revoke} busy={texts.revoking} kind="quiet" about={item.name} />
      </form>
    </li>
  )
}
