// `latchkey config`: what is in force and where it comes from, secrets hidden.
import type { BlockList } from 'node:net'
import { type LoadedConfig, type SettingName, settings, type TrustedProxies } from '../config.ts'
import { type Printed, tableOf } from './table.ts'

/** The settings in force, and in words what was ignored or has no effect. */
export function showConfig({ config, sources, notes }: LoadedConfig): Printed {
  const rows = Object.entries(settings).map(([name, row]) => {
    const value = config[name as SettingName]
    return {
      name: row.env,
      value:
        value === undefined
          ? (row.defaultShown ?? 'none')
          : row.secret
            ? '(hidden)'
            : asText(value, row.default),
      source: sources[name as SettingName],
    }
  })
  return { json: rows, text: tableOf(rows), words: notes.join('\n') }
}

function asText(
  value: string | number | readonly string[] | Uint8Array | TrustedProxies,
  fallback: string | undefined,
): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return /[smhd]$/.test(fallback ?? '') ? `${value}s` : String(value)
  if (value instanceof Uint8Array) return '(hidden)'
  if ('kind' in value) return value.kind === 'hops' ? String(value.hops) : rulesOf(value.list)
  return value.join(', ')
}

function rulesOf(list: BlockList): string {
  return list.rules.join(', ')
}
