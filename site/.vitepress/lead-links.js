// A rule of markdown-it: links are written for whoever reads the files, and lead to the same things in the site.
import { relative } from 'node:path'
import { root, targetOf } from './pages.js'

/** The files that pages lead to and that are no pages, by their address in the site. Filled while pages are made. */
export const linkedSources = new Map()

/** Sends every relative link where it leads in the site. */
export function leadLinks(md) {
  md.core.ruler.push('lead_links', ({ tokens, env }) => {
    const file = relative(root, env.realPath ?? env.path).replaceAll('\\', '/')
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        const href = token.type === 'link_open' ? token.attrGet('href') : null
        if (href === null || /^([a-z]+:|#|\/)/.test(href)) continue
        const target = targetOf(decodeURI(href), file)
        token.attrSet('href', target.href)
        if (target.kind === 'source') {
          linkedSources.set(target.href, target.file)
          // A file of its own: the router has no page for it.
          token.attrSet('target', '_self')
        }
      }
    }
  })
}
