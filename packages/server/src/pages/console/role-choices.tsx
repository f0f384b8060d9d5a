// Roles to tick, each with what it gives.

interface RoleChoicesProps {
  roles: Readonly<Record<string, readonly string[]>>
  held: readonly string[]
}

export function RoleChoices({ roles, held }: RoleChoicesProps) {
  const names = Object.keys(roles)
  if (names.length === 0) return <p class="muted">No roles are set up in the configuration.</p>
  return (
    <fieldset class="field">
      <legend>Roles</legend>
      {names.map(name => (
        <label class="choice">
          <input type="checkbox" name={`role.${name}`} checked={held.includes(name)} />
          <span>{name}</span>
          <span class="sub">
            {roles[name]?.map(scope => (scope === '*' ? 'everything' : scope)).join(', ')}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
