// Everything that is fuzzed by itself, without a running server: the engine, the guard, the server's parsers.
import { guarded } from '../../packages/latchkey/test/fuzz/guard-target.ts'
import { type TargetTable, targets } from '../../packages/latchkey/test/fuzz/targets.ts'
import { parserTargets } from './parser-targets.ts'

export const allTargets: TargetTable = [...targets, ['guard', 30, guarded], ...parserTargets]
