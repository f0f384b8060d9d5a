// `latchkey config`: what is in force and where it comes from, secrets hidden.
import type { LoadedConfig } from '../config.ts'
import { showSettings } from '../shown-settings.ts'

/** The settings in force as a table for a terminal, or as JSON. */
export function showConfig(loaded: LoadedConfig, form: 'table' | 'json'): string {
  const rows = showSettings(loaded).map(({ name, value, source }) => ({ name, value, source }))
  if (form === 'json') return `${JSON.stringify(rows, null, 2)}\n`
  const width = Math.max(...rows.map(row => row.name.length))
  const valueWidth = Math.max(...rows.map(row => row.value.length))
  return rows
    .map(row => `${row.name.padEnd(width)}  ${row.value.padEnd(valueWidth)}  ${row.source}\n`)
    .join('')
}
