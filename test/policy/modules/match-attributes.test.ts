/** Matches that look at path attributes, next hop and peer, on routes as they were on the wire. */
import { describe, expect, test } from 'vitest'
import { isTrouble } from '../../../src/policy/modules/argument/fields.ts'
import { MATCHES, matchModule } from '../../../src/policy/modules/table.ts'
import { captured, environment, LEAF, matches, withAttributes } from './route.ts'

/** AS_PATH 65001 65536 {65002,65003} (65004) [65005]; communities 65000:1 no-export; large 65000:1:2; ORIGINATOR_ID 10.0.0.1; RT 65000:100; VXLAN; PMSI. */
const ALL = captured('update-all-attributes')
/** RT 65000:50000, VXLAN, Router's MAC 02:aa:aa:aa:aa:aa. */
const RMAC = captured('gobgpd-ibgp-macadv-2labels-rmac-1')
/** MAC Mobility sequence 8. */
const MOVED = captured('gobgpd-ibgp-mac-mobility-2-1')
const GATEWAY = captured('gobgpd-ibgp-macadv-default-gw2-1')
/** RT 65000:100, ES-Import aa:bb:cc:dd:ee:ff. */
const SEGMENT = captured('gobgpd-ibgp-es-v4-1')
const BARE = withAttributes(ALL, {})

const target = (value: string, adminType?: string) => ({ name: 'route-target', value, ...(adminType === undefined ? {} : { adminType }) })

describe('vn', () => {
  test('by the route targets that it has here', () => {
    const web = withAttributes(ALL, { extCommunities: [{ name: 'encapsulation', tunnelType: 8 }, target('65001:10100')] })
    expect(['web', ['db', 'web'], '*', 'w*', 'db'].map((typed) => matches('vn', typed, web))).toEqual([true, true, true, true, false])
    expect(matches('vn', '*', RMAC)).toBe(false)
  })

  test('which must be known here', () => {
    expect(matchModule('vn')!.compile('wbe', environment())).toEqual({
      found: '"wbe"',
      expected: 'the name of a VN of this configuration: web, db',
    })
    expect(matchModule('vn')!.compile(['web', 'z*'], environment())).toMatchObject({ found: '"z*"' })
  })
})

describe('routeTarget', () => {
  test('exactly, by ranges, of any administrator', () => {
    for (const typed of ['65000:100', '*:100', '65000:*', '65000:1-100', '*:99-', ['1:1', '65000:100']])
      expect(matches('routeTarget', typed, ALL), String(typed)).toBe(true)
    for (const typed of ['65000:101', '65001:*', '192.0.2.1:100', '*:101-']) expect(matches('routeTarget', typed, ALL), typed).toBe(false)
  })

  test('in all three forms, of which two have one text', () => {
    const forms = withAttributes(ALL, { extCommunities: [target('65000:7', 'as4'), target('192.0.2.1:8'), target('4200000001:9')] })
    expect(['65000:7', '192.0.2.1:8', '4200000001:9', '192.0.2.1:*', '*:9'].map((typed) => matches('routeTarget', typed, forms))).toEqual(
      Array(5).fill(true),
    )
    expect(['65000:8', '192.0.2.1:7', '4200000001:8'].map((typed) => matches('routeTarget', typed, forms))).toEqual([false, false, false])
  })

  test('numbers of 32 bits have room behind 2-octet administrators only', () => {
    const wide = withAttributes(ALL, { extCommunities: [target('65001:268445556')] })
    expect(['65001:268445556', '*:268435456-'].map((typed) => matches('routeTarget', typed, wide))).toEqual([true, true])
    expect(matchModule('routeTarget')!.schema.safeParse('192.0.2.1:65536').success).toBe(false)
    expect(matchModule('routeTarget')!.schema.safeParse('4200000001:65536').success).toBe(false)
  })

  test('an ES-Import community is none', () => {
    const only = withAttributes(SEGMENT, { extCommunities: [{ name: 'es-import', mac: 'aa:bb:cc:dd:ee:ff' }] })
    expect(matches('routeTarget', '*:*', only)).toBe(false)
  })
})

test('nextHop: alone, in a prefix, of both versions', () => {
  expect(['192.0.2.1', '192.0.2.0/24', '::/0', '192.0.2.2'].map((typed) => matches('nextHop', typed, ALL))).toEqual([
    true,
    true,
    false,
    false,
  ])
  const v6 = captured('evpn-ipv6-nexthop')
  const both = captured('evpn-ipv6-nexthop-32')
  for (const route of [v6, both]) expect(['::/0', '0.0.0.0/0'].map((typed) => matches('nextHop', typed, route))).toEqual([true, false])
})

