/** Matches that look at the route itself, on routes as GoBGP and others sent them. */
import { describe, expect, test } from 'vitest'
import { isTrouble } from '../../../src/policy/modules/argument/fields.ts'
import { matchModule } from '../../../src/policy/modules/table.ts'
import { captured, environment, matches, withAttributes, withNlri } from './route.ts'

/** MAC 02:00:00:00:00:11, 192.0.2.11, VNIs 10100 and 50000, RD 65000:101, VXLAN. */
const MAC_IP = captured('gobgpd-ibgp-macadv-2labels-rmac-1')
/** MAC 02:12:34:56:78:aa alone, VNI 10101. */
const MAC_ONLY = captured('gobgpd-ibgp-mac-mobility-2-1')
/** Originator 10.0.0.1, PMSI tunnel of VNI 10100, VXLAN. */
const IMET = captured('gobgpd-ibgp-imet-v4-ir-vxlan-1')
/** 10.1.0.0/24, VNI 50000. */
const PREFIX = captured('gobgpd-ibgp-prefix-v4-rmac-1')
/** 10.2.0.0/16 by gateway 10.0.0.99. */
const BY_GATEWAY = captured('gobgpd-ibgp-prefix-v4-gw-1')
/** LACP segment 01:aa:bb:cc:dd:ee:ff:00:64:00. */
const PER_EVI = captured('gobgpd-ibgp-ad-per-evi-1')
const SEGMENT = captured('gobgpd-ibgp-es-v4-1')
const OPAQUE = withNlri(IMET, 'unknown-type-200')
const SMET = withNlri(IMET, 't6-valid-smet-ipv6-ipv6-source')

describe('routeType', () => {
  test('by number, by our names and by those of switches', () => {
    for (const two of [2, 'mac-ip', 'macip', [3, 2]]) expect(matches('routeType', two, MAC_IP)).toBe(true)
    for (const five of [5, 'ip-prefix', 'prefix'])
      expect([matches('routeType', five, PREFIX), matches('routeType', five, MAC_IP)]).toEqual([true, false])
    expect(matches('routeType', 'ead', PER_EVI)).toBe(true)
    expect(matches('routeType', 'es', SEGMENT)).toBe(true)
    expect(matches('routeType', ['imet', 'smet'], SMET)).toBe(true)
  })

  test('opaque is what nobody here can read, and can stand beside others', () => {
    expect([OPAQUE, SMET, MAC_IP].map((route) => matches('routeType', 'opaque', route))).toEqual([true, false, false])
    expect([OPAQUE, SMET, MAC_IP].map((route) => matches('routeType', ['opaque', 2], route))).toEqual([true, false, true])
    expect(matches('routeType', 200, OPAQUE)).toBe(true)
  })
})

describe('vni', () => {
  test('is in either label, and in the PMSI tunnel of a type 3 route', () => {
    for (const vni of [10100, 50000, '50000-', ['1-99', '10000-10100']]) expect(matches('vni', vni, MAC_IP)).toBe(true)
    expect(matches('vni', '10101-49999', MAC_IP)).toBe(false)
    expect([matches('vni', 10100, IMET), matches('vni', 50000, IMET), matches('vni', 50000, PREFIX)]).toEqual([true, false, true])
  })

  test('is none with an encapsulation that has none', () => {
    const mpls = withAttributes(MAC_IP, { extCommunities: [{ name: 'encapsulation', tunnelType: 10 }] })
    expect(matches('vni', 10100, mpls)).toBe(false)
    const unsaid = withAttributes(MAC_IP, {})
    expect(matches('vni', 10100, unsaid)).toBe(true)
  })
})

test('rd: exactly, by any number, by any administrator; forms of the same text are the same', () => {
  expect(['65000:101', '65000:*', '*:101', '65000:100-102', '*:*'].map((rd) => matches('rd', rd, MAC_IP))).toEqual(Array(5).fill(true))
  expect(['65000:100', '65001:*', '192.0.2.1:101'].map((rd) => matches('rd', rd, MAC_IP))).toEqual([false, false, false])
  expect(['10.0.0.1:0', '10.0.0.1:*', '*:0'].map((rd) => matches('rd', rd, SEGMENT))).toEqual([true, true, true])
  // Type 2: a 4-octet AS of 5, whose text is that of a 2-octet one.
  const fourOctets = withNlri(MAC_IP, 'gobgp-type3-ipv4')
  expect([matches('rd', '5:6', fourOctets), matches('rd', '5:7', fourOctets)]).toEqual([true, false])
  expect(matches('rd', '*:*', OPAQUE)).toBe(false)
})

