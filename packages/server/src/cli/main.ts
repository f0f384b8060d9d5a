// The command line's entrance: runs what was asked for, and turns what went wrong into a sentence and an exit code:
// 0 done, 1 refused or failed, 2 wrong usage or settings. The commands themselves are in program.ts.
import { enableCompileCache } from 'node:module'
import { ConfigError } from '../config.ts'
import { paint } from './paint.ts'
import { createProgram } from './program.ts'

enableCompileCache()

// A name without more words starts the server, as it always did.
const words = process.argv.slice(2)
try {
  await createProgram().parseAsync(words.length === 0 ? ['serve'] : words, { from: 'user' })
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2
  process.stderr.write(`${paint('red', wordsOf(error), process.stderr)}\n`)
  return error instanceof ConfigError ? 2 : 1
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const fields = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  return [error.message, ...fields.map(field => String(field?.message))].join(' ')
}

/** Commander has printed its own sentence by then. */
function isCommanderError(error: unknown): error is { exitCode: number; code: string } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')
}
