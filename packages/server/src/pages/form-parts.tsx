// The parts of forms: fields with their labels above them, buttons that say what they do, what came of the last try.
import type { Child } from 'hono/jsx'
import type { Texts } from './texts.ts'

interface FieldProps {
  name: string
  label: string
  type?: 'text' | 'email'
  autocomplete: string
  value?: string | undefined
  help?: string
  /** The word behind the label of a field that may stay empty. */
  optional?: string
  isFirst?: boolean
  /** What nobody dictates or spells: names, addresses, scopes. */
  isLiteral?: boolean
}

export function Field(props: FieldProps) {
  const { name, help, isLiteral = true } = props
  return (
    <div class="field">
      <label for={name}>
        {props.label}
        {props.optional !== undefined && <span class="muted"> {props.optional}</span>}
      </label>
      <div class="control">
        <input
          id={name}
          name={name}
          type={props.type ?? 'text'}
          autocomplete={props.autocomplete}
          value={props.value}
          required={props.optional === undefined}
          autofocus={props.isFirst}
          aria-describedby={help === undefined ? undefined : `${name}-help`}
          {...(isLiteral && { autocapitalize: 'none', spellcheck: false })}
        />
      </div>
      {help !== undefined && (
        <p class="help" id={`${name}-help`}>
          {help}
        </p>
      )}
    </div>
  )
}

interface PasswordProps {
  name: string
  label: string
  texts: Texts
  isFirst?: boolean
}

/** A password that is there already. A button that shows it comes with the script. */
export function PasswordField({ name, label, texts, isFirst = false }: PasswordProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <Revealed texts={texts}>
        <input
          id={name}
          name={name}
          type="password"
          autocomplete="current-password"
          required
          autofocus={isFirst}
        />
      </Revealed>
    </div>
  )
}

/** A password that is being chosen: its rules are said before they are broken, its strength as it is typed. */
export function NewPasswordField({ name, label, texts, least }: PasswordProps & { least: number }) {
  const { password } = texts
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <Revealed texts={texts}>
        <input
          id={name}
          name={name}
          type="password"
          autocomplete="new-password"
          required
          minlength={least}
          aria-describedby={`${name}-help`}
        />
      </Revealed>
      <p class="help" id={`${name}-help`}>
        {password.rules(least)}
      </p>
      <p class="strength" hidden data-strength={password.strengths.join('|')} data-least={String(least)}>
        <meter min={0} max={3} low={1.5} high={2.5} optimum={3} value={0} aria-label={password.strength} />
        <span role="status" />
      </p>
    </div>
  )
}

/** The words of the button that shows a password; the script makes it. */
function Revealed({ texts: { fields }, children }: { texts: Texts; children: Child }) {
  return (
    <div
      class="control"
      data-show={fields.show}
      data-show-label={fields.showPassword}
      data-hide={fields.hide}
      data-hide-label={fields.hidePassword}
    >
      {children}
    </div>
  )
}

export function Hidden({ fields }: { fields: Readonly<Record<string, string | undefined>> }) {
  return (
    <>
      {Object.entries(fields).map(
        ([name, value]) => value !== undefined && <input type="hidden" name={name} value={value} />,
      )}
    </>
  )
}

interface SubmitProps {
  label: string
  busy: string
  kind?: 'quiet' | 'danger'
  /** What it is done to, where several buttons have the same words. */
  about?: string
}

export function Submit({ label, busy, kind, about }: SubmitProps) {
  return (
    <button
      type="submit"
      class={kind}
      data-busy={busy}
      aria-label={about === undefined ? undefined : `${label}: ${about}`}
    >
      {label}
    </button>
  )
}

/** Why the last try was refused: above the form, and the first thing that is read. */
export function Problem({ words }: { words: string | undefined }) {
  if (words === undefined) return null
  return (
    <div class="problem" role="alert" tabindex={-1} autofocus>
      <p>{words}</p>
    </div>
  )
}

/** What the last try came to. */
export function Notice({ words }: { words: string | undefined }) {
  if (words === undefined) return null
  return (
    <div class="notice" role="status">
      <p>{words}</p>
    </div>
  )
}
