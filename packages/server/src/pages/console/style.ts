// The style of the console. Colours come from the tokens, and are written nowhere else.
import { customProperties, tokens } from '../../theme/tokens.ts'

const rules = `
:root { color-scheme: light dark; --bar: 64px; --soft: color-mix(in srgb, var(--line) 45%, transparent); }
:root[data-scheme=light] { color-scheme: light; }
:root[data-scheme=dark] { color-scheme: dark; }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 88px; }
body { margin: 0; background: var(--page); color: var(--text); font: 400 14px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
.skip { position: absolute; left: -9999px; padding: 12px 16px; background: var(--card); z-index: 4; }
.skip:focus { left: 8px; top: 8px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
main:focus, [tabindex="-1"]:focus { outline: none; }

/* The column at the left, and the bar above the page */
.shell { display: grid; grid-template-columns: 224px minmax(0, 1fr); min-height: 100vh; }
.side { position: sticky; top: 0; display: flex; flex-direction: column; height: 100vh; padding: 0 12px 16px; border-right: 1px solid var(--line); overflow-y: auto; }
.brand { display: flex; align-items: center; gap: 10px; min-height: var(--bar); padding: 0 12px; color: var(--accent); text-decoration: none; font-size: 16px; font-weight: 600; }
.brand span { color: var(--text); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mark { width: 24px; height: 24px; object-fit: contain; flex: none; }
.side ul { margin: 0; padding: 0; list-style: none; }
.side li a { display: flex; align-items: center; gap: 12px; min-height: 36px; margin-bottom: 2px; padding: 4px 12px; border-radius: 6px; color: var(--muted); text-decoration: none; }
.side li a:hover { color: var(--text); background: var(--soft); }
.side li a[aria-current] { color: var(--accent); font-weight: 600; background: var(--card); box-shadow: inset 0 0 0 1px var(--line); }
.icon { width: 18px; height: 18px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.who { margin-top: auto; padding: 12px 12px 0; border-top: 1px solid var(--line); font-size: 14px; }
.who p { margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
.who form { margin-top: 4px; }
.who a { display: inline-flex; align-items: center; min-height: 32px; }
.bar { position: sticky; top: 0; z-index: 3; display: flex; align-items: center; gap: 16px; min-height: var(--bar); padding: 0 32px; background: var(--page); border-bottom: 1px solid var(--line); }
.crumbs { display: flex; min-width: 0; gap: 8px; color: var(--muted); white-space: nowrap; }
.crumbs > :last-child { overflow: hidden; text-overflow: ellipsis; }
.find { width: 100%; max-width: 360px; margin-left: auto; color: var(--muted); }
.find form { position: relative; display: flex; align-items: center; }
.find .icon { position: absolute; left: 12px; pointer-events: none; }
.find input { min-height: 40px; padding: 4px 44px 4px 40px; border-color: var(--line); background: var(--card); }
.find input:hover { border-color: var(--muted); }
.find .key { position: absolute; right: 10px; padding: 0 7px; border: 1px solid var(--line); border-radius: 4px; font: 12px/18px ui-monospace, monospace; pointer-events: none; }
.find input:focus + .key { visibility: hidden; }
main { width: 100%; max-width: 1240px; padding: 28px 32px 80px; }

/* Text */
h1 { margin: 0; font-size: 24px; line-height: 1.3; font-weight: 600; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { margin: 0; font-size: 16px; line-height: 1.5; font-weight: 600; }
p { margin: 0 0 12px; text-wrap: pretty; }
a { color: var(--accent); text-underline-offset: 3px; }
code, .mono { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.muted { color: var(--muted); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
.head { display: flex; flex-wrap: wrap; align-items: flex-start; justify-content: space-between; gap: 12px 24px; margin-bottom: 20px; }
.head > div:first-child { min-width: 0; }
.head p { margin: 4px 0 0; color: var(--muted); max-width: 68ch; }
.title { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
.acts { display: flex; flex-wrap: wrap; gap: 8px; }
.pill { display: inline-flex; align-items: center; gap: 6px; padding: 0 8px; border: 1px solid var(--line); border-radius: 99px; font-size: 13px; line-height: 20px; white-space: nowrap; background: var(--card); color: var(--text); }
.pill.state::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: currentColor; }
.pill.good, .pill.bad, .pill.warn, .pill.accent { font-weight: 600; }
.pill.good { color: var(--good); } .pill.bad { color: var(--bad); } .pill.warn { color: var(--warn); } .pill.accent { color: var(--accent); }
.pills { display: inline-flex; flex-wrap: wrap; gap: 4px; }
.notice, .problem { margin: 0 0 20px; padding: 10px 16px; border: 1px solid currentColor; border-radius: 6px; background: var(--card); }
.notice { color: var(--good); } .problem { color: var(--bad); }
.notice::before { content: "✓ " / ""; } .problem::before { content: "! " / ""; font-weight: 600; }

/* Cards */
.card { margin: 0 0 20px; padding: 20px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 1px 2px rgb(29 27 24 / 5%); }
.card > :last-child { margin-bottom: 0; }
.card > h2 { margin-bottom: 12px; }
.card > .over { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 4px 16px; margin-bottom: 12px; }
.card.danger { border-color: color-mix(in srgb, var(--bad) 55%, var(--line)); }
.card.danger form + p, .card.danger form + h3 { margin-top: 20px; padding-top: 16px; border-top: 1px solid var(--line); }
.split { display: grid; grid-template-columns: minmax(0, 1fr) 340px; gap: 20px; align-items: start; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 24px; margin: 0; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts.pairs { grid-template-columns: max-content minmax(0, 1fr) max-content minmax(0, 1fr); }
.given { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: 8px 12px; margin-bottom: 24px; }
.given > h2, .given > p { grid-column: 1 / -1; margin: 0; }
.secret { margin: 0; padding: 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--page); user-select: all; white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, monospace; }

/* Tables */
.table { margin: 0 0 20px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 1px 2px rgb(29 27 24 / 5%); }
.card > .table { margin: 0 -21px -21px; border-radius: 0 0 8px 8px; box-shadow: none; }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; }
tbody td { overflow-wrap: anywhere; }
th, td { padding: 10px 16px; border-top: 1px solid var(--line); text-align: left; vertical-align: middle; font-weight: 400; }
thead th { padding: 8px 16px; border-top: 0; border-bottom: 1px solid var(--line); color: var(--muted); font-size: 13px; font-weight: 600; white-space: nowrap; }
thead tr + tr th, tbody tr:first-child > * { border-top: 0; }
.table .whole { overflow-wrap: anywhere; }
.table.long thead th { position: sticky; top: var(--bar); z-index: 2; background: var(--card); }
.table.long thead th:first-child { border-top-left-radius: 8px; } .table.long thead th:last-child { border-top-right-radius: 8px; }
thead a { display: inline-flex; align-items: center; gap: 4px; color: inherit; text-decoration: none; }
thead a:hover, thead [aria-sort] a { color: var(--text); }
tbody tr { position: relative; }
tbody th { min-width: 168px; }
th.lane { width: 100%; }
.lane-name { white-space: nowrap; }
.lane-name .title { flex-wrap: nowrap; justify-content: space-between; }
tbody tr:has(a.row):hover > * { background: var(--soft); }
tbody tr:last-child > *:first-child { border-bottom-left-radius: 8px; } tbody tr:last-child > *:last-child { border-bottom-right-radius: 8px; }
a.row { color: var(--text); font-weight: 600; text-decoration: none; overflow-wrap: anywhere; }
a.row::after { content: ""; position: absolute; inset: 0; }
a.row:focus-visible { outline: none; }
a.row:focus-visible::after { outline: 2px solid var(--focus); outline-offset: -2px; border-radius: 4px; }
td form, td .over { position: relative; z-index: 1; }
td.act { width: 1%; white-space: nowrap; text-align: right; padding-top: 4px; padding-bottom: 4px; }
tbody td { overflow-wrap: anywhere; }
td.when, td.number, th.number { white-space: nowrap; }
td.number, th.number { text-align: right; }
.sub { display: block; color: var(--muted); font-size: 13px; font-weight: 400; overflow-wrap: anywhere; }
.name { display: flex; align-items: center; gap: 12px; min-width: 0; }
.name > span:last-child { min-width: 0; }
.face { display: grid; place-items: center; width: 32px; height: 32px; flex: none; border-radius: 50%; background: color-mix(in srgb, var(--accent) 14%, transparent); color: var(--accent); font-size: 14px; font-weight: 600; }
.empty { padding: 40px 24px; text-align: center; color: var(--muted); }
.empty strong { display: block; margin-bottom: 4px; color: var(--text); font-size: 16px; }
.empty p { margin: 0 auto; max-width: 52ch; }
.pager { display: flex; align-items: center; justify-content: space-between; gap: 16px; min-height: 44px; color: var(--muted); }
.pager span:last-child { display: flex; gap: 8px; }

/* Forms */
form { margin: 0; }
label, legend { display: block; padding: 0; font-size: 14px; font-weight: 600; }
label .muted, legend .muted { font-weight: 400; }
.field { margin: 0 0 16px; padding: 0; border: 0; min-width: 0; }
.field > input, .field > select, .field > textarea { margin-top: 4px; }
.help { margin: 4px 0 0; font-size: 13px; color: var(--muted); }
input, select, textarea { display: block; width: 100%; min-width: 0; min-height: 40px; padding: 6px 12px; font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--muted); border-radius: 6px; }
textarea { min-height: 84px; resize: vertical; }
input[type=checkbox] { width: 18px; height: 18px; min-height: 18px; margin: 0; padding: 0; flex: none; accent-color: var(--accent); }
.choice { display: flex; align-items: center; gap: 10px; min-height: 36px; font-weight: 400; }
.choice .sub { margin-left: auto; text-align: right; }
.narrow { max-width: 520px; }
.filters { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 12px; margin-bottom: 16px; }
.filters .field { margin: 0; flex: 0 1 180px; }
.filters .field.broad { flex: 1 1 220px; max-width: 320px; }
.filters label { font-size: 13px; font-weight: 400; color: var(--muted); }
button, .button { max-width: 100%; overflow-wrap: anywhere; display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 40px; padding: 6px 16px; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: 6px; cursor: pointer; text-decoration: none; overflow-wrap: anywhere; }
.filters button, .filters .button, .acts .button, .small { white-space: nowrap; }
button:hover, .button:hover { filter: brightness(1.08); }
button[aria-busy=true] { cursor: progress; opacity: .75; }
button.quiet, .button.quiet { color: var(--text); background: var(--card); border-color: var(--line); }
button.quiet:hover, .button.quiet:hover { border-color: var(--muted); filter: none; }
button.danger, .button.danger { color: var(--bad); background: var(--card); border-color: var(--bad); }
button.danger:hover, .button.danger:hover { background: color-mix(in srgb, var(--bad) 8%, var(--card)); filter: none; }
button.small, .button.small { min-height: 32px; padding: 2px 12px; }
.button[aria-disabled=true] { opacity: .5; pointer-events: none; }
dialog { max-width: 440px; padding: 24px; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 12px 40px rgb(0 0 0 / 24%); }
dialog::backdrop { background: rgb(0 0 0 / 40%); }
dialog p { margin: 8px 0 20px; }
dialog .acts { justify-content: flex-end; }

/* Figures and charts */
.tiles { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); margin: 0 0 20px; padding: 0; list-style: none; background: var(--line); border: 1px solid var(--line); border-radius: 8px; gap: 1px; overflow: hidden; box-shadow: 0 1px 2px rgb(29 27 24 / 5%); }
.tiles li { display: grid; grid-template-columns: minmax(0, 1fr) 112px; align-content: start; gap: 0 16px; padding: 16px 20px; background: var(--card); }
.tiles .label, .tiles .change { grid-column: 1 / 3; }
.tiles .label { color: var(--muted); }
.tiles strong { grid-column: 1; font-size: 28px; line-height: 1.3; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tiles .change { font-size: 13px; color: var(--muted); }
.tiles .change b { font-weight: 600; }
.spark { grid-column: 2; grid-row: 2; align-self: center; width: 100%; height: 32px; overflow: visible; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px; }
.charts > :first-child { grid-column: 1 / -1; }
.charts > :first-child svg { height: 200px; }
.chart { position: relative; margin: 0; padding: 16px 20px 12px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 1px 2px rgb(29 27 24 / 5%); min-width: 0; }
.chart figcaption { display: flex; flex-wrap: wrap; align-items: flex-start; justify-content: space-between; gap: 4px 16px; margin-bottom: 16px; }
.chart figcaption p { margin: 0; font-size: 13px; color: var(--muted); }
.legend { display: flex; min-height: 24px; align-items: center; flex-wrap: wrap; gap: 4px 16px; margin: 0; padding: 0; list-style: none; font-size: 13px; color: var(--muted); }
.legend li { display: flex; align-items: center; gap: 6px; }
.legend b { color: var(--text); font-weight: 600; font-variant-numeric: tabular-nums; }
.swatch { width: 10px; height: 10px; border-radius: 2px; background: currentColor; }
.tone-accent { color: var(--accent); } .tone-bad { color: var(--bad); } .tone-muted { color: var(--muted); } .tone-good { color: var(--good); }
.plot { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 10px; }
.ticks { display: flex; flex-direction: column; justify-content: space-between; margin: -9px 0; text-align: right; }
.ticks, .hours { font-size: 12px; line-height: 18px; color: var(--muted); font-variant-numeric: tabular-nums; }
.hours { grid-column: 2; display: flex; justify-content: space-between; }
.plot svg { display: block; width: 100%; height: 160px; overflow: visible; }
.plot .grid { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
.plot .line, .spark .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }

.plot .dot { fill: none; stroke: currentColor; stroke-width: 6; stroke-linecap: round; vector-effect: non-scaling-stroke; }
.plot .line.thin { stroke-width: 1.5; }
.spark .line { stroke-width: 1.5; }
.plot .area, .spark .area { fill: currentColor; opacity: .1; }
.plot .bar { fill: currentColor; }
.slot { fill: transparent; }
.slot:hover, .slot.on { fill: var(--text); opacity: .06; }
.tip { position: absolute; z-index: 2; padding: 8px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--card); box-shadow: 0 4px 16px rgb(0 0 0 / 16%); font-size: 13px; white-space: pre; pointer-events: none; font-variant-numeric: tabular-nums; }
.chart details { margin-top: 8px; border-top: 1px solid var(--line); font-size: 13px; }
.chart summary { display: flex; align-items: center; min-height: 36px; color: var(--muted); cursor: pointer; }
.chart summary::before { content: "▸" / ""; width: 16px; } .chart details[open] summary::before { content: "▾" / ""; }
.chart .scroll { max-height: 260px; overflow: auto; border: 1px solid var(--line); border-radius: 6px; }
.chart .scroll th, .chart .scroll td { padding: 4px 12px; }
.chart .scroll thead th { position: sticky; top: 0; background: var(--card); }
.chart .empty { display: grid; place-content: center; min-height: 182px; padding: 16px; }

/* Keys on their time line */
.axis { display: flex; justify-content: space-between; color: var(--muted); font-size: 12px; font-weight: 400; }
.track { display: block; width: 100%; height: 20px; overflow: visible; }
.track .ground { fill: var(--soft); }
.track .next { fill: var(--card); stroke: var(--accent); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.track .active { fill: var(--accent); }
.track .retiring { fill: var(--muted); opacity: .55; }
.track .planned { opacity: .28; }
.track .cut { stroke: var(--bad); stroke-width: 2; vector-effect: non-scaling-stroke; }
.track .now { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 3 2; vector-effect: non-scaling-stroke; }
.kinds { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 0 16px; padding: 0; list-style: none; font-size: 13px; color: var(--muted); }
.kinds li { display: flex; align-items: center; gap: 8px; }
.kinds svg { width: 22px; height: 10px; overflow: visible; }

@media (max-width: 1080px) {
  .split { grid-template-columns: minmax(0, 1fr); }
  .charts { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 820px) {
  :root { --bar: 0px; }
  .shell { display: block; }
  .side { position: static; display: grid; grid-template-columns: minmax(0, 1fr) auto; height: auto; padding: 0 16px; border-right: 0; border-bottom: 1px solid var(--line); overflow: visible; }
  .brand { min-height: 56px; padding: 0; }
  .side nav { grid-column: 1 / 3; grid-row: 2; margin: 0 -16px; overflow-x: auto; scrollbar-width: none; mask-image: linear-gradient(90deg, #000 calc(100% - 40px), transparent); }
  .side ul { display: flex; gap: 4px; width: max-content; padding: 0 40px 8px 16px; }
  .side li a { min-height: 44px; margin: 0; padding: 4px 12px; }
  .side li .icon { display: none; }
  .who { margin: 0; padding: 0; border: 0; display: flex; align-items: center; gap: 12px; }
  .who p { display: none; }
  .who form { margin: 0; }
  .who a { min-height: 44px; }
  .bar { position: static; padding: 12px 16px 0; border: 0; }
  .crumbs, .find .key { display: none; }
  .find { max-width: none; }
  .find input, button, .button, input, select { min-height: 44px; }
  button.small, .button.small { min-height: 44px; }
  .find input, input, select, textarea { font-size: 16px; }
  main { padding: 20px 16px 64px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .tiles li { grid-template-columns: minmax(0, 1fr); padding: 12px 16px; }
  .tiles strong { font-size: 24px; }
  .spark { display: none; }
  .wide { display: none; }
  th, td { padding: 10px 12px; }
  thead th { padding: 8px 12px; }
  .card { padding: 16px; } .card > .table { margin: 0 -17px -17px; }
  .chart { padding: 16px 16px 8px; }
  .facts, .facts.pairs { grid-template-columns: minmax(0, 1fr); gap: 0; } .facts dd { margin-bottom: 12px; }
  .filters { gap: 8px; }
  .filters .field { flex: 1 1 28%; }
  .filters .field.broad { flex: 1 1 100%; max-width: none; }
  .filters:not(:has(select)) .field.broad { flex-basis: 60%; }
  .bar:has(+ main .filters [type=search]) { display: none; }
  .table.stack thead { position: absolute; left: -9999px; }
  .table.stack tr { display: block; padding: 12px; border-top: 1px solid var(--line); }
  .table.stack tbody tr:first-child { border-top: 0; }
  .table.stack th, .table.stack td { display: block; padding: 2px 0; border: 0; text-align: left; background: none !important; }
  .table.events tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 12px; }
  .table.events td { grid-column: 1 / 3; }
  .table.events td.what { grid-column: 1; grid-row: 1; }
  .table.events td.when { grid-column: 2; grid-row: 1; font-size: 13px; }
  .table.stack td.act { width: auto; padding-top: 8px; }
  .table.stack td[data-label]::before { content: attr(data-label) " "; color: var(--muted); }
  .table.stack td:empty, .table.stack td:has(> .none:only-child) { display: none; }
  .charts > :first-child { grid-column: auto; }
  .tiles .label, .tiles .change { grid-column: 1; }
}
@media (prefers-reduced-motion: no-preference) { a, button, .button, input, select { transition: color 120ms, background-color 120ms, border-color 120ms, filter 120ms; } }
@media (prefers-contrast: more) { :root { --line: var(--muted); } }
@media print { .side, .bar, button, .filters { display: none; } .shell { display: block; } }
`

export const consoleStyle =
  customProperties(tokens) + rules.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/\n\s*/g, '\n')
