// A list without anything in it: what that means, and what to do.
import type { Child } from 'hono/jsx'

export function Empty({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="table empty">
      <strong>{title}</strong>
      {children !== undefined && <p>{children}</p>}
    </div>
  )
}
