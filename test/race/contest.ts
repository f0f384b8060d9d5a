// What rivals are told: the thing they use, and how often each of them tries.
import type { AuditRecord, OneTimeId } from '../../packages/server/src/store/records.ts'
import type { Rotation } from '../../packages/server/src/store/store.ts'

export type ContestKind = 'rotation' | 'reset' | 'verify' | 'invite' | 'first_admin'

export interface Contest {
  kind: ContestKind
  times: number
  id: OneTimeId
  rotation: Rotation
  audit: AuditRecord
}