test('community: numbers, names, ranges', () => {
  for (const typed of ['65000:1', 'no-export', '65000:*', '*:1', '65000:0-9', ['1:1', '65535:65281']])
    expect(matches('community', typed, ALL), String(typed)).toBe(true)
  for (const typed of ['65000:2', 'no-advertise', '65001:*', '*:2-9']) expect(matches('community', typed, ALL), typed).toBe(false)
  expect(matches('community', '*:*', BARE)).toBe(false)
})

test('largeCommunity: numbers, ranges, any in any place', () => {
  for (const typed of ['65000:1:2', '65000:1:*', '65000:*:2', '*:*:*', '*:1:1-2'])
    expect(matches('largeCommunity', typed, ALL), typed).toBe(true)
  for (const typed of ['65000:1:3', '65001:*:*', '65000:2:*']) expect(matches('largeCommunity', typed, ALL), typed).toBe(false)
})

test('extendedCommunity: as they are written in show, by kind, in hex', () => {
  for (const typed of [
    'Rmac:02:aa:aa:aa:aa:aa',
    'rmac:*',
    'Rmac:02:aa:*',
    'ET:8',
    'RT:65000:50000',
    'RT:65000:*',
    'RT:*:50000',
    '0x030c000000000008',
    '0x0603*',
    'UNK:0x0603:02aaaaaaaaaa',
  ]) {
    expect(matches('extendedCommunity', typed, RMAC), typed).toBe(true)
  }
  for (const typed of ['Rmac:02:ab:*', 'ET:9', 'SoO:*', 'RT:65001:*', 'SoO:65000:50000', '0x0604*', 'Default-Gateway']) {
    expect(matches('extendedCommunity', typed, RMAC), typed).toBe(false)
  }
  expect(matches('extendedCommunity', 'Default-Gateway', GATEWAY)).toBe(true)
  expect(matches('extendedCommunity', 'ES-Import:aa:bb:cc:*', SEGMENT)).toBe(true)
  const colored = withAttributes(ALL, {
    extCommunities: [
      { name: 'color', flags: 0x4000, color: 100 },
      { name: 'link-bandwidth', as: 65001, bytesPerSecond: 1 },
    ],
  })
  expect(['Color:100', 'Color:101', 'LB:*'].map((typed) => matches('extendedCommunity', typed, colored))).toEqual([true, false, true])
  for (const typed of ['Color:x', 'Foo:1', '0x03', '0x030b0000', 'MM:1', 'RT:65000:1-2', 'toString', 'Default-Gateway:1']) {
    expect(matchModule('extendedCommunity')!.schema.safeParse(typed).success, typed).toBe(false)
  }
})

describe('the AS_PATH', () => {
  test('by pattern: sets are one token, confederations are none', () => {
    for (const typed of ['65001', '^65001 65536', '^65001 65536 65002$', '65003$', '^. . .$', '^65001_', [1, '65002']])
      expect(matches('asPath', typed, ALL), String(typed)).toBe(true)
    for (const typed of ['^65536', '65004', '^$', '^. .$', '65002 65003']) expect(matches('asPath', typed, ALL), typed).toBe(false)
    expect(matches('asPath', '^$', BARE)).toBe(true)
  })

  test('by length', () => {
    expect([3, '3-', '0-2', 4].map((typed) => matches('asPathLength', typed, ALL))).toEqual([true, true, false, false])
    expect(matches('asPathLength', 0, BARE)).toBe(true)
  })

  test('by origin: any member of a last AS_SET, ourselves when it is empty', () => {
    expect([65002, 65003, 65536, 65005].map((typed) => matches('originAs', typed, ALL))).toEqual([true, true, false, false])
    const external = withAttributes(ALL, { asPath: [{ type: 'sequence', asns: [65002, 4200000007] }] })
    expect([4200000007, '4200000000-4294967294', 65002].map((typed) => matches('originAs', typed, external))).toEqual([true, true, false])
    expect([65001, 65002].map((typed) => matches('originAs', typed, BARE))).toEqual([true, false])
  })
})

