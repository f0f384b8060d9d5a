// The style of the API's page.

export const docsStyle = `
html { scroll-padding-top: 16px; }
.wide-page .sections { position: sticky; top: 16px; align-self: start; }
.group { margin-top: 40px; }
.group > table th { width: 46%; }
h4 { margin: 20px 0 4px; font-size: 16px; font-weight: 600; }
.operation { margin-top: 8px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.operation > summary {
  display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr) auto; gap: 0 16px; align-items: baseline; min-height: 44px; padding: 9px 16px;
  cursor: pointer; list-style: none;
}
.operation > summary::-webkit-details-marker { display: none; }
.operation > summary::after { content: "+" / ""; color: var(--muted); font-weight: 600; }
.operation[open] > summary::after { content: "−" / ""; }
.operation > summary:hover .summary { color: var(--text); }
.operation h3 { margin: 0; font-weight: 400; }
.operation .summary { color: var(--muted); }
.inside { padding: 4px 16px 20px; border-top: 1px solid var(--line); }
.inside > p { margin: 12px 0; }
.address { display: grid; grid-template-columns: auto minmax(0, 1fr); align-items: baseline; gap: 0 8px; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 56px; font: 600 14px/1.5 ui-monospace, monospace; }
.method.get { color: var(--good); }
.method.post, .method.patch { color: var(--accent); }
.method.delete { color: var(--bad); }
.line { display: flex; gap: 8px; align-items: start; }
.line pre { flex: 1; min-width: 0; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.fields th { width: 200px; overflow-wrap: anywhere; }
.fields tr:first-child > * { border-top: 1px solid var(--line); }
.fields .kind { display: block; font-size: 14px; color: var(--muted); }
.code-line { display: block; }
.answer { margin-bottom: 8px; }
.answer p { margin: 8px 0; }
.answer pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.more > summary { display: flex; align-items: center; min-height: 44px; color: var(--accent); cursor: pointer; }
.more > summary::before { content: "▸ " / ""; white-space: pre; }
.more[open] > summary::before { content: "▾ " / ""; }
textarea {
  display: block; width: 100%; margin-top: 4px; padding: 8px 12px; font: 14px/1.5 ui-monospace, monospace; color: var(--text);
  background: var(--card); border: 1px solid var(--muted); border-radius: 6px; resize: vertical;
  field-sizing: content;
}
.try { margin-top: 24px; padding-top: 4px; border-top: 1px solid var(--line); }
.try label + input { margin-top: 4px; }
.try-session .sign-in { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; margin-bottom: 8px; }
.try-session .sign-in > div { flex: 1 1 180px; }
.try-session .sign-in input { margin-top: 4px; }
.try-session .signed-in { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; }
.try-session .signed-in p { margin: 0; }
.try-session .outcome { margin: 8px 0; }
.try-session .outcome:empty { display: none; }
.result pre { max-height: 480px; overflow: auto; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.result p { margin: 16px 0 8px; font-weight: 600; }
[hidden] { display: none !important; }
@media (max-width: 720px) {
  .wide-page .sections { position: static; }
  .operation > summary { grid-template-columns: minmax(0, 1fr) auto; }
  .operation > summary::after { grid-area: 1 / 2 / 3; align-self: center; }
  .group > table, .group > table > tbody, .group > table tr, .group > table th, .group > table td { display: block; width: auto; }
  .group > table th { width: auto; padding-bottom: 0; }
  .group > table td { padding-top: 0; border-top: 0; color: var(--muted); }
  .line { flex-direction: column; align-items: stretch; }
  .fields, .fields tbody, .fields tr, .fields th, .fields td { display: block; width: auto; }
  .fields th { padding-bottom: 0; }
  .fields td { padding-top: 0; border-top: 0; }
  .fields tr:first-child > td { border-top: 0; }
  .try > button { width: 100%; }
}
`
