// How old the newest backup is: by the files of a folder, or by the audit log, which remembers `latchkey backup`.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isPostgres } from '../../config.ts'
import { lengthInWords } from '../../words/time-words.ts'
import { error, type Finding, type Ground, note, warning } from './finding.ts'

const oldSeconds = 7 * 86_400

export async function checkBackups(ground: Ground): Promise<readonly Finding[]> {
  const { backups, config, store } = ground
  if (backups !== undefined) return checkFolder(backups)
  if (isPostgres(config.databaseUrl)) {
    const fix = 'latchkey doctor --backups <folder> looks at the files of pg_dump.'
    return [note('backup_unknown', 'Backups of PostgreSQL are made by its own means.', fix)]
  }
  const made = await store?.listAudit({
    cursor: undefined,
    limit: 1,
    userId: undefined,
    event: 'store_backed_up',
  })
  if (made === undefined) return []
  const [newest] = made.items
  if (newest !== undefined) return [aged(newest.atMs, 'latchkey backup was last run')]
  const fix = 'latchkey backup <file>, each night; or say --backups <folder> when they are made otherwise.'
  return [note('backup_unknown', 'No backup was ever made by latchkey backup.', fix)]
}

function checkFolder(folder: string): readonly Finding[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return [
      error('backup_folder', `The folder ${folder} cannot be read.`, 'Name the folder where backups are.'),
    ]
  }
  const files = names.map(name => statSync(join(folder, name))).filter(stat => stat.isFile())
  if (files.length === 0)
    return [
      error('backup_missing', `There is no backup in ${folder}.`, 'latchkey backup <file>, each night.'),
    ]
  return [aged(Math.max(...files.map(stat => stat.mtimeMs)), `The newest file in ${folder} was written`)]
}

function aged(atMs: number, what: string): Finding {
  const ageSeconds = (Date.now() - atMs) / 1000
  const shown = `${what} ${lengthInWords(ageSeconds)} ago.`
  return ageSeconds > oldSeconds
    ? warning('backup_old', shown, 'latchkey backup <file>, each night, and keep the master key apart.')
    : note('backup_age', shown, 'Try a restore from time to time.')
}
