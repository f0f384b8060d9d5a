// The settings in force as people may see them: where each comes from, secrets hidden.
import type { BlockList } from 'node:net'
import { type LoadedConfig, type SettingName, settings, type TrustedProxies } from './config.ts'

export interface ShownSetting {
  name: string
  value: string
  /** Unknown to who embeds the server with settings that were loaded elsewhere. */
  source: LoadedConfig['sources'][SettingName] | 'unknown'
  meaning: string
}

export function showSettings({
  config,
  sources,
}: Pick<LoadedConfig, 'config'> & { sources: LoadedConfig['sources'] | undefined }): readonly ShownSetting[] {
  return Object.entries(settings).map(([name, row]) => {
    const value = config[name as SettingName]
    return {
      name: row.env,
      value:
        value === undefined
          ? (row.defaultShown ?? 'none')
          : row.secret
            ? '(hidden)'
            : asText(value, row.default),
      source: sources?.[name as SettingName] ?? 'unknown',
      meaning: row.meaning,
    }
  })
}

function asText(
  value: string | number | readonly string[] | Uint8Array | TrustedProxies,
  fallback: string | undefined,
): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return /[smhd]$/.test(fallback ?? '') ? inTime(value) : String(value)
  if (value instanceof Uint8Array) return '(hidden)'
  if ('kind' in value) return value.kind === 'hops' ? String(value.hops) : rulesOf(value.list)
  return value.join(', ')
}

const units: [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
]

/** Seconds in the largest unit that has them whole, as a setting may be written: `30d`, `1h`, `90s`. */
function inTime(seconds: number): string {
  const [unit, length] = units.find(([, one]) => seconds >= one && seconds % one === 0) ?? ['s', 1]
  return `${seconds / length}${unit}`
}

function rulesOf(list: BlockList): string {
  return list.rules.join(', ')
}
