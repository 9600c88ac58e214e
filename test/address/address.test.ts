import fc from 'fast-check'
import { Address6 } from 'ip-address'
import { describe, expect, it } from 'vitest'
import { formatEsi, isNoEsi, parseEsi } from '../../src/address/esi.ts'
import { formatIp, formatIpv6, parseIp, parseIpv4, parseIpv6 } from '../../src/address/ip.ts'
import { formatMac, parseMac } from '../../src/address/mac.ts'
import { formatUnreadable, known, type Parsed } from '../../src/address/parsed.ts'
import { contains, formatPrefix, masked, parsePrefix } from '../../src/address/prefix.ts'
import { formatRd, parseRd } from '../../src/address/rd.ts'
import { autoRouteTarget, formatRouteTarget, parseRouteTarget } from '../../src/address/route-target.ts'
import { formatRouterId, parseRouterId } from '../../src/address/router-id.ts'

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const why = (result: Parsed<unknown>) => (result.ok ? 'read' : formatUnreadable(result))
const octets = (count: number) => fc.uint8Array({ minLength: count, maxLength: count })

describe('IP addresses', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['0:0:1:2:3:4:5:6', '::1:2:3:4:5:6'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ])('formats %s as RFC 5952 4 has it', (given, canonical) => {
    expect(formatIp(known(parseIp(given)))).toBe(canonical)
  })

  it('formats every IPv6 address as ip-address does (RFC 5952)', () => {
    const sparse = fc.array(fc.constantFrom(0, 0, 0, 1, 0xffff), { minLength: 16, maxLength: 16 }).map((list) => Uint8Array.from(list))
    fc.assert(
      fc.property(fc.oneof(octets(16), sparse), (bytes) => {
        expect(formatIpv6(bytes)).toBe(Address6.fromUnsignedByteArray([...bytes]).correctForm())
      }),
    )
  })

  it('reads back what it formats', () => {
    fc.assert(
      fc.property(fc.oneof(octets(4), octets(16)), (bytes) => {
        expect(known(parseIp(formatIp(bytes)))).toEqual(bytes)
      }),
    )
  })

  it.each(['', '1.2.3', '10.0.0.01', '256.0.0.1', '1.2.3.4/24', 'fe80::1%eth0', '2001:db8::/32', ':::', 'host', ' 1.2.3.4'])(
    'refuses %j',
    (text) => {
      expect(parseIp(text)).toEqual({ ok: false, found: text, expected: 'an IPv4 or IPv6 address' })
    },
  )

  it('keeps the versions apart', () => {
    expect(parseIpv4('::1').ok).toBe(false)
    expect(parseIpv6('192.0.2.1').ok).toBe(false)
  })
})

describe('prefixes', () => {
  it.each(['0.0.0.0/0', '192.0.2.64/26', '192.0.2.1/32', '::/0', '2001:db8::/32'])('reads and formats %s', (text) => {
    expect(formatPrefix(known(parsePrefix(text)))).toBe(text)
  })

  it('refuses bits behind the length and says what the network would be', () => {
    expect(why(parsePrefix('192.0.2.65/26'))).toBe('found "192.0.2.65/26", expected no bits set behind the prefix length: 192.0.2.64/26')
  })

  it.each(['192.0.2.0', '192.0.2.0/33', '192.0.2.0/', '192.0.2.0/024', '2001:db8::/129', '/24'])('refuses %j', (text) => {
    expect(parsePrefix(text).ok).toBe(false)
  })

  it('holds exactly the addresses that agree in its bits', () => {
    fc.assert(
      fc.property(octets(4), octets(4), fc.integer({ min: 0, max: 32 }), (network, address, length) => {
        const same = hexOf(masked(network, length)) === hexOf(masked(address, length))
        expect(contains({ address: masked(network, length), length }, address)).toBe(same)
      }),
    )
    expect(contains(known(parsePrefix('0.0.0.0/0')), new Uint8Array(16))).toBe(false)
  })
})

