// The file that holds the master key on a machine where none was configured: made once, readable by its owner alone.
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type Config, ConfigError } from '../config.ts'
import { sqliteFile } from './open.ts'

/** Where the key lives: beside the database. */
function masterKeyFile(databaseFile: string): string {
  return join(dirname(databaseFile), 'master.key')
}

/** Where this configuration's master keys come from. */
export function masterKeySource(config: Pick<Config, 'databaseUrl' | 'masterKey' | 'masterKeyPrevious'>) {
  const file = masterKeyFile(sqliteFile(config.databaseUrl))
  return {
    configured: config.masterKey,
    previous: config.masterKeyPrevious,
    file,
    read: () => readMasterKeyFile(file),
    make: () => makeMasterKeyFile(file),
  }
}

/** The key in the file, or undefined when there is no file. Throws ConfigError when it holds something else. */
function readMasterKeyFile(file: string): Buffer | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigError(`The master key in ${file} cannot be read. Let this user read it.`, {
      cause: error,
    })
  }
  const key = Buffer.from(text, 'base64url')
  if (key.length < 32)
    throw new ConfigError(`${file} does not hold a master key. Restore it from your backup.`)
  return key
}

/** Makes a key. However many processes try at once, one file wins, whole, and all get its key. */
function makeMasterKeyFile(file: string): Buffer {
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeSync(descriptor, `${randomBytes(32).toString('base64url')}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  syncFolder(dirname(file))
  const key = readMasterKeyFile(file)
  if (key === undefined) throw new ConfigError(`${file} vanished while it was made.`)
  return key
}

/** The new name is durable only once its folder is on the disk; Windows has no such call. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
