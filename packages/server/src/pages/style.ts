// The style of all pages. A theme replaces the custom properties on :root and nothing else.

export const style = `
:root {
  color-scheme: light dark;
  --page: #fbfaf8; --card: #ffffff; --line: #e4e0d9; --text: #1d1b18; --muted: #625d55;
  --accent: #8a5a00; --on-accent: #ffffff; --good: #1f6f43; --bad: #b3261e; --warn: #8a5300; --focus: #b87a0a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #161412; --card: #1f1c19; --line: #38332d; --text: #f2eee8; --muted: #b0a89c;
    --accent: #f0b849; --on-accent: #1d1606; --good: #6fce97; --bad: #ff8a80; --warn: #f0b849; --focus: #f0b849;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0; padding: 48px 16px; background: var(--page); color: var(--text);
  font: 400 16px/1.5 system-ui, sans-serif;
}
main { max-width: 720px; margin: 0 auto; }
.brand { display: flex; align-items: center; gap: 12px; margin-bottom: 32px; color: var(--accent); }
.brand span { color: var(--text); font-size: 20px; font-weight: 600; }
h1 { margin: 0 0 8px; font-size: 28px; line-height: 1.25; font-weight: 600; text-wrap: balance; }
h2 { margin: 0 0 12px; font-size: 20px; font-weight: 600; }
p { margin: 0 0 16px; }
.muted { color: var(--muted); }
.small { font-size: 14px; }
.card {
  margin-top: 24px; padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  box-shadow: 0 1px 3px rgb(29 27 24 / 6%);
}
.card > :last-child { margin-bottom: 0; }
pre {
  margin: 0 0 12px; padding: 12px; overflow-x: auto; background: var(--page); border: 1px solid var(--line);
  border-radius: 6px; font: 14px/1.5 ui-monospace, monospace;
}
code { font: 14px/1.5 ui-monospace, monospace; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 8px 12px 8px 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
tr:first-child > * { border-top: 0; }
a { color: var(--accent); }
label { display: block; margin-bottom: 16px; font-size: 14px; }
input {
  display: block; width: 100%; min-height: 44px; margin-top: 4px; padding: 8px 12px; font: inherit; font-size: 16px;
  color: var(--text); background: var(--card); border: 1px solid var(--muted); border-radius: 6px;
}
form.card { max-width: 400px; }
button {
  width: 100%; min-height: 44px; padding: 8px 20px; font: inherit; font-weight: 600; color: var(--on-accent);
  background: var(--accent); border: 0; border-radius: 6px; cursor: pointer;
}
.problem { color: var(--bad); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
@media (max-width: 480px) { body { padding-top: 24px; } .card { padding: 16px; } }
`
