// What may become of a line, by code. docs/migrate/csv.md has the same table.

export const importOutcomes = {
  imported: 'imported',
  already_there: 'known',
  repeated: 'known',
  unreadable: 'refused',
  no_user: 'refused',
  bad_address: 'refused',
  bad_username: 'refused',
  bad_hash: 'refused',
  no_sign_in: 'refused',
  username_taken: 'refused',
  address_taken: 'refused',
} as const

export type ImportCode = keyof typeof importOutcomes

/** Why a record does not become a user, in words that repeat nothing of a password. */
export interface Refusal {
  kind: 'refused'
  code: ImportCode
  why: string
}

export const refusal = (code: ImportCode, why: string): Refusal => ({ kind: 'refused', code, why })
