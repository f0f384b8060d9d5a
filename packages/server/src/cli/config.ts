// `latchkey config`: what is in force and where it comes from, secrets hidden.
import type { LoadedConfig } from '../config.ts'
import { showSettings } from '../shown-settings.ts'
import { type Printed, tableOf } from './table.ts'

/** The settings in force, and in words what was ignored or has no effect. */
export function showConfig(loaded: LoadedConfig): Printed {
  const rows = showSettings(loaded).map(({ name, value, source }) => ({ name, value, source }))
  return { json: rows, text: tableOf(rows), words: loaded.notes.join('\n') }
}
