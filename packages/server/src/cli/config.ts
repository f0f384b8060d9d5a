// `latchkey config`: what is in force and where it comes from, secrets hidden.
import type { BlockList } from 'node:net'
import { type LoadedConfig, type SettingName, settings, type TrustedProxies } from '../config.ts'

interface ShownSetting {
  name: string
  value: string
  source: string
}

/** The settings in force as a table for a terminal, or as JSON. */
export function showConfig({ config, sources }: LoadedConfig, form: 'table' | 'json'): string {
  const rows = Object.entries(settings).map(([name, row]): ShownSetting => {
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
  if (form === 'json') return `${JSON.stringify(rows, null, 2)}\n`
  const width = Math.max(...rows.map(row => row.name.length))
  const valueWidth = Math.max(...rows.map(row => row.value.length))
  return rows
    .map(row => `${row.name.padEnd(width)}  ${row.value.padEnd(valueWidth)}  ${row.source}\n`)
    .join('')
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
