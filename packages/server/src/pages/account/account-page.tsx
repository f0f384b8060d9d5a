// What every section of the account has around it: the list of sections, its title, and what the last form came to.
import type { Child } from 'hono/jsx'
import { Notice, Problem } from '../form-parts.tsx'
import type { Frame } from '../frame.ts'
import { Layout } from '../layout.tsx'
import { type Texts, textsIn } from '../texts.ts'

/** The sections in their order, the dangerous one last. */
const addresses = {
  profile: '/account',
  password: '/account/password',
  email: '/account/email',
  devices: '/account/devices',
  keys: '/account/keys',
  appearance: '/account/appearance',
  data: '/account/data',
  delete: '/account/delete',
} satisfies Record<keyof Texts['account']['sections'], string>

type SectionName = keyof typeof addresses

/** What every section's page is given. */
export interface SectionFacts {
  frame: Frame
  /** Whether the last form did what it was for. */
  isDone: boolean
  problem: string | undefined
}

interface AccountPageProps extends SectionFacts {
  section: SectionName
  title: string
  intro?: string
  /** What is said when `isDone`. */
  done?: string
  scripts?: readonly string[]
  children: Child
}

export function AccountPage({ frame, section, title, ...props }: AccountPageProps) {
  const { account } = textsIn(frame.lang)
  const sections = Object.entries(addresses).map(([name, href]) => ({
    href,
    // The names are the table's own.
    label: account.sections[name as SectionName],
    isCurrent: name === section,
  }))
  return (
    <Layout
      title={title}
      frame={frame}
      navigation={{ label: account.title, sections }}
      scripts={props.scripts ?? []}
    >
      <h1>{title}</h1>
      {props.intro !== undefined && <p class="muted">{props.intro}</p>}
      <Notice words={props.isDone ? props.done : undefined} />
      <Problem words={props.problem} />
      {props.children}
    </Layout>
  )
}
