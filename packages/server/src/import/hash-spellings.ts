// How other systems write a password hash, a row each, and the text in which we keep it. A hash that nobody could
// afford to compare is refused here, before it is kept.
import { readHash } from '../hash/formats.ts'
import type { Pbkdf2Digest } from '../hash/pbkdf2.ts'
import { unpadded } from '../hash/phc.ts'
import type { SaltedDigest, SaltPlace } from '../hash/salted-digest.ts'

/** What stands beside a hash where its text does not say everything. */
export interface HashHints {
  /** The name of a row of `namedSpellings`. */
  format: string | undefined
  salt: string | undefined
  /** How the salt is written: as it is used, where nothing is said. */
  saltEncoding: string | undefined
  iterations: number | undefined
}

export type SpelledHash = { kind: 'hash'; text: string } | { kind: 'refused'; why: string }

interface Spelling {
  pattern: RegExp
  /** Its groups are handed in; gives the text that we keep. */
  keep(...groups: string[]): string
}

const hexDigest: Record<SaltedDigest, number> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 }

const bytesOf = (text: string, encoding: BufferEncoding = 'utf8'): Buffer => Buffer.from(text, encoding)

interface Pbkdf2Parts {
  digest: string
  rounds: string | number
  salt: Uint8Array
  tag: Uint8Array
}

function pbkdf2Text({ digest, rounds, salt, tag }: Pbkdf2Parts): string {
  return `$pbkdf2-${digest}$i=${Number(rounds)},l=${tag.length}$${unpadded(salt)}$${unpadded(tag)}`
}

interface ScryptParts {
  N: number
  r: number
  p: number
  salt: Uint8Array
  tag: Uint8Array
}

function scryptText({ N, r, p, salt, tag }: ScryptParts): string {
  return `$scrypt$ln=${Math.log2(N)},r=${r},p=${p}$${unpadded(salt)}$${unpadded(tag)}`
}

interface SaltedParts {
  digest: SaltedDigest
  place: SaltPlace
  salt: Uint8Array
  tag: Uint8Array
}

function saltedText({ digest, place, salt, tag }: SaltedParts): string {
  return `$salted-${digest}$${place}$${unpadded(salt)}$${unpadded(tag)}`
}

/** passlib's base64 has a dot for the plus, and no padding. */
const passlib64 = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64')

/** A tag of LDAP's schemes (RFC 2307, and its SHA-2 kin) has the salt behind it. */
const ldap = (scheme: string, digest: SaltedDigest): Spelling => ({
  pattern: new RegExp(`^\\{${scheme}\\}([A-Za-z0-9+/]+=*)$`, 'i'),
  keep(base64 = '') {
    const bytes = Buffer.from(base64, 'base64')
    const tagBytes = hexDigest[digest] / 2
    return saltedText({
      digest,
      place: 'suffix',
      salt: bytes.subarray(tagBytes),
      tag: bytes.subarray(0, tagBytes),
    })
  },
})

const djangoSalted = (digest: 'md5' | 'sha1'): Spelling => ({
  pattern: new RegExp(`^${digest}\\$([^$]*)\\$([0-9a-f]{${hexDigest[digest]}})$`, 'i'),
  keep: (salt = '', tag = '') =>
    saltedText({ digest, place: 'prefix', salt: bytesOf(salt), tag: bytesOf(tag, 'hex') }),
})

