// A page that says what came of something, and where to go on.
import type { Frame } from './frame.ts'
import { Layout } from './layout.tsx'

interface MessageFacts {
  frame: Frame
  title: string
  words: string
  link?: { href: string; label: string }
}

export function messagePage({ frame, title, words, link }: MessageFacts) {
  return (
    <Layout title={title} frame={frame} width="card">
      <div class="card">
        <h1>{title}</h1>
        <p>{words}</p>
        {link !== undefined && (
          <a class="button" href={link.href}>
            {link.label}
          </a>
        )}
      </div>
    </Layout>
  )
}
