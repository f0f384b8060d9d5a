// The page of the settings in force: read here, changed where the server is started.
import type { ShownSetting } from '../../shown-settings.ts'
import { type ConsoleFrame, ConsolePage } from './frame.tsx'

interface SettingsFacts {
  frame: ConsoleFrame
  settings: readonly ShownSetting[]
  roles: Readonly<Record<string, readonly string[]>>
}

const sourceWords: Readonly<Record<ShownSetting['source'], string>> = {
  environment: 'Environment',
  file: 'Configuration',
  default: 'Default',
  unknown: 'Not known',
}

export function settingsPage({ frame, settings, roles }: SettingsFacts) {
  return (
    <ConsolePage
      frame={frame}
      section="settings"
      title="Settings"
      intro="What is in force, and where it comes from. It is changed where the server is started, and secrets are never shown."
    >
      <div class="table long stack">
        <table>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Value</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {settings.map(({ name, value, source, meaning }) => (
              <tr>
                <th scope="row">
                  <code>{name}</code>
                  <span class="sub">{meaning.replaceAll('`', '')}</span>
                </th>
                <td data-label="Value">
                  {value === '(hidden)' ? (
                    <span class="muted">hidden</span>
                  ) : (
                    <Value text={value} source={source} />
                  )}
                </td>
                <td data-label="From">
                  <span class={source === 'default' ? 'muted' : 'pill'}>{sourceWords[source]}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <section class="card">
        <h2>Roles</h2>
        <dl class="facts">
          {Object.entries(roles).map(([role, scopes]) => (
            <>
              <dt>{role}</dt>
              <dd>
                {scopes.length === 0 ? (
                  <span class="muted">gives nothing</span>
                ) : (
                  <code>{scopes.join(' ')}</code>
                )}
              </dd>
            </>
          ))}
        </dl>
      </section>
    </ConsolePage>
  )
}

/** What is a value stands as code; what stands for one, in words, does not. */
function Value({ text, source }: { text: string; source: ShownSetting['source'] }) {
  const isWords = source === 'default' && /^none|\s/.test(text)
  return isWords ? <span class="muted">{text.replaceAll('`', '')}</span> : <code>{text}</code>
}
