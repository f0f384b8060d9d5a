// Firebase: what `firebase auth:export users.json` writes (firebase.google.com, "auth:import and auth:export"), with the
// password hash parameters that the console shows. What scrypt gives is an encryption key there: hash/scrypt.ts.
import { readFile } from 'node:fs/promises'
import { unpadded } from '../../hash/phc.ts'
import { fieldsOf, instantOf, isYes, namesOf, textOf } from '../field.ts'
import { jsonElements } from '../json-elements.ts'
import { nobody, type ReadUser, type Source } from './source.ts'

interface HashParameters {
  signerKey: string
  separator: string
  rounds: string
  memCost: string
}

/** As the console shows them, or as JSON. */
async function readParameters(file: string | undefined): Promise<HashParameters | undefined> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8')
  const value = (name: string): string | undefined =>
    new RegExp(`"?\\b${name}\\b"?\\s*[:=]\\s*"?([A-Za-z0-9+/_=-]+)`).exec(text)?.[1]
  const signerKey = value('base64_signer_key')
  const separator = value('base64_salt_separator')
  const rounds = value('rounds')
  const memCost = value('mem_cost')
  if (signerKey === undefined || separator === undefined || rounds === undefined || memCost === undefined)
    throw new Error(
      `${file} should hold base64_signer_key, base64_salt_separator, rounds and mem_cost, as the Firebase console shows them.`,
    )
  return { signerKey, separator, rounds, memCost }
}

function readFirebase(parameters: HashParameters | undefined): ReadUser {
  return record => {
    const hash = textOf(record['passwordHash'])
    if (hash !== undefined && parameters === undefined)
      return 'its password needs the hash parameters of the project: give their file with --with'
    const claims = fieldsOf(record['customAttributes'])
    const hasFactor = Array.isArray(record['mfaInfo']) && record['mfaInfo'].length > 0
    return {
      ...nobody,
      id: textOf(record['localId']),
      email: textOf(record['email']),
      emailVerified: isYes(record['emailVerified']),
      password:
        hash === undefined || parameters === undefined
          ? undefined
          : { hash: keptText(hash, textOf(record['salt']) ?? '', parameters), hints: {} },
      roles: namesOf(claims['roles'] ?? claims['role']),
      name: textOf(record['displayName']),
      createdAt: instantOf(record['createdAt']),
      isDisabled: isYes(record['disabled']),
      leftBehind: [...(hasFactor ? ['a second factor'] : []), ...socialOf(record['providerUserInfo'])],
    }
  }
}

function socialOf(providers: unknown): string[] {
  const list = Array.isArray(providers) ? providers.map(fieldsOf) : []
  return list.some(one => !['password', 'phone'].includes(textOf(one['providerId']) ?? 'password'))
    ? ['a social login']
    : []
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64')

function keptText(
  hash: string,
  salt: string,
  { signerKey, separator, rounds, memCost }: HashParameters,
): string {
  const whole = unpadded(Buffer.concat([bytesOf(salt), bytesOf(separator)]))
  return `$firebase-scrypt$ln=${memCost},r=${rounds}$${whole}$${unpadded(bytesOf(signerKey))}$${unpadded(bytesOf(hash))}`
}

export const firebase: Source = {
  hasUniqueIds: true,
  companion: 'the password hash parameters of the project',
  records: (file, tell) => jsonElements(file, 'users', tell),
  prepare: async companion => readFirebase(await readParameters(companion)),
}
