// What a check of `latchkey doctor` works with, and what it comes to.
import type { LoadedConfig } from '../../config.ts'
import type { Store } from '../../store/store.ts'

/** An error has to be put right; a warning should be; a note is worth knowing. */
export type Level = 'error' | 'warning' | 'note'

export interface Finding {
  /** Stable: scripts decide by it. */
  code: string
  level: Level
  /** What is so, in a sentence. */
  what: string
  /** What to do about it; for a note, what it means. */
  fix: string
}

/** What checks look at. */
export interface Ground extends LoadedConfig {
  /** Where the settings were read. */
  folder: string
  issuer: string
  /** Open when the database can be opened as it is: there, whole, and of this version. */
  store: Store | undefined
  /** Where backups are kept, when somebody says so. */
  backups: string | undefined
}

export type Check = (ground: Ground) => Promise<readonly Finding[]> | readonly Finding[]

export const error = (code: string, what: string, fix: string): Finding => ({
  code,
  level: 'error',
  what,
  fix,
})
export const warning = (code: string, what: string, fix: string): Finding => ({
  code,
  level: 'warning',
  what,
  fix,
})
export const note = (code: string, what: string, fix: string): Finding => ({ code, level: 'note', what, fix })
