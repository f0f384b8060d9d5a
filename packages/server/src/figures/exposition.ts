// Metrics as Prometheus reads them: its text format, version 0.0.4.
import type { MetricRow } from './metric-table.ts'
import type { Sample } from './metrics.ts'

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/** One metric: what it is, and its lines. */
export function expose({ name, type, help }: MetricRow, samples: readonly Sample[]): string {
  const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`
  return head + samples.map(sample => lineOf(name, sample)).join('')
}

function lineOf(name: string, { suffix, labels, value }: Sample): string {
  const inner = labels.map(([label, text]) => `${label}="${escapeValue(text)}"`).join(',')
  return `${name}${suffix ?? ''}${inner === '' ? '' : `{${inner}}`} ${value}\n`
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}
