// The page that shows something once: a link to pass on, the secret of a client.
import { type ConsoleFrame, ConsolePage, type SectionName } from './frame.tsx'

interface GivenFacts {
  frame: ConsoleFrame
  section: SectionName
  title: string
  intro: string
  /** What is handed over, each under its name. */
  things: readonly { name: string; value: string; isSecret?: true }[]
  /** Where to go on. */
  onward: { href: string; words: string }
}

export function givenPage({ frame, section, title, intro, things, onward }: GivenFacts) {
  return (
    <ConsolePage frame={frame} section={section} isDetail title={title} intro={intro}>
      <section class="card narrow">
        {things.map(({ name, value, isSecret }) => (
          <div class="given">
            <h2>{name}</h2>
            <div class="secret" data-copy>
              {value}
            </div>
            {isSecret === true && <p class="warn">Shown this once. Nobody can show it again.</p>}
          </div>
        ))}
      </section>
      <a class="button quiet" href={onward.href}>
        {onward.words}
      </a>
    </ConsolePage>
  )
}
