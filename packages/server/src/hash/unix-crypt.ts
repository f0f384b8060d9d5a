// The hashes of crypt(3): md5crypt (`$1$`), and Drepper's SHA-crypt (`$5$`, `$6$`).
import { hash } from 'node:crypto'
import { cryptText } from './crypt-text.ts'
import type { HashFormat } from './kept-hash.ts'

const digest = (algorithm: string, ...parts: Uint8Array[]): Buffer =>
  hash(algorithm, Buffer.concat(parts), 'buffer')

/** Bytes over and over, up to a length. */
function repeated(bytes: Uint8Array, length: number): Buffer {
  return Buffer.alloc(length, bytes)
}

/** The bits of a password's length, the lowest first. */
function bitsOf(length: number): number[] {
  const bits: number[] = []
  for (let left = length; left > 0; left = Math.floor(left / 2)) bits.push(left % 2)
  return bits
}

const md5Order = [12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11]

function md5Tag(password: Buffer, salt: Buffer): string {
  const inner = digest('md5', password, salt, password)
  let tag = digest(
    'md5',
    password,
    Buffer.from('$1$'),
    salt,
    repeated(inner, password.length),
    ...bitsOf(password.length).map(bit => (bit === 1 ? Buffer.alloc(1) : password.subarray(0, 1))),
  )
  for (let round = 0; round < 1000; round++) {
    const isOdd = round % 2 === 1
    const parts = [isOdd ? password : tag]
    if (round % 3 !== 0) parts.push(salt)
    if (round % 7 !== 0) parts.push(password)
    parts.push(isOdd ? tag : password)
    tag = digest('md5', ...parts)
  }
  return cryptText(tag, md5Order)
}

/** `$1$salt$tag`: a thousand rounds of MD5. */
export const md5Crypt: HashFormat = {
  pattern: /^\$1\$([^$:\n]{0,8})\$([./0-9A-Za-z]{22}|)$/,
  read: (salt = '', tag = '') => ({
    tag: Buffer.from(tag),
    isFast: true,
    derive: password => Buffer.from(md5Tag(Buffer.from(password), Buffer.from(salt))),
  }),
}

/** passlib makes 656,000 rounds. */
const maxRounds = 700_000

/** The order in which a tag's bytes are written: three columns whose lead moves on with each group. */
function shaOrder(bytes: number, lead: number): number[] {
  const third = Math.floor(bytes / 3)
  const order: number[] = []
  for (let i = 0; i < third; i++) {
    const places = [0, 1, 2].map(column => third * column + i)
    for (const column of [2, 1, 0]) order.push(places[(column + i * lead) % 3] ?? 0)
  }
  return order
}

const shaKinds = {
  5: { algorithm: 'sha256', order: [...shaOrder(30, 2), 30, 31] },
  6: { algorithm: 'sha512', order: [...shaOrder(63, 1), 63] },
} as const

function shaTag(kind: keyof typeof shaKinds, password: Buffer, { salt, rounds }: Setting): string {
  const { algorithm, order } = shaKinds[kind]
  const inner = digest(algorithm, password, salt, password)
  let tag = digest(
    algorithm,
    password,
    salt,
    repeated(inner, password.length),
    ...bitsOf(password.length).map(bit => (bit === 1 ? inner : password)),
  )
  const ofPassword = digest(algorithm, ...Array.from({ length: password.length }, () => password))
  const ofSalt = digest(algorithm, ...Array.from({ length: 16 + (tag[0] ?? 0) }, () => salt))
  const passwordBytes = repeated(ofPassword, password.length)
  const saltBytes = repeated(ofSalt, salt.length)
  for (let round = 0; round < rounds; round++) {
    const isOdd = round % 2 === 1
    const parts = [isOdd ? passwordBytes : tag]
    if (round % 3 !== 0) parts.push(saltBytes)
    if (round % 7 !== 0) parts.push(passwordBytes)
    parts.push(isOdd ? tag : passwordBytes)
    tag = digest(algorithm, ...parts)
  }
  return cryptText(tag, order)
}

interface Setting {
  salt: Buffer
  rounds: number
}

/** `$5$rounds=10000$salt$tag`; 5000 rounds where nothing is said. */
const shaCrypt = (kind: keyof typeof shaKinds): HashFormat => ({
  pattern: new RegExp(`^\\$${kind}\\$(?:rounds=(\\d{1,9})\\$)?([^$:\\n]{0,16})\\$([./0-9A-Za-z]{43,86})$`),
  read(given = '5000', salt = '', tag = '') {
    const rounds = Number(given)
    if (rounds < 1000 || rounds > maxRounds) return 'too_costly'
    return {
      tag: Buffer.from(tag),
      isFast: false,
      derive: password =>
        Buffer.from(shaTag(kind, Buffer.from(password), { salt: Buffer.from(salt), rounds })),
    }
  },
})

export const sha256Crypt = shaCrypt(5)
export const sha512Crypt = shaCrypt(6)
