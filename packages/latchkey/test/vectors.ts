// Published test vectors that stand outside of the project. Where they are absent the tests say so and are skipped.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../../shared/vectors/wycheproof/', import.meta.url))

export const hasWycheproof = existsSync(folder)
export const whyNot = hasWycheproof ? '' : ` (skipped: there is no ${folder})`

export interface Case {
  readonly tcId: number
  readonly comment: string
  readonly result: 'valid' | 'invalid' | 'acceptable'
  readonly jws: string
  readonly msg: string
  readonly sig: string
  readonly key: string
  readonly tag: string
  readonly flags: readonly string[]
}

export interface Group {
  readonly comment: string
  readonly tests: readonly Case[]
  readonly private: Record<string, unknown>
  readonly public?: Record<string, unknown>
  readonly publicKeyPem: string
  readonly publicKeyJwk?: Record<string, unknown>
  readonly tagSize: number
}

/** The groups of one file; none where the folder is absent. */
export function wycheproof(file: string): readonly Group[] {
  if (!hasWycheproof) return []
  // Its shape is what the file's own schema says.
  return (JSON.parse(readFileSync(folder + file, 'utf8')) as { testGroups: Group[] }).testGroups
}
