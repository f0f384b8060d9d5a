// The frame of the console's pages: the column of sections, the bar with the search, and what came of the last act.
import type { Child } from 'hono/jsx'
import { hrefOf } from '../assets.ts'
import { Icon } from './icon.tsx'

export const sections = {
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
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${frame.product}`}</title>
        <link rel="icon" href={icon} />
        <link rel="stylesheet" href={hrefOf('console.css')} />
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
              <svg class="mark" viewBox="0 0 32 32" fill="currentColor" aria-hidden="true">
                <path d={keyPath} />
              </svg>
              <span>{frame.product}</span>
            </a>
            <Sections current={section} isDetail={isDetail === true} />
            <div class="who">
              <p title={frame.username}>{frame.username}</p>
              <a href="/account">Your account</a>
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

const keyPath =
  'M11 2a9 9 0 0 1 8.5 11.9L30 24.4V30h-5.6v-3.4H21v-3.4h-3.4l-2.2-2.2A9 9 0 1 1 11 2Zm0 4.2a3 3 0 0 0-1.6 5.5L8.4 16h5.2l-1-4.3A3 3 0 0 0 11 6.2Z'

const icon = `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' fill='%238a5a00'%3E%3Cpath d='${keyPath}'/%3E%3C/svg%3E`
