// The dashboard, the alerts and the scrape configuration of deploy/: their expressions are PromQL, name metrics that a
// real answer has, with labels and values that these metrics have, and every alert leads to its place in the runbook.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  countedMetrics,
  type MetricRow,
  readMetrics,
} from '../../packages/server/src/figures/metric-table.ts'
import { routes } from '../../packages/server/src/http/routes.ts'
import { type ParsedMetric, parseExposition } from '../../packages/server/test/figures/parse-exposition.ts'
import { root } from '../imports.ts'
import { startServer } from '../server-process.ts'
import { readPromql } from './promql.ts'

interface Panel {
  id: number
  type: string
  title: string
  description?: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: readonly { expr: string; refId: string }[]
}

interface Alert {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; runbook_url: string }
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const dashboard = JSON.parse(read('deploy/grafana/latchkey.json')) as {
  title: string
  panels: readonly Panel[]
  templating: { list: readonly { name: string; definition?: string }[] }
}
const alerts = (
  parse(read('deploy/prometheus/alerts.yml')) as { groups: readonly { rules: readonly Alert[] }[] }
).groups.flatMap(({ rules }) => rules)

let metrics: Map<string, ParsedMetric>
beforeAll(async () => {
  const server = await startServer()
  metrics = parseExposition(await (await fetch(`${server.url}/metrics`)).text())
  await server.end()
})

const rows = new Map<string, MetricRow>(
  [...Object.values(countedMetrics), ...Object.values(readMetrics)].map(row => [row.name, row]),
)
/** What Prometheus puts on everything that it reads, and what it says of reading itself. */
const everywhere = ['job', 'instance']
const ofPrometheus = ['up']

const statuses = ['2xx', '3xx', '4xx', '5xx']
/** The values that a label can have, where they are known. */
function valuesOf({ values }: MetricRow, label: string): readonly string[] | undefined {
  if (label === 'route') return [...routes.map(({ path }) => path), 'none']
  if (label === 'status') return statuses
  if (label === 'state') return ['next', 'active', 'retiring', 'idle', 'busy']
  return values
}

function familyOf(metric: string): MetricRow | undefined {
  const own = rows.get(metric)
  if (own !== undefined) return own
  const family = rows.get(metric.replace(/_(bucket|sum|count)$/, ''))
  return family?.type === 'histogram' ? family : undefined
}

/** What is wrong with an expression. */
function faultsOf(expression: string): string[] {
  // What Grafana puts in before it asks.
  const filled = expression.replaceAll('$__rate_interval', '5m').replaceAll(/\$\w+/g, 'x')
  const { faults, selectors, grouping } = readPromql(filled)
  const labels = new Set(everywhere)
  const more = selectors.flatMap(({ metric, matchers }) => {
    if (ofPrometheus.includes(metric)) return []
    const row = familyOf(metric)
    if (row === undefined || !metrics.has(row.name)) return [`there is no metric ${metric}`]
    if (row.type === 'histogram' && row.name === metric) return [`${metric} has no samples of its own name`]
    const own = [...(row.labels ?? []), ...everywhere, ...(metric.endsWith('_bucket') ? ['le'] : [])]
    for (const label of own) labels.add(label)
    return matchers.flatMap(({ label, operator, value }) => {
      if (!own.includes(label)) return [`${metric} has no label ${label}`]
      const known = everywhere.includes(label) ? undefined : valuesOf(row, label)
      const given = operator.endsWith('~') ? value.split('|') : [value]
      return given
        .filter(one => known !== undefined && !known.includes(one))
        .map(one => `${metric}: ${label} is never ${one}`)
    })
  })
  const strange = grouping.filter(label => !labels.has(label)).map(label => `nothing has the label ${label}`)
  return [...faults, ...more, ...strange].map(fault => `${fault} in ${expression}`)
}

test('the check itself finds what is wrong', () => {
  expect(faultsOf('rate(latchkey_logins_total{outcome="success"}[5m])')).toEqual([])
  for (const [expression, fault] of [
    ['rate(latchkey_login_total[5m])', /no metric/],
    ['latchkey_logins_total{result="success"}', /no label result/],
    ['latchkey_logins_total{outcome=~"success|sucess"}', /never sucess/],
    ['sum by (route) (latchkey_logins_total)', /label route/],
    ['rate(latchkey_hash_duration_seconds[5m])', /no samples/],
    ['sum by (le (rate(latchkey_logins_total[5m]))', /no PromQL/],
    ['histogram_quantil(0.9, latchkey_revoked_ids)', /no PromQL/],
  ] as const)
    expect(faultsOf(expression).join(), expression).toMatch(fault)
})

describe('deploy/grafana/latchkey.json', () => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row')

  test('asks in PromQL for metrics and labels that there are', () => {
    const asked = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    expect(asked.length).toBeGreaterThan(25)
    expect(asked.flatMap(faultsOf)).toEqual([])
  })

  test('has a panel for everything that is measured', () => {
    const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n')
    expect([...rows.keys()].filter(name => !shown.includes(name))).toEqual([])
  })

  test('numbers its panels once, says what each shows, and lays none over another', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    for (const { title, description = '' } of panels) expect(description, title).toMatch(/\w\.$/)
    const places = new Set<string>()
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(places.has(`${x},${y}`), `${title} at ${x},${y}`).toBe(false)
          places.add(`${x},${y}`)
        }
    }
  })
})

test('deploy/prometheus/prometheus.yml signs in as a client with the scope that the route asks for', () => {
  const { rule_files, scrape_configs } = parse(read('deploy/prometheus/prometheus.yml')) as {
    rule_files: readonly string[]
    scrape_configs: readonly {
      metrics_path?: string
      oauth2: { token_url: string; scopes: readonly string[] }
      http_headers: Record<string, { values: readonly string[] }>
    }[]
  }
  for (const file of rule_files) expect(existsSync(join(root, 'deploy/prometheus', file))).toBe(true)
  expect(scrape_configs.length).toBeGreaterThan(0)
  for (const { metrics_path = '/metrics', oauth2, http_headers } of scrape_configs) {
    const route = routes.find(({ method, path }) => method === 'GET' && path === metrics_path)
    expect(oauth2.scopes).toEqual([route?.scope])
    const { pathname } = new URL(oauth2.token_url)
    expect(routes.some(({ method, path }) => method === 'POST' && path === pathname)).toBe(true)
    expect(http_headers).toEqual({ 'X-Forwarded-Proto': { values: ['https'] } })
  }
})

describe('deploy/prometheus/alerts.yml', () => {
  const runbook = read('docs/operating.md')
  const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(/\s/g, '-'),
  )

  test.each(alerts.map(alert => [alert.alert, alert] as const))(
    '%s',
    (name, { expr, labels, annotations }) => {
      expect(faultsOf(expr)).toEqual([])
      expect(['page', 'ticket']).toContain(labels.severity)
      expect(annotations.summary).toMatch(/\w/)
      const [page, anchor = ''] = annotations.runbook_url.split('#')
      expect(page).toBe('docs/operating.md')
      expect(anchor).toBe(name.toLowerCase())
      expect(anchors).toContain(anchor)
    },
  )

  test('has each alert once, and the runbook no alert beside them', () => {
    const names = alerts.map(({ alert }) => alert)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(15)
    const told = [...runbook.matchAll(/^#+ (Latchkey[A-Z]\w+)$/gm)].map(([, heading]) => heading)
    expect(told.toSorted()).toEqual(names.toSorted())
  })
})
