// The token that a command is about: from stdin or a prompt, or, with a word about it, from the arguments.
import { askSecret } from './ask-secret.ts'

/** A hyphen stands for stdin, as with other programs. Throws ConfigError when there is none. */
export async function givenToken(argument: string | undefined): Promise<string> {
  if (argument === undefined || argument === '-') return bare(await askSecret('The token'))
  process.stderr.write(
    "Note: an argument stays in the shell's history and shows in process lists. While this token lives, hand it over on stdin instead.\n",
  )
  return bare(argument)
}

function bare(text: string): string {
  return text.trim().replace(/^Bearer\s+/i, '')
}