test('macMobility: sequence and stickiness, with nothing said for 0 and not sticky', () => {
  expect(
    [{ sequence: 8 }, { sequence: '9-' }, { sticky: false }, { sequence: '1-', sticky: true }].map((typed) =>
      matches('macMobility', typed, MOVED),
    ),
  ).toEqual([true, false, true, false])
  expect([{ sequence: 0 }, { sticky: false }, { sequence: '1-' }].map((typed) => matches('macMobility', typed, BARE))).toEqual([
    true,
    true,
    false,
  ])
  const sticky = withAttributes(ALL, { extCommunities: [{ name: 'mac-mobility', sticky: true, sequence: 0xffffffff }] })
  expect(matches('macMobility', { sequence: 4294967295, sticky: true }, sticky)).toBe(true)
})

test('defaultGateway and routerMac', () => {
  expect([
    matches('defaultGateway', true, GATEWAY),
    matches('defaultGateway', false, GATEWAY),
    matches('defaultGateway', false, BARE),
  ]).toEqual([true, false, true])
  expect(['02:aa:aa:aa:aa:aa', '*', '02:ab:*', 'none'].map((typed) => matches('routerMac', typed, RMAC))).toEqual([
    true,
    true,
    false,
    false,
  ])
  // ES-Import holds a MAC address too, and is not one of a router.
  expect(['*', 'none'].map((typed) => matches('routerMac', typed, SEGMENT))).toEqual([false, true])
})

test('encapsulation: named in a community or in the tunnel attribute, or nowhere', () => {
  expect(['vxlan', 8, 'mpls', 'none', ['mpls', 'vxlan']].map((typed) => matches('encapsulation', typed, RMAC))).toEqual([
    true,
    true,
    false,
    false,
    true,
  ])
  expect(['vxlan', 'none', ['vxlan', 'none']].map((typed) => matches('encapsulation', typed, BARE))).toEqual([false, true, true])
  const geneve = withAttributes(ALL, { unknown: [{ type: 23, flags: 0xc0, hex: '00130004ff020000' }] })
  expect(['geneve', 'vxlan', 'none'].map((typed) => matches('encapsulation', typed, geneve))).toEqual([true, false, false])
})

test('pmsi: by kind', () => {
  expect(['ingress-replication', 6, 'pim-sm', 'none', ['pim-sm', 6]].map((typed) => matches('pmsi', typed, ALL))).toEqual([
    true,
    true,
    false,
    false,
    true,
  ])
  expect(['none', 'no-tunnel-info', 6].map((typed) => matches('pmsi', typed, BARE))).toEqual([true, false, false])
})

test('originatorId', () => {
  expect(['10.0.0.1', '10.0.0.0/8', '192.0.2.0/24'].map((typed) => matches('originatorId', typed, ALL))).toEqual([true, true, false])
  expect(matches('originatorId', '0.0.0.0/0', BARE)).toBe(false)
})

test('peer, peerGroup and domain are those the route was learned from', () => {
  const far = { ...ALL, origin: { name: 'fra/198.51.100.1', group: null, domain: 'fra', asn: 65002, external: true } }
  const own = { ...ALL, origin: { ...LEAF, name: '', group: null } }
  expect(['leaf1', 'leaf*', 'leaf2', ['leaf2', 'leaf1']].map((typed) => matches('peer', typed, ALL))).toEqual([true, true, false, true])
  expect([matches('peer', 'fra/*', far), matches('peer', '*', own)]).toEqual([true, false])
  expect([matches('peerGroup', 'leaves', ALL), matches('peerGroup', '*', far)]).toEqual([true, false])
  expect(['fra', 'f*', 'local', 'par', ['par', 'local']].map((typed) => matches('domain', typed, far))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
  expect(['fra', '*', 'local', ['par', 'local']].map((typed) => matches('domain', typed, ALL))).toEqual([false, false, true, true])
})

test('those that look at attributes say the same whatever the NLRI, age and staleness', () => {
  for (const module of MATCHES.filter(({ looksAt }) => looksAt === 'attributes')) {
    for (const { typed } of module.examples) {
      const compiled = module.compile(typed, environment({ 'old-vteps.txt': '192.0.2.1' }))
      if (isTrouble(compiled)) throw new Error(compiled.found)
      const answer = compiled(ALL)
      const blind = { ...ALL, nlri: new Uint8Array(0), nlriAt: 0, nlriLength: 0, ageSeconds: Number.NaN, stale: true }
      expect(compiled(blind), `${module.name}: ${JSON.stringify(typed)}`).toBe(answer)
    }
  }
})
