// Secrets that a person or a script hands in: never an argument, which the shell's history and every process list keep.
import { text } from 'node:stream/consumers'
import { ConfigError } from '../config.ts'

/**
 * Asks at the terminal without showing what is typed, or reads the first line of stdin where that is no terminal.
 * Throws ConfigError when there is nothing, an Error when the question is broken off.
 */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine(await text(process.stdin), question)
  const { isCancel, password } = await import('@clack/prompts')
  // Not even its length is shown.
  const answer = await password({ message: question, mask: '', output: process.stderr })
  if (isCancel(answer)) throw new Error('Nothing was changed.')
  return firstLine(answer ?? '', question)
}

/** As `askSecret`, twice at a terminal: nobody sees what they type. */
export async function askNewSecret(question: string): Promise<string> {
  const first = await askSecret(question)
  if (process.stdin.isTTY && (await askSecret('The same again')) !== first)
    throw new Error('The two are not the same. Nothing was changed.')
  return first
}

function firstLine(given: string, question: string): string {
  const line = given.split(/\r?\n/, 1)[0] ?? ''
  if (line === '') throw new ConfigError(`${question}: nothing was given, at the terminal or on stdin.`)
  return line
}
