// Which network addresses belong to everybody (the IANA special-purpose registries, RFC 6890). What is private,
// local, reserved or a disguise of another address is refused to URLs that strangers wrote.
import { BlockList, isIPv4, isIPv6 } from 'node:net'

const specialV4 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  specialV4.addSubnet(network, prefix)
}

// Of IPv6 only 2000::/3 is given out; in it, tunnels (Teredo, 6to4) and documentation hide other addresses.
const givenOutV6 = new BlockList()
givenOutV6.addSubnet('2000::', 3, 'ipv6')
const specialV6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  specialV6.addSubnet(network, prefix, 'ipv6')
}

const translatedPrefix = '64:ff9b::'

/** Whether an address, written as text without brackets, is one that anybody may reach. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !specialV4.check(address)
  if (!isIPv6(address)) return false
  const translated = translatedV4(address)
  if (translated !== undefined) return isPublicAddress(translated)
  return givenOutV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6')
}

/** Whether an address is this machine's own: 127.0.0.0/8 or ::1. */
export function isLoopbackAddress(address: string): boolean {
  return isIPv4(address) ? address.startsWith('127.') : isIPv6(address) && canonicalV6(address) === '::1'
}

/** The IPv4 address that a network without IPv4 reaches through this one (RFC 6052 2.1). */
function translatedV4(address: string): string | undefined {
  const canonical = canonicalV6(address)
  if (!canonical.startsWith(translatedPrefix)) return undefined
  const groups = canonical.slice(translatedPrefix.length).split(':')
  if (groups.length > 2) return undefined
  const bits = groups.reduce((sum, group) => sum * 0x10000 + Number.parseInt(group || '0', 16), 0)
  return [24, 16, 8, 0].map(shift => (bits >>> shift) & 0xff).join('.')
}

// The URL parser writes each address in one way (RFC 5952). A zone ("%eth0") is only ever local.
function canonicalV6(address: string): string {
  return URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : ''
}
