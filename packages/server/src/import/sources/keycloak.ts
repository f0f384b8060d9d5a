// Keycloak: a realm's export with its users (keycloak.org, "Importing and exporting realms"): the whole realm in one
// file, or a file of users beside it.
import { unpadded } from '../../hash/phc.ts'
import { type Fields, fieldsOf, instantOf, isYes, namesOf, textOf } from '../field.ts'
import { jsonElements } from '../json-elements.ts'
import type { SourceUser } from '../source-user.ts'
import { alone, nobody, type ReadUser, type Source } from './source.ts'

/** Every user of a realm has these: they say nothing. */
const everybodysRole = /^(?:default-roles-.*|offline_access|uma_authorization)$/

const readKeycloak: ReadUser = record => {
  if (textOf(record['serviceAccountClientId']) !== undefined) return 'it is the account of a service'
  const credentials = Array.isArray(record['credentials']) ? record['credentials'].map(fieldsOf) : []
  const locales = fieldsOf(record['attributes'])['locale']
  const fullName = [record['firstName'], record['lastName']].map(textOf).filter(part => part !== undefined)
  const identities = record['federatedIdentities']
  return {
    ...nobody,
    id: textOf(record['id']),
    username: textOf(record['username']),
    email: textOf(record['email']),
    emailVerified: isYes(record['emailVerified']),
    password: passwordOf(credentials.find(one => one['type'] === 'password')),
    roles: namesOf(record['realmRoles']).filter(role => !everybodysRole.test(role)),
    name: textOf(fullName.join(' ')),
    locale: textOf(Array.isArray(locales) ? locales[0] : locales),
    createdAt: instantOf(record['createdTimestamp']),
    isDisabled: record['enabled'] !== undefined && !isYes(record['enabled']),
    leftBehind: [
      ...(credentials.some(one => one['type'] !== 'password') ? ['a second factor'] : []),
      ...(Array.isArray(identities) && identities.length > 0 ? ['a social login'] : []),
    ],
  }
}

function passwordOf(credential: Fields | undefined): SourceUser['password'] {
  if (credential === undefined) return undefined
  const [how, secret] = [fieldsOf(credential['credentialData']), fieldsOf(credential['secretData'])]
  const hash = textOf(secret['value']) ?? ''
  const salt = textOf(secret['salt'])
  const algorithm = textOf(how['algorithm']) ?? ''
  const iterations = Number(how['hashIterations'])
  if (algorithm === 'argon2') return { hash: argon2Text({ how, hash, salt, iterations }), hints: {} }
  // Keycloak's first algorithm has no number: SHA-1.
  const format = algorithm === 'pbkdf2' ? 'pbkdf2-sha1' : algorithm
  return { hash, hints: { format, salt, saltEncoding: 'base64', iterations } }
}

interface Argon2Parts {
  how: Fields
  hash: string
  salt: string | undefined
  iterations: number
}

function argon2Text({ how, hash, salt = '', iterations }: Argon2Parts): string {
  const parameters = fieldsOf(how['additionalParameters'])
  const first = (name: string): string => {
    const value = parameters[name]
    return textOf(Array.isArray(value) ? value[0] : value) ?? ''
  }
  const version = first('version') === '1.0' ? 16 : 19
  const cost = `m=${first('memory')},t=${iterations},p=${first('parallelism')}`
  const [saltText, tag] = [salt, hash].map(text => unpadded(Buffer.from(text, 'base64')))
  return `$argon2${first('type')}$v=${version}$${cost}$${saltText}$${tag}`
}

export const keycloak: Source = {
  ...alone(readKeycloak),
  hasUniqueIds: true,
  records: (file, tell) => jsonElements(file, 'users', tell),
}
