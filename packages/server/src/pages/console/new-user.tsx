// The form that adds a user, who chooses their own password by a link.
import { type ConsoleFrame, ConsolePage } from './frame.tsx'
import { RoleChoices } from './role-choices.tsx'

interface NewUserFacts {
  frame: ConsoleFrame
  roles: Readonly<Record<string, readonly string[]>>
  /** What was typed before it was refused. */
  given: { username: string; email: string; roles: readonly string[] }
}

export function newUserPage({ frame, roles, given }: NewUserFacts) {
  return (
    <ConsolePage
      frame={frame}
      section="users"
      isDetail
      title="Add a user"
      intro="They choose their own password by a link: mailed to their address, or shown to you once when there is none."
    >
      <form class="card narrow" method="post" action="/admin/users">
        <div class="field">
          <label for="username">Username</label>
          <input
            id="username"
            name="username"
            required
            value={given.username}
            autocomplete="off"
            spellcheck={false}
            aria-describedby="username-help"
          />
          <p class="help" id="username-help">
            3 to 64 letters, digits, dots, hyphens or underscores.
          </p>
        </div>
        <div class="field">
          <label for="email">
            E-mail address <span class="muted">(optional)</span>
          </label>
          <input id="email" name="email" type="email" value={given.email} autocomplete="off" />
        </div>
        <RoleChoices roles={roles} held={given.roles} />
        <button type="submit" data-busy="Adding…">
          Add the user
        </button>
      </form>
    </ConsolePage>
  )
}