test('ethernetTag', () => {
  const tagged = withNlri(MAC_ONLY, 'gobgp-type2-mac-only')
  expect([42, '40-50', 0].map((tag) => matches('ethernetTag', tag, tagged))).toEqual([true, true, false])
  expect([matches('ethernetTag', 0, MAC_IP), matches('ethernetTag', '0-', SEGMENT)]).toEqual([true, false])
  expect(matches('ethernetTag', 4294967295, withNlri(MAC_ONLY, 'gobgp-type1-mass-withdraw'))).toBe(true)
})

describe('mac', () => {
  test('exactly in every way of writing it, by pattern, under a mask', () => {
    for (const typed of ['02:12:34:56:78:aa', '02-12-34-56-78-AA', '0212.3456.78aa', '02:12:*', '*', '02:*:34:*:*:aa']) {
      expect(matches('mac', typed, MAC_ONLY), typed).toBe(true)
    }
    expect(matches('mac', '02:12:00:00:00:0a/ff:ff:00:00:00:0f', MAC_ONLY)).toBe(true)
    for (const typed of ['02:12:34:56:78:ab', '02:13:*', '02:12:00:00:00:0b/ff:ff:00:00:00:0f'])
      expect(matches('mac', typed, MAC_ONLY)).toBe(false)
    expect(matches('mac', '*', PREFIX)).toBe(false)
  })

  test('out of a file of 100,000, in the time that one takes', () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, i) => `02:53:00:${[i >> 16, (i >> 8) & 0xff, i & 0xff].map((octet) => octet.toString(16).padStart(2, '0')).join(':')}`,
    )
    const module = matchModule('mac')!
    const compiled = (count: number) => {
      const test = module.compile({ file: 'macs' }, environment({ macs: [...lines.slice(0, count - 1), '02:12:34:56:78:aa'].join('\n') }))
      if (isTrouble(test)) throw new Error(test.found)
      return test
    }
    const many = compiled(100_000)
    const one = compiled(1)
    expect([many(MAC_ONLY), many(MAC_IP), one(MAC_ONLY)]).toEqual([true, false, true])
    const seconds = (test: typeof many) => {
      const start = process.hrtime.bigint()
      for (let i = 0; i < 20_000; i++) test(MAC_IP)
      return Number(process.hrtime.bigint() - start)
    }
    const best = (test: typeof many) => Math.min(...Array.from({ length: 5 }, () => seconds(test)))
    // A scan would be 100,000 times as slow; hashing costs a cache miss.
    expect(best(many)).toBeLessThan(50 * best(one))
  })

  test('what is wrong in a file is told with its line; so is a file that is not there', () => {
    const compile = (files: Record<string, string>) => matchModule('mac')!.compile({ file: 'macs' }, environment(files))
    expect(compile({ macs: '02:53:*\n\n02:53:zz:*\n' })).toEqual({
      found: 'macs:3: "02:53:zz:*"',
      expected: expect.stringContaining('a MAC address'),
    })
    expect(compile({})).toEqual({ found: 'macs, which is not there', expected: 'a file with one entry a line' })
  })
})

test('ip: the host of a type 2 route, alone or in a prefix', () => {
  expect(['192.0.2.11', '192.0.2.0/24', '0.0.0.0/0', ['10.0.0.0/8', '192.0.2.8/29']].map((ip) => matches('ip', ip, MAC_IP))).toEqual(
    Array(4).fill(true),
  )
  expect(['192.0.2.12', '192.0.2.0/29', '::/0'].map((ip) => matches('ip', ip, MAC_IP))).toEqual([false, false, false])
  expect([matches('ip', '0.0.0.0/0', MAC_ONLY), matches('ip', '0.0.0.0/0', PREFIX)]).toEqual([false, false])
  const v6 = withNlri(MAC_IP, 't2-v6-two-labels-mpls')
  expect([matches('ip', '::/0', v6), matches('ip', '0.0.0.0/0', v6)]).toEqual([true, false])
})

