// Reads Prometheus' text format, version 0.0.4, as strictly as its definition is written ("Exposition formats", "Text
// format details", https://prometheus.io/docs/instrumenting/exposition_formats/), and throws for what breaks it.

export interface ParsedSample {
  name: string
  labels: Readonly<Record<string, string>>
  value: number
}

export interface ParsedMetric {
  name: string
  help: string | undefined
  type: string
  samples: ParsedSample[]
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const labelName = '[a-zA-Z_][a-zA-Z0-9_]*'
const help = new RegExp(`^# HELP (${metricName}) (.*)$`)
const type = new RegExp(`^# TYPE (${metricName}) (counter|gauge|histogram|summary|untyped)$`)
const sample = new RegExp(`^(${metricName})(?:\\{(.*)\\})? (\\S+)$`)
const label = new RegExp(`^(${labelName})="((?:[^"\\\\\\n]|\\\\[\\\\"n])*)"(?:,|$)`)

export function parseExposition(text: string): Map<string, ParsedMetric> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const metrics = new Map<string, ParsedMetric>()
  const seen = new Set<string>()
  let current: ParsedMetric | undefined
  /** The metric that a line belongs to: all lines of one stand together. */
  const metricOf = (name: string): ParsedMetric => {
    if (current?.name === name) return current
    if (metrics.has(name)) throw new Error(`the lines of ${name} are no single group`)
    current = { name, help: undefined, type: 'untyped', samples: [] }
    metrics.set(name, current)
    return current
  }
  for (const line of text.slice(0, -1).split('\n')) {
    const [, helped, words = ''] = help.exec(line) ?? []
    const [, typed, kind = ''] = type.exec(line) ?? []
    if (helped !== undefined) takeHelp(metricOf(helped), words)
    else if (typed !== undefined) takeType(metricOf(typed), kind)
    else {
      const one = parseSample(line)
      const key = JSON.stringify([one.name, Object.entries(one.labels).sort()])
      if (seen.has(key)) throw new Error(`this comes twice: ${line}`)
      seen.add(key)
      metricOf(familyOf(one.name, current)).samples.push(one)
    }
  }
  for (const metric of metrics.values()) if (metric.type === 'histogram') checkHistogram(metric)
  return metrics
}

function takeHelp(metric: ParsedMetric, words: string): void {
  if (metric.help !== undefined) throw new Error(`a second HELP of ${metric.name}`)
  if (words.replaceAll(/\\[\\n]/g, '').includes('\\'))
    throw new Error(`a backslash that is not escaped: ${words}`)
  metric.help = unescaped(words)
}

function takeType(metric: ParsedMetric, kind: string): void {
  if (metric.type !== 'untyped' || metric.samples.length > 0)
    throw new Error(`the TYPE of ${metric.name} comes late`)
  metric.type = kind
}

function parseSample(line: string): ParsedSample {
  const [, name = '', inner, text = ''] = sample.exec(line) ?? []
  if (name === '') throw new Error(`not a line of the format: ${line}`)
  const value = text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text)
  if (Number.isNaN(value) && text !== 'NaN') throw new Error(`no number: ${line}`)
  return { name, labels: inner === undefined ? {} : parseLabels(inner), value }
}

function parseLabels(inner: string): Record<string, string> {
  const labels: Record<string, string> = {}
  for (let rest = inner; rest !== ''; ) {
    const [whole = '', name = '', escaped = ''] = label.exec(rest) ?? []
    if (whole === '') throw new Error(`no labels: ${inner}`)
    if (labels[name] !== undefined) throw new Error(`a label comes twice: ${inner}`)
    labels[name] = unescaped(escaped)
    rest = rest.slice(whole.length)
  }
  return labels
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign))
}

/** A histogram's samples have names of their own. */
function familyOf(name: string, current: ParsedMetric | undefined): string {
  const isPart =
    current?.type === 'histogram' &&
    ['_bucket', '_sum', '_count'].some(suffix => name === current.name + suffix)
  return isPart ? current.name : name
}

function checkHistogram({ name, samples }: ParsedMetric): void {
  const groups = new Map<string, ParsedSample[]>()
  for (const one of samples) {
    const { le: _le, ...rest } = one.labels
    const key = JSON.stringify(rest)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  for (const [key, parts] of groups) {
    const where = `${name}${key}`
    const buckets = parts.filter(part => part.name === `${name}_bucket`)
    const bounds = buckets.map(({ labels }) => (labels['le'] === '+Inf' ? Infinity : Number(labels['le'])))
    const counts = buckets.map(({ value }) => value)
    const total = parts.find(part => part.name === `${name}_count`)?.value
    const sum = parts.find(part => part.name === `${name}_sum`)?.value
    if (bounds.at(-1) !== Infinity) throw new Error(`${where} has no bucket for everything`)
    if (bounds.some((bound, at) => at > 0 && !(bound > (bounds[at - 1] ?? 0))))
      throw new Error(`${where}: bounds do not grow`)
    if (counts.some((count, at) => at > 0 && count < (counts[at - 1] ?? 0)))
      throw new Error(`${where}: a bucket is smaller than the one before`)
    if (total === undefined || total !== counts.at(-1))
      throw new Error(`${where}: count is not the last bucket`)
    if (sum === undefined || (total === 0) !== (sum === 0 && total === 0)) throw new Error(`${where}: no sum`)
    // Each value is above the bound before its bucket, and at most its bucket's.
    const shares = counts.map((count, at) => count - (counts[at - 1] ?? 0))
    const least = shares.reduce((all, share, at) => all + share * (bounds[at - 1] ?? 0), 0)
    const most = shares.reduce((all, share, at) => all + (share === 0 ? 0 : share * (bounds[at] ?? 0)), 0)
    if (sum < least - 1e-9 || sum > most + 1e-9)
      throw new Error(`${where}: the sum is not that of the buckets`)
  }
}
