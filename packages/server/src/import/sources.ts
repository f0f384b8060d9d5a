// The systems that users come from, a row each.
import { auth0 } from './sources/auth0.ts'
import { betterAuth } from './sources/better-auth.ts'
import { firebase } from './sources/firebase.ts'
import { keycloak } from './sources/keycloak.ts'
import { csv, jsonl } from './sources/plain.ts'
import type { Source } from './sources/source.ts'
import { supabase } from './sources/supabase.ts'

export const sources = {
  csv,
  jsonl,
  auth0,
  firebase,
  supabase,
  keycloak,
  'better-auth': betterAuth,
} as const satisfies Record<string, Source>

export type SourceName = keyof typeof sources