describe('MAC addresses and Ethernet segments', () => {
  it.each(['02:00:5e:00:00:01', '02-00-5E-00-00-01', '0200.5e00.0001'])('reads %s', (text) => {
    expect(formatMac(known(parseMac(text)))).toBe('02:00:5e:00:00:01')
  })

  it.each(['', '02:00:5e:00:00', '02:00:5e:00:00:01:02', '2:0:5e:0:0:1', '02005e000001', '02:00-5e:00:00:01'])('refuses MAC %j', (text) => {
    expect(parseMac(text).ok).toBe(false)
  })

  it('reads back what it formats', () => {
    fc.assert(
      fc.property(octets(6), octets(10), (mac, esi) => {
        expect(known(parseMac(formatMac(mac)))).toEqual(mac)
        expect(known(parseEsi(formatEsi(esi)))).toEqual(esi)
      }),
    )
  })

  it('knows the segment of a single-homed device (RFC 7432 5)', () => {
    expect(isNoEsi(new Uint8Array(12), 1)).toBe(true)
    expect(isNoEsi(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 0)).toBe(false)
  })
})

describe('router ids', () => {
  it('reads and formats an unsigned number', () => {
    expect(known(parseRouterId('192.0.2.1'))).toBe(0xc0000201)
    expect(formatRouterId(0xc0000201)).toBe('192.0.2.1')
  })

  it('refuses 0.0.0.0 (RFC 6286 2.1)', () => {
    expect(parseRouterId('0.0.0.0').ok).toBe(false)
    expect(parseRouterId('1').ok).toBe(false)
  })
})

describe('route distinguishers', () => {
  it.each([
    ['65001:100', '0000fde900000064'],
    ['65535:4294967295', '0000ffffffffffff'],
    ['192.0.2.1:100', '0001c00002010064'],
    ['4200000001:100', '0002fa56ea010064'],
  ])('reads and formats %s (RFC 4364 4.2)', (text, expected) => {
    expect(hexOf(known(parseRd(text)))).toBe(expected)
    expect(formatRd(known(parseRd(text)))).toBe(text)
  })

  it('keeps every octet when the type is given beside the text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), octets(6), (type, value) => {
        const rd = Uint8Array.of(0, type, ...value)
        expect(known(parseRd(formatRd(rd), type))).toEqual(rd)
      }),
    )
  })
})

describe('route targets', () => {
  it.each([
    ['65001:10100', '0002fde900002774'],
    ['65535:4294967295', '0002ffffffffffff'],
    ['192.0.2.1:100', '0102c00002010064'],
    ['4200000001:100', '0202fa56ea010064'],
  ])('reads and formats %s (RFC 4360 4, RFC 5668)', (text, expected) => {
    expect(hexOf(known(parseRouteTarget(text)))).toBe(expected)
    expect(formatRouteTarget(known(parseRouteTarget(text)))).toBe(text)
  })

  it.each([
    ['65001', 'a route target such as 65001:100 or 192.0.2.1:100'],
    ['65001:', 'a route target such as 65001:100 or 192.0.2.1:100'],
    ['65001:-1', 'a route target such as 65001:100 or 192.0.2.1:100'],
    ['65001:4294967296', 'a route target such as 65001:100 or 192.0.2.1:100'],
    ['4294967296:1', 'a route target such as 65001:100 or 192.0.2.1:100'],
    ['192.0.2:1', 'a route target such as 65001:100 or 192.0.2.1:100'],
    ['65536:65536', 'a route target with a number up to 65535 behind a 4-octet AS'],
    ['192.0.2.1:65536', 'a route target with a number up to 65535 behind an address'],
  ])('refuses %s and says what it wants', (text, expected) => {
    expect(parseRouteTarget(text)).toEqual({ ok: false, found: text, expected })
  })

  it('derives the target of a VNI as switches do, with the low 16 bits of a 4-octet AS', () => {
    expect(formatRouteTarget(autoRouteTarget(65001, 10100))).toBe('65001:10100')
    expect(formatRouteTarget(autoRouteTarget(4200000011, 100))).toBe('59915:100')
  })
})
