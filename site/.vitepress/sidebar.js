// The sidebar: the sections of docs/ with the first heading of each page.
import { posix } from 'node:path'
import { contents } from '../../scripts/docs/contents.js'
import { placeOf } from './pages.js'

/** The sections as VitePress takes them; each link is a page's own address. */
export function sidebar() {
  return contents().map(({ title, pages }) => ({
    text: title,
    items: pages.map(one => ({ text: one.title, link: linkTo(posix.normalize(`docs/${one.path}`)) })),
  }))
}

/** The address of a page that is a file of the repository. */
function linkTo(file) {
  return `/${placeOf(file)
    .replace(/(^|\/)index\.md$/, '$1')
    .replace(/\.md$/, '')}`
}
