// The documentation site: the pages of docs/ as they are, in the order of scripts/docs/contents.js. It asks nothing of
// any other host: no font, no script, no count of visitors.
import { defineConfig } from 'vitepress'
import * as compiler from 'vue/compiler-sfc'
import { anchorOf } from '../../scripts/docs/anchor-of.js'
import { leadLinks } from './lead-links.js'
import { colours, icon, markPath } from './look.js'
import { ownVue } from './own-vue.js'
import { otherPapers, placeOf } from './pages.js'
import { sidebar } from './sidebar.js'
import { writeTexts } from './write-texts.js'

export default defineConfig({
  title: 'Latchkey',
  description: 'JWT authorisation in TypeScript: the guard for your API and the login server beside it.',
  lang: 'en-GB',
  srcDir: '..',
  srcExclude: otherPapers,
  rewrites: placeOf,
  // Addresses that a reader's own machine serves; every other dead link ends the build.
  ignoreDeadLinks: 'localhostLinks',
  head: [
    ['link', { rel: 'icon', href: icon }],
    ['style', {}, colours],
  ],
  markdown: {
    anchor: { slugify: anchorOf },
    config: leadLinks,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    markPath,
    sidebar: sidebar(),
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local' },
    docFooter: { prev: 'Before', next: 'Next' },
    notFound: {
      title: 'There is nothing here',
      quote: 'The address may be old. The search knows every page.',
      linkText: 'To the first page',
      linkLabel: 'To the first page',
    },
  },
  vue: { compiler },
  vite: {
    plugins: [ownVue],
    // The search's index is one file, loaded when somebody searches.
    build: { chunkSizeWarningLimit: 2_000 },
  },
  buildEnd: writeTexts,
})
