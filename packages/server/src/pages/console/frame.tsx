// The frame of the console's pages: the column of sections, the bar with the search, and what came of the last act.
import type { Child } from 'hono/jsx'
import { hrefOf } from '../assets.ts'
import type { Frame } from '../frame.ts'
import { Looks, Mark } from '../layout.tsx'
import { Icon } from './icon.tsx'

const sections = {
  overview: { label: 'Overview', href: '/admin' },
  users: { label: 'Users', href: '/admin/users' },
  sessions: { label: 'Sessions', href: '/admin/sessions' },
  keys: { label: 'Keys', href: '/admin/keys' },
  clients: { label: 'Clients', href: '/admin/clients' },
  invitations: { label: 'Invitations', href: '/admin/invitations' },
  audit: { label: 'Audit log', href: '/admin/audit' },
  settings: { label: 'Settings', href: '/admin/settings' },
} as const

export type SectionName = keyof typeof sections

/** What every page of the console is told. */
export interface ConsoleFrame {
  product: string
  /** What is around every page: colours, logo, theme. */
  looks: Frame
  /** Who is signed in. */
  username: string
  /** When it is, in milliseconds since 1970. */
  nowMs: number
  /** What the last act did. */
  notice: string | undefined
  /** Why the last act was refused. */
  problem: string | undefined
}

interface ConsolePageProps {
  frame: ConsoleFrame
  section: SectionName
  title: string
  /** Beside the title: its state. */
  badge?: Child
  /** Under the title: what this page is about. */
  intro?: Child
  /** At the right of the title. */
  acts?: Child
  /** Whether this page lies below its section's first one. */
  isDetail?: true
  children: Child
}

export function ConsolePage({
  frame,
  section,
  title,
  badge,
  intro,
  acts,
  isDetail,
  children,
}: ConsolePageProps) {
  const { label, href } = sections[section]
  const { looks } = frame
  return (
    <html lang="en" data-scheme={looks.scheme === 'system' ? undefined : looks.scheme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={looks.scheme === 'system' ? 'light dark' : looks.scheme} />
        <title>{`${title} · ${frame.product}`}</title>
        <Looks frame={looks} styles={['console.css']} />
        <script type="module" src={hrefOf('form.js')} />
        <script type="module" src={hrefOf('console.js')} />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <div class="shell">
          <header class="side">
            <a class="brand" href="/admin">
              <Mark logoHref={looks.logoHref} />
              <span>{frame.product}</span>
            </a>
            <Sections current={section} isDetail={isDetail === true} />
            <div class="who">
              <p title={frame.username}>{frame.username}</p>
              <a href="/account">Your account</a>
              <form method="post" action="/account/sign-out">
                <button class="quiet small" type="submit" data-busy="Signing out…">
                  Sign out
                </button>
              </form>
            </div>
          </header>
          <div>
            <div class="bar">
              <nav class="crumbs" aria-label="Where you are">
                {isDetail === true && <a href={href}>{label}</a>}
                {isDetail === true && <span aria-hidden="true">/</span>}
                <span>{title}</span>
              </nav>
              <search class="find">
                <form action="/admin/users">
                  <label class="unseen" for="find">
                    Find a user by name or address
                  </label>
                  <Icon name="find" />
                  <input
                    id="find"
                    name="q"
                    type="search"
                    placeholder="Find a user"
                    autocomplete="off"
                    spellcheck={false}
                    aria-keyshortcuts="/"
                  />
                  <span class="key" aria-hidden="true">
                    /
                  </span>
                </form>
              </search>
            </div>
            <main id="main" tabindex={-1}>
              {frame.notice !== undefined && (
                <p class="notice" role="status">
                  {frame.notice}
                </p>
              )}
              {frame.problem !== undefined && (
                <p class="problem" role="alert">
                  {frame.problem}
                </p>
              )}
              <div class="head">
                <div>
                  <div class="title">
                    <h1>{title}</h1>
                    {badge}
                  </div>
                  {intro !== undefined && <p>{intro}</p>}
                </div>
                {acts !== undefined && <div class="acts">{acts}</div>}
              </div>
              {children}
            </main>
          </div>
        </div>
      </body>
    </html>
  )
}

function Sections({ current, isDetail }: { current: SectionName; isDetail: boolean }) {
  return (
    <nav aria-label="Console">
      <ul>
        {Object.entries(sections).map(([name, { label, href }]) => (
          <li>
            <a href={href} aria-current={name !== current ? undefined : isDetail ? 'true' : 'page'}>
              <Icon name={name as SectionName} />
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
