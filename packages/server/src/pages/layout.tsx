// The frame of every page: head, the bar at the top, and the columns.
import type { Child } from 'hono/jsx'
import { markPath } from '../theme/mark.ts'
import { hrefOf } from './assets.ts'
import { type Frame, plainFrame } from './frame.ts'
import { textsIn } from './texts.ts'

/** The same key as an icon, in an accent's colour. */
const icon = (accent: string): string =>
  `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' fill='%23${accent.slice(1)}'%3E%3Cpath d='${markPath}'/%3E%3C/svg%3E`

/** The operator's logo; without one, a key whose bow is a keyhole. */
export function Mark({ logoHref }: { logoHref: string | undefined }) {
  return logoHref === undefined ? (
    <svg class="mark" viewBox="0 0 32 32" fill="currentColor" aria-hidden="true">
      <path d={markPath} />
    </svg>
  ) : (
    <img class="mark" src={logoHref} alt="" />
  )
}

interface Section {
  href: string
  label: string
  isCurrent: boolean
}

interface LayoutProps {
  title: string
  children: Child
  frame?: Frame
  /** `card`: one narrow column with the name above it; `text`: a column to read; `wide`: all there is. */
  width?: 'card' | 'text' | 'wide'
  /** The column at the left: what it is called, and where it leads. */
  navigation?: { label: string; sections: readonly Section[] }
  /** Names of assets beside those that every page has. */
  styles?: readonly string[]
  scripts?: readonly string[]
}

export function Layout({
  title,
  children,
  frame = plainFrame,
  width = 'text',
  navigation,
  styles = [],
  scripts = [],
}: LayoutProps) {
  const { product, lang, scheme } = frame
  return (
    <html lang={lang} data-scheme={scheme === 'system' ? undefined : scheme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={scheme === 'system' ? 'light dark' : scheme} />
        <title>{title === product ? title : `${title} · ${product}`}</title>
        <Looks frame={frame} styles={['style.css', ...styles]} />
        {['form.js', ...scripts].map(name => (
          <script type="module" src={hrefOf(name)} />
        ))}
      </head>
      <body class={`${width}-page`}>
        <a class="skip" href="#main">
          {textsIn(lang).frame.skip}
        </a>
        <header class="top">
          <a class="brand" href="/">
            <Mark logoHref={frame.logoHref} />
            <span>{product}</span>
          </a>
          {frame.user !== undefined && <UserMenu lang={lang} user={frame.user} />}
        </header>
        {navigation === undefined ? (
          <main id="main">{children}</main>
        ) : (
          <div class="columns">
            <nav class="sections" aria-label={navigation.label}>
              <ul>
                {navigation.sections.map(({ href, label, isCurrent }) => (
                  <li>
                    <a href={href} aria-current={isCurrent ? 'page' : undefined}>
                      {label}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
            <main id="main">{children}</main>
          </div>
        )}
      </body>
    </html>
  )
}

/** Icon and styles, the operator's own colours last. */
export function Looks({ frame, styles }: { frame: Frame; styles: readonly string[] }) {
  return (
    <>
      <link rel="icon" href={frame.logoHref ?? icon(frame.accent)} />
      {styles.map(name => (
        <link rel="stylesheet" href={hrefOf(name)} />
      ))}
      {frame.themeHref !== undefined && <link rel="stylesheet" href={frame.themeHref} />}
    </>
  )
}

function UserMenu({ lang, user }: { lang: Frame['lang']; user: NonNullable<Frame['user']> }) {
  const { frame } = textsIn(lang)
  return (
    <div class="who">
      {user.isAdministrator && <a href="/admin">{frame.console}</a>}
      <a href="/account" title={frame.account}>
        {user.username}
      </a>
      <form method="post" action="/account/sign-out">
        <button class="quiet" type="submit" data-busy={frame.signingOut}>
          {frame.signOut}
        </button>
      </form>
    </div>
  )
}
