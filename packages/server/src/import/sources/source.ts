// What a row of the table of sources is.
import type { Fields } from '../field.ts'
import type { SourceRecord, SourceUser, TellProgress } from '../source-user.ts'

/** A record as a user, or why it is none. `now` in seconds since 1970. */
export type ReadUser = (record: Fields, now: number) => SourceUser | string

export interface Source {
  /** Whether no two users of any of its files ever have the same id. */
  hasUniqueIds: boolean
  /** What the file given with `--with` is; undefined where there is none. */
  companion: string | undefined
  records(file: string, tell: TellProgress): AsyncIterable<SourceRecord>
  /** Reads the companion, if any. Throws an Error with a sentence for one that is not as it should be. */
  prepare(companion: string | undefined): Promise<ReadUser>
}

/** A source without a second file. */
export const alone = (read: ReadUser): Pick<Source, 'companion' | 'prepare'> => ({
  companion: undefined,
  prepare: async () => read,
})

/** Nobody: what a source says nothing of. */
export const nobody: SourceUser = {
  id: undefined,
  username: undefined,
  email: undefined,
  emailVerified: false,
  password: undefined,
  roles: [],
  name: undefined,
  locale: undefined,
  createdAt: undefined,
  isDisabled: false,
  leftBehind: [],
}
