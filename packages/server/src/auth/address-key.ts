// The one form of a caller's address under which its attempts are counted, whatever its spelling.
import { isIP } from 'node:net'

/**
 * Two words of 32 bits: the first 64 bits of an IPv6 address, since whoever has one address of a /64 has all of them;
 * an IPv4 address, also when it is written inside an IPv6 one (RFC 4291 2.5.5.2). Undefined for what is no address.
 */
export function addressKey(address: string): readonly [high: number, low: number] | undefined {
  const bare = address.replace(/%.*$/, '')
  const version = isIP(bare)
  if (version === 0) return undefined
  if (version === 4) return [ipv4Mark, wordOf(bare)]
  const groups = groupsOf(bare)
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  const pair = (at: number): number => (((groups[at] ?? 0) << 16) | (groups[at + 1] ?? 0)) >>> 0
  return isMapped ? [ipv4Mark, pair(6)] : [pair(0), pair(2)]
}

/** In front of IPv4 addresses: nobody calls from an IPv6 network that begins so, since it would be multicast. */
const ipv4Mark = 0xffffffff

function wordOf(ipv4: string): number {
  return ipv4.split('.').reduce((word, part) => ((word << 8) | Number(part)) >>> 0, 0)
}

/** The eight groups of a valid IPv6 address, `::` written out. */
function groupsOf(ipv6: string): number[] {
  const hex = ipv6.replace(/\d+\.\d+\.\d+\.\d+$/, ipv4 => {
    const word = wordOf(ipv4)
    return `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`
  })
  const [head = [], tail] = hex
    .split('::')
    .map(half => half.split(':').filter(group => group !== ''))
    .map(half => half.map(group => Number.parseInt(group, 16)))
  if (tail === undefined) return head
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}
