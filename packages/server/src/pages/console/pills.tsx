// Short words in a frame: states, each with its sign, and names.

type PillTone = 'good' | 'bad' | 'warn' | 'accent' | 'plain'

export function StatePill({ words, tone }: { words: string; tone: PillTone }) {
  return <span class={`pill state ${tone}`}>{words}</span>
}

export function Pills({ names, none }: { names: readonly string[]; none: string }) {
  if (names.length === 0) return <span class="muted">{none}</span>
  return (
    <span class="pills">
      {names.map(name => (
        <span class="pill">{name}</span>
      ))}
    </span>
  )
}
