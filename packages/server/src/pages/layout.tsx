// The frame of every page: head, mark and product name.
import type { Child } from 'hono/jsx'
import { hrefOf } from './assets.ts'

/** A key whose bow is a keyhole. */
function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="currentColor" aria-hidden="true">
      <path d="M11 2a9 9 0 0 1 8.5 11.9L30 24.4V30h-5.6v-3.4H21v-3.4h-3.4l-2.2-2.2A9 9 0 1 1 11 2Zm0 4.2a3 3 0 0 0-1.6 5.5L8.4 16h5.2l-1-4.3A3 3 0 0 0 11 6.2Z" />
    </svg>
  )
}

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' fill='%238a5a00'%3E%3Cpath d='M11 2a9 9 0 0 1 8.5 11.9L30 24.4V30h-5.6v-3.4H21v-3.4h-3.4l-2.2-2.2A9 9 0 1 1 11 2Zm0 4.2a3 3 0 0 0-1.6 5.5L8.4 16h5.2l-1-4.3A3 3 0 0 0 11 6.2Z'/%3E%3C/svg%3E"

export function Layout({ title, children }: { title: string; children: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href={icon} />
        <link rel="stylesheet" href={hrefOf('style.css')} />
        <script type="module" src={hrefOf('form.js')} />
      </head>
      <body>
        <main>
          <div class="brand">
            <Mark size={32} />
            <span>Latchkey</span>
          </div>
          {children}
        </main>
      </body>
    </html>
  )
}