describe('prefix', () => {
  test('without ge and le is that prefix alone', () => {
    expect(['10.1.0.0/24', '10.1.0.0/16', '10.1.0.0/25'].map((typed) => matches('prefix', typed, PREFIX))).toEqual([true, false, false])
  })

  test('ge and le bound the length of what lies in it', () => {
    for (const typed of ['10.0.0.0/8 le 24', '10.0.0.0/8 ge 24', '10.0.0.0/8 ge 24 le 24', '10.0.0.0/8 le 32 ge 20'])
      expect(matches('prefix', typed, PREFIX)).toBe(true)
    for (const typed of ['10.0.0.0/8 le 23', '10.0.0.0/8 ge 25', '11.0.0.0/8 le 32', '10.0.0.0/8'])
      expect(matches('prefix', typed, PREFIX)).toBe(false)
  })

  test('a host counts as a prefix of all its bits', () => {
    expect(
      ['192.0.2.0/24 le 32', '192.0.2.11/32', '192.0.2.0/24 le 31', '192.0.2.0/24'].map((typed) => matches('prefix', typed, MAC_IP)),
    ).toEqual([true, true, false, false])
    expect(matches('prefix', '0.0.0.0/0 le 32', MAC_ONLY)).toBe(false)
  })

  test('of several entries for one network any will do, also from files', () => {
    const where = environment({ nets: '10.1.0.0/16\n10.1.0.0/16 ge 24 le 24' })
    expect(matches('prefix', { file: 'nets' }, PREFIX, where)).toBe(true)
    const v6 = withNlri(PREFIX, 't5-rd0-v6-gateway')
    expect([matches('prefix', '::/0 le 128', v6), matches('prefix', '0.0.0.0/0 le 32', v6)]).toEqual([true, false])
  })

  test.each([
    ['10.0.0.0/8 le 7', 'with lengths from 8 to 32'],
    ['10.0.0.0/8 ge 24 le 16', 'with ge not above le'],
    ['10.0.0.1/8', 'no bits set behind the prefix length: 10.0.0.0/8'],
    ['10.0.0.0/8 eq 9', 'a prefix such as'],
    ['10.0.0.0', 'a prefix such as'],
  ])('%s is refused: %s', (typed, why) => {
    const issues = matchModule('prefix')!.schema.safeParse([typed]).error?.issues ?? []
    expect(JSON.stringify(issues)).toContain(why)
  })
})

test('esi: by pattern, with and without a segment', () => {
  for (const typed of ['01:aa:bb:cc:dd:ee:ff:00:64:00', '01:aa:*', 'multihomed']) expect(matches('esi', typed, PER_EVI), typed).toBe(true)
  expect(['00:*', 'single-homed'].map((typed) => matches('esi', typed, PER_EVI))).toEqual([false, false])
  expect(['single-homed', 'multihomed', '*'].map((typed) => matches('esi', typed, MAC_IP))).toEqual([true, false, true])
  expect(matches('esi', 'single-homed', IMET)).toBe(false)
})

test('gateway: of type 5 routes that have one', () => {
  expect(['10.0.0.99', '10.0.0.0/24', '10.1.0.0/24', 'none'].map((typed) => matches('gateway', typed, BY_GATEWAY))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(['0.0.0.0/0', 'none'].map((typed) => matches('gateway', typed, PREFIX))).toEqual([false, true])
  expect(matches('gateway', 'none', MAC_IP)).toBe(false)
})

test('originator: the router that the route names', () => {
  expect(['10.0.0.1', '10.0.0.0/8', '192.0.2.0/24'].map((typed) => matches('originator', typed, IMET))).toEqual([true, true, false])
  expect([matches('originator', '10.0.0.1', SEGMENT), matches('originator', '0.0.0.0/0', MAC_IP)]).toEqual([true, false])
  expect(matches('originator', '::/0', withNlri(IMET, 'gobgp-type3-ipv6'))).toBe(true)
})

test('age and stale are those of the route', () => {
  const old = { ...MAC_IP, ageSeconds: 3600 }
  expect(
    [{ over: '59m' }, { over: '1h' }, { under: '1h' }, { under: 3601, over: '30s' }].map((typed) => matches('age', typed, old)),
  ).toEqual([true, false, false, true])
  const stale = { ...MAC_IP, stale: true }
  expect([matches('stale', true, stale), matches('stale', false, stale), matches('stale', true, MAC_IP)]).toEqual([true, false, false])
})
