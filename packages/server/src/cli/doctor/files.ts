// Who may read and write what holds secrets: the master key, the database and its folder, .env, the TLS key.
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isPostgres, settings } from '../../config.ts'
import { masterKeySource } from '../../store/master-key-file.ts'
import { sqliteFile } from '../../store/open.ts'
import { error, type Finding, type Ground, warning } from './finding.ts'

export function checkFiles({ folder, config }: Ground): readonly Finding[] {
  const findings = [...checkEnvFile(folder)]
  if (config.tlsKey !== undefined)
    findings.push(...requirePrivate('tls_key_readable', 'The private key of the certificate', config.tlsKey))
  if (isPostgres(config.databaseUrl)) return findings
  const database = sqliteFile(config.databaseUrl)
  findings.push(
    ...requirePrivate('database_readable', 'The database', database),
    ...checkFolder(dirname(database)),
  )
  if (config.masterKey === undefined)
    findings.push(...requirePrivate('master_key_readable', 'The master key', masterKeySource(config).file))
  return findings
}

/** `.env` matters where a secret stands in it. */
export function checkEnvFile(folder: string): readonly Finding[] {
  const file = join(folder, '.env')
  if (!existsSync(file)) return []
  const secrets = Object.values(settings)
    .filter(row => row.secret)
    .map(row => row.env)
  const text = readable(file)
  if (
    text !== undefined &&
    !secrets.some(name => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`, 'm').test(text))
  )
    return []
  return requirePrivate('env_file_readable', 'The file with secrets', file)
}

function readable(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** A file that is its owner's alone. Windows keeps no such mode. */
function requirePrivate(code: string, what: string, file: string): readonly Finding[] {
  if (process.platform === 'win32' || !existsSync(file)) return []
  const { mode } = statSync(file)
  if ((mode & 0o077) === 0) return []
  const shown = (mode & 0o777).toString(8).padStart(4, '0')
  return [
    error(
      code,
      `${what} ${file} has the mode ${shown}: others on this machine can open it.`,
      `chmod 600 ${file}`,
    ),
  ]
}

function checkFolder(folder: string): readonly Finding[] {
  if (!existsSync(folder)) return []
  const findings: Finding[] = []
  const { mode } = statSync(folder)
  if (process.platform !== 'win32' && (mode & 0o022) !== 0) {
    const shown = (mode & 0o777).toString(8).padStart(4, '0')
    const what = `The data folder ${folder} has the mode ${shown}: others can replace the files in it.`
    findings.push(error('data_folder_open', what, `chmod 700 ${folder}`))
  }
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    const what = `This user (${process.getuid?.() ?? '?'}) cannot write into the data folder ${folder}.`
    findings.push(
      error('data_folder_readonly', what, `Run doctor and the server as the folder's owner, or chown -R it.`),
    )
  }
  return findings
}

/** Whether version control would take the file along. */
export function checkIgnored({ folder }: Ground): readonly Finding[] {
  const rules = readable(join(folder, '.gitignore'))
  if (!existsSync(join(folder, '.git')) || !existsSync(join(folder, '.env'))) return []
  if (rules?.split(/\r?\n/).some(line => /^\/?\.env\*?$/.test(line.trim()))) return []
  const what = 'This folder is under version control and .gitignore does not name .env, where secrets are.'
  return [
    warning('env_file_tracked', what, "echo '.env' >> .gitignore, and change the secrets if it was pushed."),
  ]
}
