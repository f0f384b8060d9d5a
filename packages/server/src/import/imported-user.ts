// Judges what another system tells of a user by our rules: what we keep, what we leave out, or why there is no user.
import { readEmail } from '../auth/email.ts'
import { administratorRoles } from '../auth/first-admin.ts'
import { readUsername } from '../auth/username.ts'
import type { Roles } from '../config.ts'
import type { UserRecord } from '../store/records.ts'
import { readSpelledHash } from './hash-spellings.ts'
import { importedId } from './imported-id.ts'
import type { SourceUser } from './source-user.ts'

export interface ImportRules {
  source: string
  /** Seconds since 1970. */
  now: number
  roles: Roles
  /** What a role over there is called here; an administrator's role is given by a row of this map only. */
  roleMap: ReadonlyMap<string, string>
  /** Takes every address for verified: the other system has checked them, and its file does not say so. */
  trustsEmails: boolean
}

/** `notes` tells what was left out. */
export type Judgement =
  | { kind: 'user'; user: UserRecord; notes: readonly string[] }
  | { kind: 'refused'; why: string }

const refused = (why: string): Judgement => ({ kind: 'refused', why })

export function judgeUser(given: SourceUser, rules: ImportRules): Judgement {
  const notes: string[] = []
  const id = importedId(rules.source, given)
  const email = given.email === undefined ? undefined : readEmail(given.email)
  if (given.email !== undefined && email === undefined) return refused('its address is no e-mail address')
  // Many systems take an address for a name; here a name has no @.
  const ownName = given.username?.includes('@') === true ? undefined : given.username
  const name = readUsername(ownName ?? inventedName(id))
  if (name === undefined)
    return refused('its username has not 3 to 64 letters, digits, dots, underscores or hyphens')
  const isVerified = given.emailVerified || rules.trustsEmails
  if (email === undefined && ownName === undefined) return refused('it has neither a username nor an address')
  if (ownName === undefined && !isVerified)
    return refused('nobody could sign in: it has no username, and its address is not verified')
  const password =
    given.password === undefined ? undefined : readSpelledHash(given.password.hash, given.password.hints)
  if (password?.kind === 'refused') return refused(password.why)
  if (password === undefined && (email === undefined || !isVerified))
    return refused('nobody could sign in: it has no password, and no verified address to send a link to')
  if (password === undefined) notes.push('it has no password: its user asks for a link to choose one')
  if (ownName === undefined) notes.push(`its username is ${name.username}`)
  const createdAt = given.createdAt ?? rules.now
  if (createdAt > rules.now) return refused('it was made in the future')
  const user: UserRecord = {
    id,
    ...name,
    passwordHash: password?.text ?? '',
    roles: keptRoles(given.roles, rules, notes),
    name: keptName(given.name),
    locale:
      given.locale !== undefined && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(given.locale)
        ? given.locale
        : undefined,
    email: isVerified ? email : undefined,
    unverifiedEmail: isVerified ? undefined : email,
    createdAt,
    passwordChangedAt: createdAt,
    disabledAt: given.isDisabled ? rules.now : undefined,
  }
  return { kind: 'user', user, notes }
}

/** Usernames are public and addresses are not: nothing of the address is in it. */
function inventedName(id: string): string {
  return `user-${Buffer.from(id, 'base64url').subarray(6, 12).toString('hex')}`
}

function keptRoles(given: readonly string[], { roles, roleMap }: ImportRules, notes: string[]): string[] {
  const tooMuch = administratorRoles(roles)
  const kept = new Set<string>()
  for (const role of given) {
    const mapped = roleMap.get(role)
    if (mapped !== undefined) kept.add(mapped)
    else if (!Object.hasOwn(roles, role)) notes.push(`the role ${shown(role)} is not known here`)
    else if (tooMuch.includes(role))
      notes.push(`the role ${shown(role)} makes administrators: map it with --roles to keep it`)
    else kept.add(role)
  }
  return [...kept]
}

/** A name that somebody else chose, fit for one line of a report. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 64))
}

const maxNameLength = 100

/** As its user would have been let to write it. */
function keptName(name: string | undefined): string | undefined {
  const plain = name?.normalize('NFKC').replaceAll(/\p{C}/gu, '').trim()
  return plain === undefined || plain === '' ? undefined : [...plain].slice(0, maxNameLength).join('')
}
