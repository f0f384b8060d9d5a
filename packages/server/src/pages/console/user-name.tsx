// A user in a list: the first letter, the name, and what stands under it. The link covers the whole row.

interface UserNameProps {
  username: string
  href: string
  under?: string | undefined
}

export function UserName({ username, href, under }: UserNameProps) {
  return (
    <span class="name">
      <Face of={username} />
      <span>
        <a class="row" href={href}>
          {username}
        </a>
        {under !== undefined && <span class="sub">{under}</span>}
      </span>
    </span>
  )
}

function Face({ of }: { of: string }) {
  return (
    <span class="face" aria-hidden="true">
      {[...of][0]?.toUpperCase()}
    </span>
  )
}
