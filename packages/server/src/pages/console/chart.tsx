// Charts over time as SVG that needs no script: hovering tells a step's values, and a table says them all. The plot is
// stretched to its place; words stand outside of it, so that they keep their size.
import { shownHour } from './when.tsx'

export interface Series {
  name: string
  tone: 'accent' | 'bad' | 'muted' | 'good'
  /** A value for each step; undefined where nothing was measured. */
  values: readonly (number | undefined)[]
}

export interface ChartFacts {
  title: string
  kind: 'bars' | 'lines'
  /** When each step begins, in milliseconds since 1970. */
  fromMs: readonly number[]
  stepMs: number
  series: readonly Series[]
  /** A value with its unit. */
  say(value: number): string
  /** One number for a whole series, beside its name. */
  sum(series: Series): string
  /** What is said when there is nothing to draw. */
  empty: string
  /** Where the numbers come from, if not from all there is. */
  note?: string | undefined
}

const slotWidth = 10
const height = 100

export function Chart(facts: ChartFacts) {
  const { title, kind, fromMs, series, say, sum, empty, note } = facts
  const isEmpty = series.every(one => one.values.every(value => (value ?? 0) === 0))
  const stacked = fromMs.map((_, i) => series.reduce((all, one) => all + (one.values[i] ?? 0), 0))
  const highest = kind === 'bars' ? stacked : series.flatMap(one => one.values.map(value => value ?? 0))
  const top = roundUp(Math.max(...highest))
  const width = fromMs.length * slotWidth
  return (
    <figure class="chart">
      <figcaption>
        <div>
          <h2>{title}</h2>
          {note !== undefined && <p>{note}</p>}
        </div>
        {!isEmpty && (
          <ul class="legend">
            {series.map(one => (
              <li>
                <span class={`swatch tone-${one.tone}`} />
                {one.name} <b>{sum(one)}</b>
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      {isEmpty ? (
        <p class="empty">{empty}</p>
      ) : (
        <div class="plot">
          <div class="ticks" aria-hidden="true">
            <span>{say(top)}</span>
            <span>{say(top / 2)}</span>
            <span>{say(0)}</span>
          </div>
          <svg
            viewBox={`0 0 ${width} ${height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={`${title}. The table below says the same.`}
          >
            {[0, height / 2, height].map(y => (
              <line class="grid" x1="0" x2={width} y1={y} y2={y} />
            ))}
            {kind === 'bars' ? <Bars series={series} top={top} /> : <Lines series={series} top={top} />}
            {fromMs.map((from, i) => (
              <rect class="slot" x={i * slotWidth} y="0" width={slotWidth} height={height} data-from={from}>
                <title>{sayStep(facts, i)}</title>
              </rect>
            ))}
          </svg>
          <Hours {...facts} />
        </div>
      )}
      {!isEmpty && <Numbers {...facts} />}
    </figure>
  )
}

function sayStep({ fromMs, stepMs, series, say }: ChartFacts, i: number): string {
  const from = fromMs[i] ?? 0
  const values = series.map(one => `${one.name}: ${sayOrNot(one.values[i], say)}`)
  return [`${shownHour(from)} to ${shownHour(from + stepMs)} UTC`, ...values].join('\n')
}

const sayOrNot = (value: number | undefined, say: ChartFacts['say']): string =>
  value === undefined ? '–' : say(value)

/** The next round number whose half is a whole one. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  const steps = power === 1 ? [2, 4, 6, 8, 10] : [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10]
  return steps.map(step => Math.round(step * power)).find(step => step >= value) ?? value
}

const places = new Intl.NumberFormat('en', { maximumFractionDigits: 2, useGrouping: false })

/** Bars upon each other, the first series lowest. */
function Bars({ series, top }: { series: readonly Series[]; top: number }) {
  const heightOf = (value: number | undefined): number => ((value ?? 0) / top) * height
  return (
    <>
      {series.map((one, s) => (
        <path
          class={`bar tone-${one.tone}`}
          d={one.values
            .map((value, i) => {
              if ((value ?? 0) === 0) return ''
              const below = series.slice(0, s).reduce((all, other) => all + heightOf(other.values[i]), 0)
              const y = height - below - heightOf(value)
              return `M${i * slotWidth + 1.5} ${places.format(y)}h7v${places.format(heightOf(value))}h-7z`
            })
            .join('')}
        />
      ))}
    </>
  )
}

/** A line for each series, broken where nothing was measured. */
function Lines({ series, top }: { series: readonly Series[]; top: number }) {
  return (
    <>
      {series.map((one, s) => {
        const runs = runsOf(one.values, top)
        return (
          <g class={`tone-${one.tone}`}>
            {s === 0 && runs.map(run => <path class="area" d={areaUnder(run)} />)}
            <path class={s === 0 ? 'line' : 'line thin'} d={runs.map(lineThrough).join('')} />
            <path
              class="dot"
              d={runs
                .filter(run => run.length === 1)
                .map(lineThrough)
                .join('')}
            />
          </g>
        )
      })}
    </>
  )
}

interface Point {
  x: number
  y: number
}

function runsOf(values: Series['values'], top: number): Point[][] {
  const runs: Point[][] = []
  for (const [i, value] of values.entries()) {
    if (value === undefined) continue
    const point = { x: (i + 0.5) * slotWidth, y: height - (value / top) * height }
    const isNew = i === 0 || values[i - 1] === undefined
    if (isNew) runs.push([point])
    else runs.at(-1)?.push(point)
  }
  return runs
}

const shown = ({ x, y }: Point): string => `${places.format(x)} ${places.format(y)}`

/** A point that stands alone is drawn as a dot: a line of no length with round ends. */
const lineThrough = (run: readonly Point[]): string =>
  `M${run.map(shown).join('L')}${run.length === 1 ? 'h.01' : ''}`

function areaUnder(run: readonly Point[]): string {
  const [first, last] = [run[0], run.at(-1)]
  if (first === undefined || last === undefined) return ''
  return `M${places.format(first.x)} ${height}L${run.map(shown).join('L')}L${places.format(last.x)} ${height}z`
}

/** The hours under the plot: its beginning, its end, and three between. */
function Hours({ fromMs, stepMs }: ChartFacts) {
  const [first = 0, last = 0] = [fromMs[0], fromMs.at(-1)]
  const instants = Array.from({ length: 5 }, (_, i) => first + ((last + stepMs - first) * i) / 4)
  return (
    <div class="hours" aria-hidden="true">
      {instants.map(at => (
        <span data-hour={at}>{shownHour(at)}</span>
      ))}
    </div>
  )
}

function Numbers({ title, fromMs, series, say }: ChartFacts) {
  return (
    <details>
      <summary>As a table</summary>
      <section class="scroll" tabindex={0} aria-label={`${title} as a table`}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                From <span data-zone>(UTC)</span>
              </th>
              {series.map(one => (
                <th scope="col" class="number">
                  {one.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fromMs.map((from, i) => (
              <tr>
                <th scope="row" data-hour={from}>
                  {shownHour(from)}
                </th>
                {series.map(one => (
                  <td class="number">{sayOrNot(one.values[i], say)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}

/** A small line without words, for beside a number. */
export function Spark({ values, tone }: { values: readonly number[]; tone: Series['tone'] }) {
  const top = Math.max(...values, 1)
  const run = runsOf(values, top)[0] ?? []
  return (
    <svg
      class={`spark tone-${tone}`}
      viewBox={`0 0 ${values.length * slotWidth} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="area" d={areaUnder(run)} />
      <path class="line" d={lineThrough(run)} />
    </svg>
  )
}
