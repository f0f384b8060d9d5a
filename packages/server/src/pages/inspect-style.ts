// The style of the inspector. The parts of a token have a colour each, and their names beside it.

export const inspectStyle = `
.inspector { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 24px 48px; align-items: start; }
.header { color: var(--accent); }
.payload { color: var(--good); }
.signature { color: var(--muted); }
.token {
  display: grid; max-height: 424px; margin-top: 4px; overflow-y: auto; background: var(--card); border: 1px solid var(--muted); border-radius: 6px;
}
.token > * {
  grid-area: 1 / 1; min-height: 206px; margin: 0; padding: 12px; border: 0; border-radius: 0; background: none;
  font: 14px/1.5 ui-monospace, monospace; letter-spacing: 0; white-space: pre-wrap; word-break: break-all; tab-size: 4;
}
.token pre { overflow: hidden; }
.token textarea { width: 100%; color: var(--text); resize: vertical; }
.token textarea:focus-visible { outline: 0; }
.token:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 2px; }
.token.lit textarea { color: transparent; caret-color: var(--text); resize: none; overflow: hidden; z-index: 1; }
.inspector button:disabled { color: var(--muted); background: transparent; border-color: var(--line); cursor: not-allowed; filter: none; }
.parts { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 8px 0 16px; font-weight: 600; }
.parts span::before { content: "■ " / ""; }
#reading { padding-top: 24px; }
#reading .empty { border: 1px dashed var(--muted); border-radius: 8px; margin: 0; }
.summary { font-size: 20px; line-height: 1.4; }
.members { margin: 24px 0; }
.members h2 { margin: 0; padding-bottom: 4px; border-bottom: 2px solid currentColor; }
.members dl { margin: 0; }
.members dl > div { display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 0 16px; padding: 10px 0; border-top: 1px solid var(--line); }
.members dl > div:first-child { border-top: 0; }
.members dt { grid-row: 1 / 3; overflow-wrap: anywhere; }
.members dt code { font-weight: 600; }
.members dd { margin: 0; }
.members .value { overflow-wrap: anywhere; }
.members .words { color: var(--muted); }
.members .section { display: inline-block; }
.members .words strong { color: var(--text); font-weight: 600; }
.verdict { margin-top: 24px; padding: 20px 24px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.verdict h2 { margin: 0 0 4px; }
.verdict > :last-child { margin-bottom: 0; }
.verdict ol { margin: 0 0 12px; padding: 0; list-style: none; }
.verdict li { display: flex; gap: 12px; padding: 6px 0; }
.verdict .sign { flex: none; width: 16px; text-align: center; font-weight: 600; }
.verdict .asks { display: block; font-size: 14px; color: var(--muted); }
.verdict .state { font-size: 14px; }
.verdict .passed .sign, .verdict .passed .state { color: var(--good); }
.verdict .stopped .sign, .verdict .stopped .state { color: var(--bad); font-weight: 600; }
.verdict .not_reached .sign, .verdict .not_reached .state, .verdict .not_reached b { color: var(--muted); }
@media (max-width: 860px) {
  .inspector { grid-template-columns: minmax(0, 1fr); }
  #reading { padding-top: 0; }
  .inspector button { width: 100%; }
}
@media (max-width: 480px) {
  .members dl > div { grid-template-columns: minmax(0, 1fr); }
  .members dt { grid-row: auto; }
  .verdict { padding: 16px; }
}
@media (forced-colors: active) {
  .token pre { display: none; }
  .token.lit textarea { color: CanvasText; }
}
`
