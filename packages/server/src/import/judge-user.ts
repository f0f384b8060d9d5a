// Judges what another system tells of a user by our rules: what we keep, what we leave out, or why there is no user.
import { readEmail } from '../auth/email.ts'
import { administratorRoles } from '../auth/first-admin.ts'
import { readUsername } from '../auth/username.ts'
import type { Roles } from '../config.ts'
import type { UserRecord } from '../store/records.ts'
import { readSpelledHash } from './hash-spellings.ts'
import { type Refusal, refusal } from './import-outcomes.ts'
import { importedId } from './imported-id.ts'
import type { SourceUser } from './source-user.ts'
import type { SourceName } from './sources.ts'

export interface ImportRules {
  source: SourceName
  /** Seconds since 1970. */
  now: number
  roles: Roles
  /** What a role over there is called here; an administrator's role is given by a row of this map only. */
  roleMap: ReadonlyMap<string, string>
  /** Takes every address for verified: the other system has checked them, and its file does not say so. */
  trustsEmails: boolean
}

/** `notes` tells what was left out. */
export type Judgement = { kind: 'user'; user: UserRecord; notes: readonly string[] } | Refusal

/** Two ways in: a name or a verified address to write at the sign-in, and a password or a link to choose one. */
export function judgeUser(given: SourceUser, rules: ImportRules): Judgement {
  const notes: string[] = []
  const id = importedId(rules.source, given)
  const address = addressOf(given, rules)
  if (address === undefined) return refusal('bad_address', 'its address is no e-mail address')
  const name = nameOf(given, { id, isReachable: address.email !== undefined })
  if (!('username' in name)) return name
  const password =
    given.password === undefined ? undefined : readSpelledHash(given.password.hash, given.password.hints)
  if (password?.kind === 'refused') return refusal('bad_hash', password.why)
  if (password === undefined && address.email === undefined)
    return refusal('no_sign_in', 'it has no password, and no verified address to send a link to')
  if (password === undefined) notes.push('it has no password: its user asks for a link to choose one')
  if (given.leftBehind.length > 0) notes.push(`it had ${given.leftBehind.join(' and ')}, which stays behind`)
  if (name.username !== given.username) notes.push(`its username is ${name.username}`)
  const createdAt = Math.min(given.createdAt ?? rules.now, rules.now)
  const user: UserRecord = {
    id,
    ...name,
    ...address,
    passwordHash: password?.text ?? '',
    roles: keptRoles(given.roles, rules, notes),
    name: keptName(given.name),
    locale: keptLocale(given.locale),
    createdAt,
    passwordChangedAt: createdAt,
    disabledAt: given.isDisabled ? rules.now : undefined,
  }
  return { kind: 'user', user, notes }
}

/** Undefined for what is no address. */
function addressOf(
  { email: given, emailVerified }: SourceUser,
  { trustsEmails }: ImportRules,
): Pick<UserRecord, 'email' | 'unverifiedEmail'> | undefined {
  if (given === undefined) return { email: undefined, unverifiedEmail: undefined }
  const email = readEmail(given)
  if (email === undefined) return undefined
  return emailVerified || trustsEmails
    ? { email, unverifiedEmail: undefined }
    : { email: undefined, unverifiedEmail: email }
}

/** Many systems take an address for a name; here a name has no @, and is invented where there is none. */
function nameOf(
  { username, email }: SourceUser,
  { id, isReachable }: { id: string; isReachable: boolean },
): Pick<UserRecord, 'username' | 'canonicalName'> | Refusal {
  const isOwn = username !== undefined && !username.includes('@')
  if (!isOwn && !isReachable) {
    const address = email === undefined ? 'no address' : 'its address is not verified'
    return refusal('no_sign_in', `it has no username, and ${address}`)
  }
  const name = readUsername(isOwn ? username : inventedName(id))
  return (
    name ??
    refusal('bad_username', 'its username has not 3 to 64 letters, digits, dots, underscores or hyphens')
  )
}

/** Usernames are public and addresses are not: nothing of the address is in it. */
function inventedName(id: string): string {
  return `user-${Buffer.from(id, 'base64url').subarray(0, 6).toString('hex')}`
}

function keptRoles(given: readonly string[], { roles, roleMap }: ImportRules, notes: string[]): string[] {
  const tooMuch = administratorRoles(roles)
  const kept = new Set<string>()
  for (const role of given) {
    const mapped = roleMap.get(role)
    if (mapped !== undefined) kept.add(mapped)
    else if (!Object.hasOwn(roles, role)) notes.push('one of its roles is not known here')
    else if (tooMuch.includes(role))
      notes.push(`the role ${role} makes administrators: map it with --roles to keep it`)
    else kept.add(role)
  }
  return [...kept]
}

function keptLocale(locale: string | undefined): string | undefined {
  return locale !== undefined && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(locale) ? locale : undefined
}

const maxNameLength = 100

/** As its user would have been let to write it. */
function keptName(name: string | undefined): string | undefined {
  const plain = name?.normalize('NFKC').replaceAll(/\p{C}/gu, '').trim()
  return plain === undefined || plain === '' ? undefined : [...plain].slice(0, maxNameLength).join('')
}
