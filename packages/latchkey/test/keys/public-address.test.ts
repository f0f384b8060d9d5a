import { describe, expect, it } from 'vitest'
import { isLoopbackAddress, isPublicAddress } from '../../src/keys/public-address.ts'

const addresses: Readonly<Record<string, readonly string[]>> = {
  public: [
    '1.1.1.1',
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.1',
    '223.255.255.255',
    '2606:4700::1111',
  ],
  'public behind an IPv6 network': ['64:ff9b::808:808', '64:ff9b::8.8.8.8'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::127.0.0.1'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fd00::1', 'fc00::1'],
  'link-local': ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fec0::1'],
  reserved: [
    '0.0.0.0',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '192.0.0.1',
    '::',
    'ff02::1',
  ],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  disguised: [
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:a00:1::',
    '2001:0:1::',
  ],
  'not an address': ['', 'localhost', '0x7f.1', '127.1', '2130706433', '1.2.3.4.5', ':::', '[::1]'],
}

describe('the address of a stranger’s URL', () => {
  for (const [kind, list] of Object.entries(addresses)) {
    const isOpen = kind.startsWith('public')
    it(`[S63] is ${isOpen ? 'let through' : 'refused'} when it is ${kind}`, () => {
      for (const address of list) expect(isPublicAddress(address), address).toBe(isOpen)
    })
  }

  it('is this machine’s own in 127.0.0.0/8 and at ::1 only', () => {
    for (const address of ['127.0.0.1', '127.1.2.3', '::1', '0::1'])
      expect(isLoopbackAddress(address), address).toBe(true)
    for (const address of ['10.0.0.1', '::', '::2', '127.1', 'localhost', '1270.0.0.1']) {
      expect(isLoopbackAddress(address), address).toBe(false)
    }
  })
})