const spellings: readonly Spelling[] = [
  // Django, with its name before a hash that says everything itself.
  { pattern: /^(?:bcrypt\$|argon2)(\$.+)$/, keep: (text = '') => text },
  {
    // Prefixes of Spring Security, LDAP and Dovecot before a hash that says everything itself.
    pattern: /^\{(?:bcrypt|argon2(?:id|i)?|crypt|(?:blf|md5|sha256|sha512)-crypt)\}(\$.+)$/i,
    keep: (text = '') => text,
  },
  {
    // Django: pbkdf2_sha256$870000$salt$base64
    pattern: /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,9})\$([^$]*)\$([A-Za-z0-9+/]+=*)$/,
    keep: (digest = '', rounds = '', salt = '', tag = '') =>
      pbkdf2Text({ digest, rounds, salt: bytesOf(salt), tag: bytesOf(tag, 'base64') }),
  },
  {
    // Django: scrypt$16384$salt$8$5$base64, the salt after the first of the three costs.
    pattern: /^scrypt\$(\d{1,8})\$([^$]*)\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/]+=*)$/,
    keep: (N = '', salt = '', r = '', p = '', tag = '') =>
      scryptText({
        N: Number(N),
        r: Number(r),
        p: Number(p),
        salt: bytesOf(salt),
        tag: bytesOf(tag, 'base64'),
      }),
  },
  {
    // passlib: $pbkdf2-sha256$29000$salt$tag, and $pbkdf2$ for SHA-1
    pattern: /^\$pbkdf2(?:-(sha256|sha512))?\$(\d{1,9})\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]+)$/,
    keep: (digest = 'sha1', rounds = '', salt = '', tag = '') =>
      pbkdf2Text({ digest, rounds, salt: passlib64(salt), tag: passlib64(tag) }),
  },
  {
    // Werkzeug (Flask): scrypt:32768:8:1$salt$hex
    pattern: /^scrypt:(\d{1,8}):(\d{1,3}):(\d{1,3})\$([^$]*)\$((?:[0-9a-f]{2})+)$/,
    keep: (N = '', r = '', p = '', salt = '', tag = '') =>
      scryptText({
        N: Number(N),
        r: Number(r),
        p: Number(p),
        salt: bytesOf(salt),
        tag: bytesOf(tag, 'hex'),
      }),
  },
  {
    // Werkzeug: pbkdf2:sha256:600000$salt$hex
    pattern: /^pbkdf2:(sha1|sha256|sha512):(\d{1,9})\$([^$]*)\$((?:[0-9a-f]{2})+)$/,
    keep: (digest = '', rounds = '', salt = '', tag = '') =>
      pbkdf2Text({ digest, rounds, salt: bytesOf(salt), tag: bytesOf(tag, 'hex') }),
  },
  {
    // Supabase, for who came there from Firebase: $fbscrypt$v=1,n=14,r=8,p=1,ss=separator,sk=signer key$salt$tag
    pattern:
      /^\$fbscrypt\$v=1,n=(\d{1,2}),r=(\d{1,3}),p=1,ss=([\w+/=-]+),sk=([\w+/=-]+)\$([\w+/=-]+)\$([\w+/=-]+)$/,
    keep(ln = '', r = '', separator = '', signerKey = '', salt = '', tag = '') {
      const whole = Buffer.concat([bytesOf(salt, 'base64'), bytesOf(separator, 'base64')])
      const [key, text] = [signerKey, tag].map(base64 => unpadded(bytesOf(base64, 'base64')))
      return `$firebase-scrypt$ln=${ln},r=${r}$${unpadded(whole)}$${key}$${text}`
    },
  },
  djangoSalted('md5'),
  djangoSalted('sha1'),
  ldap('S?MD5', 'md5'),
  ldap('S?SHA', 'sha1'),
  ldap('S?SHA256', 'sha256'),
  ldap('S?SHA512', 'sha512'),
  {
    // phpass: WordPress writes $P$, phpBB 3 $H$
    pattern: /^\$[PH]\$(.)(.{8})(.{22})$/,
    keep: (cost = '', salt = '', tag = '') => `$phpass$${cost}$${salt}$${tag}`,
  },
]

/** `salt:hex` of scrypt, the salt used as the text it is written in. */
const scryptPair =
  (r: number) =>
  (hash: string): string | undefined => {
    const [, salt, tag] = /^([^:$]{1,128}):((?:[0-9a-f]{2}){32,64})$/i.exec(hash) ?? []
    if (salt === undefined || tag === undefined) return undefined
    return scryptText({ N: 16_384, r, p: 1, salt: bytesOf(salt), tag: bytesOf(tag, 'hex') })
  }

