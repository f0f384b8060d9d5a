// Whether the numbers of a private RSA key belong together (RFC 8017 3.2). OpenSSL signs with the short ones and does
// not look whether the others agree.

const numbers = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'] as const
type Numbers = Readonly<Record<(typeof numbers)[number], bigint>>

/** `read` gives the bytes of a member, and throws where there are none. */
export function isRsaPair(read: (member: string) => Buffer): boolean {
  // Every name of the list has its number.
  const { n, e, d, p, q, dp, dq, qi } = Object.fromEntries(
    numbers.map(name => [name, BigInt(`0x0${read(name).toString('hex')}`)]),
  ) as Numbers
  if (p < 3n || q < 3n || p * q !== n) return false
  const areInverse = (e * d) % (p - 1n) === 1n && (e * d) % (q - 1n) === 1n
  return areInverse && d % (p - 1n) === dp && d % (q - 1n) === dq && (qi * q) % p === 1n
}
