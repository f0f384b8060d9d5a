// The question before something that cannot be undone.
import { ConfigError } from '../config.ts'

/** Throws an Error when the answer is no, ConfigError where nobody can be asked. */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new ConfigError(`${question} Nobody can be asked here: say --yes.`)
  const { confirm: ask } = await import('@clack/prompts')
  const answer = await ask({ message: question, initialValue: false, output: process.stderr })
  if (answer !== true) throw new Error('Nothing was changed.')
}