/** Bytes in hex when they are that, else in base64. */
function tagOf(hash: string, digest: SaltedDigest): Buffer {
  const isHex = hash.length === hexDigest[digest] && /^[0-9a-f]+$/i.test(hash)
  return bytesOf(hash, isHex ? 'hex' : 'base64')
}

const saltEncodings: Record<string, BufferEncoding> = { text: 'utf8', hex: 'hex', base64: 'base64' }

function saltOf({ salt = '', saltEncoding = 'text' }: HashHints): Buffer | undefined {
  const encoding = Object.hasOwn(saltEncodings, saltEncoding) ? saltEncodings[saltEncoding] : undefined
  return encoding && bytesOf(salt, encoding)
}

type NamedSpelling = (hash: string, hints: HashHints) => string | undefined

const namedSalted =
  (digest: SaltedDigest, place: SaltPlace): NamedSpelling =>
  (hash, hints) => {
    const salt = saltOf(hints)
    return salt && saltedText({ digest, place, salt, tag: tagOf(hash, digest) })
  }

const namedPbkdf2 =
  (digest: Pbkdf2Digest): NamedSpelling =>
  (hash, hints) => {
    const salt = saltOf(hints)
    if (salt === undefined || hints.iterations === undefined) return undefined
    const tag = bytesOf(hash, /^(?:[0-9a-f]{2}){16,}$/i.test(hash) ? 'hex' : 'base64')
    return pbkdf2Text({ digest, rounds: hints.iterations, salt, tag })
  }

/** Hashes whose text does not say what they are: the file names the row. */
const namedSpellings: Record<string, NamedSpelling> = {
  'better-auth': scryptPair(16),
  'node-scrypt': scryptPair(8),
  'md5-prefix': namedSalted('md5', 'prefix'),
  'md5-suffix': namedSalted('md5', 'suffix'),
  'sha1-prefix': namedSalted('sha1', 'prefix'),
  'sha1-suffix': namedSalted('sha1', 'suffix'),
  'sha256-prefix': namedSalted('sha256', 'prefix'),
  'sha256-suffix': namedSalted('sha256', 'suffix'),
  'sha512-prefix': namedSalted('sha512', 'prefix'),
  'sha512-suffix': namedSalted('sha512', 'suffix'),
  'pbkdf2-sha1': namedPbkdf2('sha1'),
  'pbkdf2-sha256': namedPbkdf2('sha256'),
  'pbkdf2-sha512': namedPbkdf2('sha512'),
}

const refused = (why: string): SpelledHash => ({ kind: 'refused', why })

/** The text in which we keep a hash, or why we do not. The reason never repeats the hash. */
export function readSpelledHash(hash: string, hints: Partial<HashHints> = {}): SpelledHash {
  const all: HashHints = {
    format: undefined,
    salt: undefined,
    saltEncoding: undefined,
    iterations: undefined,
    ...hints,
  }
  if (all.format === undefined) return judged(keptText(hash))
  const named = Object.hasOwn(namedSpellings, all.format) ? namedSpellings[all.format] : undefined
  if (named === undefined)
    return refused(`its hash format is unknown; there are ${Object.keys(namedSpellings).join(', ')}`)
  const text = named(hash, all)
  return text === undefined
    ? refused(`the password hash is not one of the format ${all.format}`)
    : judged(text)
}

function keptText(hash: string): string {
  for (const { pattern, keep } of spellings) {
    const groups = pattern.exec(hash)
    if (groups !== null) return keep(...groups.slice(1))
  }
  return hash
}

/** The last word is with whoever compares it at a sign-in. */
function judged(text: string): SpelledHash {
  const hash = readHash(text)
  if (hash === 'too_costly') return refused('the password hash asks for more time or memory than is allowed')
  if (hash === undefined || hash.tag.length < 16) return refused('the password hash is of no known format')
  return { kind: 'hash', text }
}
