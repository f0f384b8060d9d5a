// VitePress's own theme without its fonts, in Latchkey's colours, with the mark before the name.
import { useData } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { h } from 'vue'
import './style.css'

function Mark() {
  const { theme } = useData()
  const shape = { class: 'mark', viewBox: '0 0 32 32', fill: 'currentColor', 'aria-hidden': 'true' }
  return h('svg', shape, [h('path', { d: theme.value.markPath })])
}

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'nav-bar-title-before': () => h(Mark) }),
}
