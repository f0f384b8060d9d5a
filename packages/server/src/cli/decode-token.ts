// `latchkey token decode`: a token in words. Nothing is proven: no key is asked.
import { type Config, issuerOf } from '../config.ts'
import { stateWords } from '../words/ladder.ts'
import type { StepWords } from '../words/token-steps.ts'
import { explainToken, type MemberWords, type TokenWords } from '../words/token-words.ts'
import { givenToken } from './given-token.ts'
import { paint } from './paint.ts'
import { type Printed, printable } from './table.ts'

export async function decodeToken(config: Config, argument: string | undefined): Promise<Printed> {
  const token = await givenToken(argument)
  const issuer = issuerOf(config)
  const rules = { issuer, audience: config.audience ?? [issuer], algorithms: [config.signingAlg] }
  const words = explainToken(token, rules, Date.now())
  return { json: words, text: textOf(words), words: '' }
}

function textOf({ summary, header, claims, steps, refusal }: TokenWords): string {
  const verdict =
    refusal === undefined
      ? 'A server with the settings here refuses it at no step that can be told without its keys.'
      : `A server with the settings here refuses it at the step "${refusal.step}" (${refusal.code}): ${refusal.words}`
  const parts = [
    [printable(summary)],
    section('Header', header.flatMap(memberLines)),
    section('Claims', claims.flatMap(memberLines)),
    section('Steps', steps.map(stepLine)),
    [paint(refusal === undefined ? 'yellow' : 'red', printable(verdict))],
  ]
  return `${parts
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines]
}

function memberLines({ name, value, meaning, section: where, time }: MemberWords): string[] {
  const lines = [`  ${printable(name)}: ${printable(value)}`]
  if (time !== undefined) lines.push(`      ${time}`)
  lines.push(paint('dim', `      ${meaning}${where === undefined ? '' : ` (${where})`}`))
  return lines
}

const colours = { passed: 'green', stopped: 'red', unknown: 'yellow', not_reached: 'dim' } as const
const widest = Math.max(...Object.values(stateWords).map(words => words.length))

function stepLine({ step, state, words }: StepWords): string {
  const outcome = paint(colours[state], stateWords[state].padEnd(widest))
  return `  ${step.padEnd(10)}  ${outcome}  ${printable(words)}`
}
