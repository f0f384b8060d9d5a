// `latchkey completion`: what completes the commands in a shell, made from the tree of commands itself.
import type { Command } from 'commander'
import { ConfigError } from '../config.ts'
import type { Printed } from './table.ts'

/** A place in the tree, and what may follow there. */
interface Place {
  /** The words that lead there, the program's own name left out. */
  words: readonly string[]
  followers: readonly Follower[]
}

interface Follower {
  word: string
  meaning: string
}

type ShellScript = (places: readonly Place[]) => string

const shells: Readonly<Record<string, { script: ShellScript; use: string }>> = {
  bash: { script: bashScript, use: 'latchkey completion bash >> ~/.bashrc' },
  zsh: { script: zshScript, use: 'latchkey completion zsh > ~/.zfunc/_latchkey, with ~/.zfunc in fpath' },
  fish: { script: fishScript, use: 'latchkey completion fish > ~/.config/fish/completions/latchkey.fish' },
}

/** The script for a shell. Throws ConfigError for one that is not known. */
export function completion(program: Command, shell: string): Printed {
  const row = Object.hasOwn(shells, shell) ? shells[shell] : undefined
  if (row === undefined)
    throw new ConfigError(`There are completions for ${Object.keys(shells).join(', ')}; not for ${shell}.`)
  const words = process.stdout.isTTY ? `To keep it: ${row.use}` : ''
  return { json: undefined, text: row.script(placesOf(program, [])), words }
}

function placesOf(command: Command, words: readonly string[]): readonly Place[] {
  const followers = [
    ...command.commands.map(one => ({ word: one.name(), meaning: one.description() })),
    ...command.options.map(one => ({ word: one.long ?? one.short ?? '', meaning: one.description })),
    { word: '--help', meaning: 'print help' },
  ]
  return [
    { words, followers },
    ...command.commands.flatMap(one => [...placesOf(one, [...words, one.name()])]),
  ]
}

const keyOf = ({ words }: Place): string => words.map(word => ` ${word}`).join('')
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

function bashScript(places: readonly Place[]): string {
  const known = places.slice(1).map(place => quoted(keyOf(place)))
  const cases = places.map(place => {
    const words = place.followers.map(follower => follower.word).join(' ')
    return `    ${quoted(keyOf(place))}) COMPREPLY=($(compgen -W ${quoted(words)} -- "$typed")) ;;`
  })
  return `_latchkey() {
  local typed=\${COMP_WORDS[COMP_CWORD]} place= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place $word" in
      ${known.join('|')}) place="$place $word" ;;
    esac
  done
  case "$place" in
${cases.join('\n')}
  esac
}
complete -o default -F _latchkey latchkey
`
}

function zshScript(places: readonly Place[]): string {
  const known = places.slice(1).map(place => quoted(keyOf(place)))
  const cases = places.map(place => {
    const followers = place.followers.map(({ word, meaning }) =>
      quoted(`${word}:${meaning.replaceAll(':', '\\:')}`),
    )
    return `    (${quoted(keyOf(place))}) found=(${followers.join(' ')}) ;;`
  })
  return `#compdef latchkey
_latchkey() {
  local place= word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
      (${known.join('|')}) place="$place $word" ;;
    esac
  done
  case "$place" in
${cases.join('\n')}
  esac
  _describe 'latchkey' found || _files
}
compdef _latchkey latchkey
`
}

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(place =>
    place.followers.map(({ word, meaning }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`
      return `complete -c latchkey -n ${quoted(conditionOf(place))} ${what} -d ${quoted(meaning)}`
    }),
  )
  return `${lines.join('\n')}\n`
}

function conditionOf({ words, followers }: Place): string {
  if (words.length === 0) return '__fish_use_subcommand'
  const seen = words.map(word => `__fish_seen_subcommand_from ${word}`)
  const below = followers.map(({ word }) => word).filter(word => !word.startsWith('-'))
  if (below.length > 0) seen.push(`not __fish_seen_subcommand_from ${below.join(' ')}`)
  return seen.join('; and ')
}
