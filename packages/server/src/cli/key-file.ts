// A key that somebody keeps in a file: PEM, a JWK, or a secret.
import { readFileSync } from 'node:fs'
import { type Algorithm, createKey, type Jwk, type Key } from 'latchkey'
import { ConfigError } from '../config.ts'

export interface KeyFileOptions {
  key?: string
  secretFile?: string
  alg?: string
}

/** The key of the options; undefined when none is named. Throws ConfigError, LatchkeyError `key_too_weak` and its kin. */
export function keyOfFile({ key, secretFile, alg }: KeyFileOptions): Key | undefined {
  if (key !== undefined && secretFile !== undefined)
    throw new ConfigError('Give one of --key and --secret-file.')
  // An unknown name is refused by createKey, which lists the ones that there are.
  const options = { alg: alg as Algorithm | undefined }
  if (secretFile !== undefined)
    return createKey({ secret: readKeyFile(secretFile).replace(/\r?\n$/, '') }, options)
  if (key === undefined) return undefined
  const text = readKeyFile(key)
  if (!text.trimStart().startsWith('{')) return createKey({ pem: text }, options)
  return createKey({ jwk: readJwk(text, key) }, options)
}

function readJwk(text: string, file: string): Jwk {
  try {
    // createKey checks every member of it.
    return JSON.parse(text) as Jwk
  } catch {
    // The parser's own sentence quotes the text, which may be a private key.
    throw new ConfigError(`${file} begins like a JWK and is not JSON.`)
  }
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(`The key in ${file} cannot be read.`, { cause: error })
  }
}
