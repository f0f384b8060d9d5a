// The style of all pages. Colours come from the tokens, and are written nowhere else.
import { customProperties, tokens } from '../theme/tokens.ts'

const rules = `
:root { color-scheme: light dark; }
:root[data-scheme=light] { color-scheme: light; }
:root[data-scheme=dark] { color-scheme: dark; }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text); font: 400 16px/1.5 system-ui, sans-serif;
  overflow-wrap: break-word;
}

/* The bar at the top, and the columns below it */
.skip { position: absolute; left: -9999px; padding: 12px 16px; background: var(--card); z-index: 2; }
.skip:focus { left: 8px; top: 8px; }
.top {
  display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 24px;
  max-width: 1200px; margin: 0 auto; padding: 16px 24px;
}
.brand { display: flex; align-items: center; gap: 12px; min-height: 44px; color: var(--accent); text-decoration: none; }
.brand span { color: var(--text); font-size: 20px; font-weight: 600; }
.mark { width: 28px; height: 28px; object-fit: contain; flex: none; }
.who { display: flex; align-items: center; gap: 16px; min-width: 0; }
.who > a { line-height: 44px; max-width: 240px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.who > form { flex: none; }
main { min-width: 0; margin: 0 auto; padding: 24px 24px 64px; }
.text-page .top, .text-page main { max-width: 768px; }
.wide-page main { max-width: 1200px; }
.card-page .top { justify-content: center; padding-top: 56px; }
.card-page .brand { flex-direction: column; gap: 8px; }
.card-page .mark { width: 40px; height: 40px; }
.card-page main { max-width: 432px; padding: 0 16px 64px; }
.columns { display: grid; grid-template-columns: 208px minmax(0, 1fr); gap: 0 40px; max-width: 1200px; margin: 0 auto; padding: 16px 24px 64px; }
.columns main { width: 100%; margin: 0; padding: 0; }
.text-page .columns { max-width: 960px; }
.text-page:has(.columns) .top { max-width: 960px; }
.sections ul { margin: 0; padding: 0; list-style: none; }
.sections a {
  display: flex; align-items: center; min-height: 40px; padding: 4px 12px; border: 1px solid transparent; border-radius: 6px; color: var(--muted); text-decoration: none;
}
.sections a:hover { color: var(--text); background: var(--card); }
.sections a[aria-current] { color: var(--accent); background: var(--card); border-color: var(--line); font-weight: 600; }

/* Text */
h1 { margin: 0 0 8px; font-size: 28px; line-height: 1.25; font-weight: 600; text-wrap: balance; }
h2 { margin: 0 0 8px; font-size: 20px; line-height: 1.4; font-weight: 600; }
h3 { margin: 0 0 4px; font-size: 16px; font-weight: 600; }
p { margin: 0 0 16px; text-wrap: pretty; }
a { color: var(--accent); text-underline-offset: 4px; text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); }
a:hover { text-decoration-color: currentColor; }
.muted { color: var(--muted); }
.small { font-size: 14px; }
code, pre { font: 14px/1.5 ui-monospace, monospace; }
pre {
  margin: 0 0 12px; padding: 12px; overflow-x: auto; background: var(--page); border: 1px solid var(--line); border-radius: 6px;
}
.wrapped { white-space: pre-wrap; overflow-wrap: anywhere; }
.secret { white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 12px 8px 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
tr:first-child > * { border-top: 0; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
.pill {
  display: inline-block; padding: 0 8px; border: 1px solid currentColor; border-radius: 99px; font-size: 14px; font-weight: 600;
}

/* Cards */
.card {
  margin-top: 24px; padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  box-shadow: 0 1px 3px rgb(29 27 24 / 6%);
}
.card > :last-child { margin-bottom: 0; }
.card.danger { border-color: var(--bad); }
.rows { list-style: none; }
.rows:not(.card) { margin: 0; padding: 0; }
ul.card { margin-bottom: 0; }
.rows > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 16px; padding: 16px 0; border-top: 1px solid var(--line); }
.rows > li:first-child { padding-top: 0; border-top: 0; }
.rows > li:last-child { padding-bottom: 0; }
.rows > li > div { flex: 1 1 240px; min-width: 0; }
.rows p { margin: 0; }
h2.name { margin: 0; font-size: 16px; overflow: hidden; text-overflow: ellipsis; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 24px 0 0; font-size: 14px; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.empty { padding: 32px 24px; text-align: center; color: var(--muted); }
.notice, .problem { margin: 16px 0; padding: 12px 16px; border: 1px solid currentColor; border-radius: 6px; background: var(--card); }
.notice { color: var(--good); }
.problem { color: var(--bad); }
.notice::before { content: "✓  " / ""; }
.problem::before { content: "!  " / ""; font-weight: 600; }
.notice p, .problem p { display: inline; }

/* Forms */
form { margin: 0; }
form.card > h1 { margin-bottom: 16px; }
form.card > h1 + .muted { margin-top: -8px; }
form.card > h2:has(+ .field) { margin-bottom: 16px; }
label, legend { display: block; padding: 0; font-size: 14px; font-weight: 600; }
label .muted { font-weight: 400; }
.field { margin: 0 0 16px; padding: 0; border: 0; min-width: 0; }
.control { position: relative; margin-top: 4px; }
.control[data-show] input { padding-right: 104px; }
.reveal { position: absolute; right: 0; top: 0; padding: 8px 16px; color: var(--muted); background: none; font-size: 14px; font-weight: 400; }
.reveal:hover { color: var(--text); filter: none; }
input, select {
  display: block; width: 100%; min-width: 0; min-height: 44px; padding: 8px 12px; font: inherit; color: var(--text); background: var(--card);
  border: 1px solid var(--muted); border-radius: 6px;
}
label > input { margin-top: 4px; font-weight: 400; }
input[type=checkbox], input[type=radio] { width: 20px; height: 20px; min-height: 20px; margin: 0; padding: 0; flex: none; accent-color: var(--accent); }
.choice { display: flex; align-items: center; gap: 12px; min-height: 44px; font-weight: 400; font-size: 16px; }
input[aria-invalid=true] { border-color: var(--bad); }
.help { margin: 4px 0 0; font-size: 14px; color: var(--muted); }
.strength { display: flex; align-items: center; gap: 12px; min-height: 24px; margin: 4px 0 0; font-size: 14px; color: var(--muted); }
.strength meter { width: 96px; height: 8px; flex: none; }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 44px; padding: 8px 20px; font: inherit; font-weight: 600;
  color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: 6px; cursor: pointer; text-decoration: none;
}
button:hover, .button:hover { filter: brightness(1.08); }

button.quiet, .button.quiet { padding: 8px 16px; color: var(--text); background: transparent; border-color: var(--line); }
button.quiet:hover, .button.quiet:hover { border-color: var(--muted); filter: none; }
button.danger { color: var(--bad); background: transparent; border-color: var(--bad); }
button[aria-busy=true], button[aria-busy=true]:hover { cursor: progress; color: var(--card); background: var(--muted); border-color: transparent; filter: none; }

.card-page form.card button[type=submit], .card-page .button { width: 100%; }
.links { display: flex; flex-wrap: wrap; gap: 0 24px; margin: 16px 0 0; }
.card-page .links { justify-content: center; }
.links a { display: flex; align-items: center; min-height: 44px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 6px; }
main:focus, [tabindex="-1"]:focus { outline: none; }

@media (max-width: 720px) {
  .top { gap: 8px; padding: 8px 16px; }
  .who { gap: 12px; }
  .who > a { max-width: 88px; }
  .card-page .top { padding-top: 32px; }
  main { padding: 16px 16px 48px; }
  .columns { display: block; padding: 8px 16px 48px; }
  .sections { margin-bottom: 24px; }
  .sections ul { display: grid; grid-template-columns: 1fr 1fr; gap: 0 8px; }
  .sections a { min-height: 44px; }
  .card { padding: 20px 16px; }
  .columns form:not(.inline) > button { width: 100%; }
}
@media (pointer: coarse) { .sections a { min-height: 44px; } }
@media (prefers-reduced-motion: no-preference) {
  a, button, input, select { transition: color 120ms, background-color 120ms, border-color 120ms, filter 120ms; }
}
@media (prefers-contrast: more) { :root { --line: var(--muted); } }
@media print { .top, .sections, button { display: none; } }
`

export const style = squeeze(customProperties(tokens) + rules)

/** Without comments and indents: a page's first bytes are few. */
function squeeze(css: string): string {
  return css
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s*\n\s*/g, '')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .replaceAll(/: /g, ':')
}
