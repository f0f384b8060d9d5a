// Markdown out of values: tables, and text that says the same outside of code.

/** Outside of code an angle bracket would begin an element. */
export const escaped = text =>
  String(text)
    .split('`')
    .map((piece, at) => (at % 2 === 1 ? piece : piece.replaceAll('<', '&lt;')))
    .join('`')

const row = cells => `| ${cells.map(one => escaped(one).replaceAll('|', '\\|')).join(' | ')} |`

export const table = (heads, rows) => [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n')
