// Appearance: colours, which this browser keeps, and the language, which the account keeps.
import { Submit } from '../form-parts.tsx'
import type { ColourScheme } from '../frame.ts'
import { languageNames, textsIn } from '../texts.ts'
import { AccountPage, type SectionFacts } from './account-page.tsx'

const schemes: readonly ColourScheme[] = ['system', 'light', 'dark']

export interface AppearanceFacts extends SectionFacts {
  /** The language that the account is set to; empty when it follows the browser. */
  language: string
}

export function appearancePage({ language, ...facts }: AppearanceFacts) {
  const { appearance } = textsIn(facts.frame.lang)
  return (
    <AccountPage {...facts} section="appearance" title={appearance.title} done={appearance.done}>
      <form class="card" method="post" action="/account/appearance">
        <fieldset class="field">
          <legend>{appearance.colours}</legend>
          {schemes.map(scheme => (
            <label class="choice">
              <input type="radio" name="scheme" value={scheme} checked={scheme === facts.frame.scheme} />
              {appearance.schemes[scheme]}
            </label>
          ))}
          <p class="help">{appearance.schemeHelp}</p>
        </fieldset>
        <div class="field">
          <label for="locale">{appearance.language}</label>
          <div class="control">
            <select id="locale" name="locale">
              <option value="" selected={language === ''}>
                {appearance.asBrowser}
              </option>
              {Object.entries(languageNames).map(([name, label]) => (
                <option value={name} lang={name} selected={name === language}>
                  {label}
                </option>
              ))}
            </select>
          </div>
        </div>
        <Submit label={appearance.submit} busy={appearance.busy} />
      </form>
    </AccountPage>
  )
}
