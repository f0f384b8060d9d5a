// A user as another system tells of them, before anything is judged.
import type { HashHints } from './hash-spellings.ts'

export interface SourceUser {
  /** What the other system calls them: with it a second run knows them again. */
  id: string | undefined
  username: string | undefined
  email: string | undefined
  emailVerified: boolean
  /** Undefined for who never had a password. */
  password: { hash: string; hints: Partial<HashHints> } | undefined
  roles: readonly string[]
  name: string | undefined
  locale: string | undefined
  /** Seconds since 1970. */
  createdAt: number | undefined
  isDisabled: boolean
  /** What they have over there and cannot be brought along: "a second factor". */
  leftBehind: readonly string[]
}

/** One record of a file, or why there is none at this place. */
export type SourceRecord =
  | { line: number; kind: 'record'; value: Readonly<Record<string, unknown>> }
  | { line: number; kind: 'problem'; why: string }

export const problem = (line: number, why: string): SourceRecord => ({ line, kind: 'problem', why })

/** Tells how much of a file has been read, from 0 to 1. */
export type TellProgress = (fraction: number) => void

/** Nothing that tells of one user is longer. */
export const maxRecordLength = 1_048_576
