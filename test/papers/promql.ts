// What an expression of PromQL names, read by Prometheus' own grammar.
import { parser } from '@prometheus-io/lezer-promql'

export interface Selector {
  metric: string
  matchers: readonly { label: string; operator: string; value: string }[]
}

export interface ReadExpression {
  /** Where the grammar finds no way on. */
  faults: readonly string[]
  selectors: readonly Selector[]
  /** The labels of `by`, `on` and their kin. */
  grouping: readonly string[]
}

export function readPromql(expression: string): ReadExpression {
  const faults: string[] = []
  const selectors: { metric: string; matchers: { label: string; operator: string; value: string }[] }[] = []
  const grouping: string[] = []
  parser.parse(expression).iterate({
    enter({ name, type, from, to, node }) {
      const text = expression.slice(from, to)
      if (type.isError) faults.push(`no PromQL at ${from}: ${expression.slice(from, from + 30)}`)
      if (name === 'VectorSelector') {
        const identifier = node.getChild('Identifier')
        selectors.push({
          metric: identifier === null ? '' : expression.slice(identifier.from, identifier.to),
          matchers: [],
        })
      }
      if (name === 'UnquotedLabelMatcher') {
        const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(text) ?? []
        selectors.at(-1)?.matchers.push({ label, operator, value })
      }
      if (name === 'GroupingLabels') grouping.push(...(text.match(/\w+/g) ?? []))
    },
  })
  return { faults, selectors, grouping }
}
