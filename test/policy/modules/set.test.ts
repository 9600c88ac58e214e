/** What sets do to path attributes, next hop and marks, on routes as they were on the wire. */
import { describe, expect, test } from 'vitest'
import { isTrouble } from '../../../src/policy/modules/argument/fields.ts'
import { SETS, setModule } from '../../../src/policy/modules/table.ts'
import { formatExtendedCommunity } from '../../../src/wire/community/table.ts'
import { evpn } from '../../../src/wire/nlri/evpn/evpn.ts'
import type { AttributesFields, AttributesView } from '../../../src/wire/update-view.ts'
import { type Changed, captured, changedBy, environment, LEAF, withAttributes, withNlri } from './route.ts'

/** AS_PATH 65001 65536 {65002,65003} (65004) [65005]; MED 10; LOCAL_PREF 200; communities 65000:1 no-export; large 65000:1:2; RT 65000:100; unknown 200. */
const ALL = captured('update-all-attributes')
/** RT 65000:50000, VXLAN, Router's MAC 02:aa:aa:aa:aa:aa; VNIs 10100 and 50000. */
const RMAC = captured('gobgpd-ibgp-macadv-2labels-rmac-1')
const IMET = captured('gobgpd-ibgp-imet-v4-ir-vxlan-1')
const BARE = withAttributes(ALL, {})

const communitiesOf = ({ attributes }: Changed) => (attributes.extCommunities ?? []).map(formatExtendedCommunity)
const pathOf = ({ attributes }: Changed) => attributes.asPath
const sequence = (...asns: number[]) => ({ type: 'sequence' as const, asns })
const targets = (...values: string[]): AttributesFields => ({
  extCommunities: [...values.map((value) => ({ name: 'route-target', value })), { name: 'encapsulation', tunnelType: 8 }],
})
/** The RTs that `values` have become; the encapsulation behind them must have stayed. */
function targetsAfter(name: string, argument: unknown, values: readonly string[], asn = 65011): string[] {
  const route = { ...withAttributes(ALL, targets(...values)), origin: { ...LEAF, asn } }
  const after = communitiesOf(changedBy(name, argument, route))
  expect(after).toContain('ET:8')
  return after.filter((text) => text !== 'ET:8').map((text) => text.replace(/^RT:/, ''))
}

test('localPref and med: set, raised, lowered, within 32 bits, put in where they were missing', () => {
  const localPref = (typed: unknown, route = ALL) => changedBy('localPref', typed, route).attributes.localPref
  expect([50, '+50', '-250', '+4294967295'].map((typed) => localPref(typed))).toEqual([50, 250, 0, 4294967295])
  const med = (typed: unknown, route = ALL) => changedBy('med', typed, route).attributes.med
  expect([50, '+50', '-50'].map((typed) => med(typed))).toEqual([50, 60, 0])
  expect([med(7, BARE), med('+7', BARE)]).toEqual([7, 7])
})

test('what is set stands alone: all other attributes stay, octet for octet', () => {
  const kept = (changed: Changed, name: keyof AttributesView) => {
    const { [name]: _set, ...rest } = changed.attributes
    const { [name]: _was, ...before } = changedBy('nextHop', 'unchanged', ALL).attributes
    expect(rest).toEqual(before)
  }
  kept(changedBy('med', 1, ALL), 'med')
  kept(changedBy('asPath', { prepend: 7 }, ALL), 'asPath')
  kept(changedBy('communities', { replace: '1:1' }, ALL), 'communities')
  kept(changedBy('largeCommunities', { replace: '1:1:1' }, ALL), 'largeCommunities')
  kept(changedBy('routeTargets', { replace: '1:1' }, ALL), 'extCommunities')
})

describe('communities', () => {
  const after = (typed: unknown, route = ALL) => changedBy('communities', typed, route).attributes.communities
  test('are put in once, behind those that stay', () => {
    expect(after({ add: ['65000:1', 'no-advertise', '65000:2'] })).toEqual(['65000:1', '65535:65281', '65535:65282', '65000:2'])
    expect(after({ add: 'no-export' }, BARE)).toEqual(['65535:65281'])
  })
  test('are taken out by pattern, before others are put in', () => {
    expect(after({ remove: '65000:*' })).toEqual(['65535:65281'])
    expect(after({ remove: ['65000:*'], add: '65000:7' })).toEqual(['65535:65281', '65000:7'])
    expect(after({ remove: '*:*' })).toBeUndefined()
    expect(after({ remove: '*:*' }, BARE)).toBeUndefined()
  })
  test('replace leaves none of the old', () => {
    expect(after({ replace: ['1:1', '2:2'] })).toEqual(['1:1', '2:2'])
    expect(after({ replace: '1:1' }, BARE)).toEqual(['1:1'])
  })
  test('remove and replace exclude each other, and something must be said', () => {
    for (const typed of [{}, { replace: '1:1', add: '2:2' }, { replace: '1:1', remove: '2:2' }]) {
      expect(setModule('communities')!.schema.safeParse(typed).error?.issues[0]?.message).toBe('remove, add or both, or replace alone')
    }
  })
})

test('largeCommunities: add, remove, replace', () => {
  const after = (typed: unknown) => changedBy('largeCommunities', typed, ALL).attributes.largeCommunities
  expect(after({ add: ['65000:1:2', '1:2:3'] })).toEqual(['65000:1:2', '1:2:3'])
  expect(after({ remove: '65000:*:2' })).toBeUndefined()
  expect(after({ replace: '4294967295:0:0' })).toEqual(['4294967295:0:0'])
})

test('extendedCommunities: replace stays within its kind, remove takes what is named', () => {
  const after = (typed: unknown) => communitiesOf(changedBy('extendedCommunities', typed, RMAC))
  expect(after({ add: ['SoO:65001:1', 'Color:7', '0x4006000000000001'] })).toEqual([
    'RT:65000:50000',
    'ET:8',
    'Rmac:02:aa:aa:aa:aa:aa',
    'SoO:65001:1',
    'Color:7',
    'UNK:0x4006:000000000001',
  ])
  expect(after({ remove: ['ET:*', 'Rmac:02:aa:*'] })).toEqual(['RT:65000:50000'])
  expect(after({ replace: 'ET:19' })).toEqual(['RT:65000:50000', 'Rmac:02:aa:aa:aa:aa:aa', 'ET:19'])
  expect(after({ remove: ['RT:*', 'ET:*', 'Rmac:*'] })).toEqual([])
})

describe('routeTargets', () => {
  const after = (argument: unknown, ...values: string[]) => targetsAfter('routeTargets', argument, values)

  test('are put in, taken out, replaced; other communities stay', () => {
    expect(after({ add: ['65001:7', '65001:100'] }, '65001:100')).toEqual(['65001:100', '65001:7'])
    expect(after({ remove: '65001:*' }, '65001:100', '65002:100')).toEqual(['65002:100'])
    expect(after({ replace: ['65001:7'] }, '65001:100', '65002:100')).toEqual(['65001:7'])
    expect(after({ replace: '192.0.2.1:7' })).toEqual(['192.0.2.1:7'])
  })

  test('are mapped by the first rule that fits; those that fit none stay; what becomes the same is one', () => {
    const map = [
      { from: '65011:666', to: '65000:1' },
      { from: ['65011:*', '65012:*'], to: '65000:{number}' },
    ]
    expect(after({ map }, '65011:10100', '65012:10100', '65013:5', '65011:666')).toEqual(['65000:10100', '65013:5', '65000:1'])
  })

  test('{vni} is the number of a target, plain or below the type of RFC 8365; {rfc8365} the other way round', () => {
    expect(after({ map: [{ from: '*:*', to: '{asn}:{vni}' }] }, '65011:268445556', '65012:10200', '65012:4294967295')).toEqual([
      '65001:10100',
      '65001:10200',
      '65012:4294967295',
    ])
    expect(after({ map: [{ from: '*:*', to: '{admin}:{rfc8365}' }] }, '65011:10100', '65012:268445556')).toEqual([
      '65011:268445556',
      '65012:268445556',
    ])
    expect(after({ map: [{ from: '*:*', to: '{peerAsn}:{vni}' }] }, '65999:10100')).toEqual(['65011:10100'])
  })

  test('of addresses and 4-octet ASes what has no room stays as it is', () => {
    const forms = ['192.0.2.1:100', '4200000001:100']
    expect(after({ map: [{ from: '*:*', to: '{admin}:{rfc8365}' }] }, ...forms)).toEqual(forms)
    expect(after({ map: [{ from: '*:*', to: '{admin}:7' }] }, ...forms)).toEqual(['192.0.2.1:7', '4200000001:7'])
    expect(after({ map: [{ from: '*:*', to: '65000:{vni}' }] }, ...forms)).toEqual(['65000:100'])
  })

  test('maps what was there, takes out what was there, and puts in what is said', () => {
    const argument = { map: [{ from: '65002:*', to: '65001:{number}' }], remove: '65003:*', add: '65003:9' }
    expect(after(argument, '65002:1', '65003:2')).toEqual(['65001:1', '65003:9'])
  })

  test('templates that can mean nothing are refused', () => {
    for (const to of ['{asn}', '{vni}:{asn}', '65536:{vni}', '65001:{foo}', '192.0.2.1:{vni}', '{asn}:{vni}:1', 'x:1']) {
      expect(setModule('routeTargets')!.schema.safeParse({ map: [{ from: '*:*', to }] }).success, to).toBe(false)
    }
    expect(setModule('routeTargets')!.schema.safeParse({ replace: '1:1', map: [{ from: '*:*', to: '1:1' }] }).success).toBe(false)
  })
})

describe('vniRouteTargets', () => {
  const after = (argument: unknown, route = RMAC) =>
    communitiesOf(changedBy('vniRouteTargets', argument, route)).filter((text) => text.startsWith('RT:'))

  test('of both labels of a type 2 route, of the PMSI tunnel of a type 3 route', () => {
    expect(after({ replace: '65000:{vni}' })).toEqual(['RT:65000:10100', 'RT:65000:50000'])
    expect(after({ add: '{asn}:{vni}' })).toEqual(['RT:65000:50000', 'RT:65001:10100', 'RT:65001:50000'])
    expect(after({ replace: ['65000:{vni}', '{asn}:{rfc8365}'] }, IMET)).toEqual(['RT:65000:10100', 'RT:65001:268445556'])
    expect(
      after({ replace: '{peerAsn}:{vni}' }, withNlri({ ...IMET, origin: { ...LEAF, asn: 4200000011 } }, 'gobgp-type2-mac-only')),
    ).toEqual(['RT:59915:200'])
  })

  test('of a route without VNI nothing is made, nor lost', () => {
    const segment = captured('gobgpd-ibgp-es-v4-1')
    expect(after({ replace: '65000:{vni}' }, segment)).toEqual(['RT:65000:100'])
    const mpls = withAttributes(RMAC, {
      extCommunities: [
        { name: 'route-target', value: '1:1' },
        { name: 'encapsulation', tunnelType: 10 },
      ],
    })
    expect(after({ replace: '65000:{vni}' }, mpls)).toEqual(['RT:1:1'])
  })

  test('what is made of no VNI belongs under routeTargets', () => {
    for (const typed of [{ add: '65000:1' }, { add: '{asn}:1' }, { add: '65000:{number}' }, {}, { add: '1:{vni}', replace: '1:{vni}' }]) {
      expect(setModule('vniRouteTargets')!.schema.safeParse(typed).success, JSON.stringify(typed)).toBe(false)
    }
  })
})

describe('rewriteEvpnRtAsn', () => {
  test('gives the targets of the AS of the peer our own', () => {
    expect(targetsAfter('rewriteEvpnRtAsn', true, ['65011:10100', '65012:10100', '192.0.2.1:1'])).toEqual([
      '65001:10100',
      '65012:10100',
      '192.0.2.1:1',
    ])
  })
  test('of 4-octet ASes as switches derive them, and where they stand in full', () => {
    expect(targetsAfter('rewriteEvpnRtAsn', true, ['59915:10100', '4200000011:7'], 4200000011)).toEqual(['65001:10100', '65001:7'])
  })
  test('changes nothing of peers of our own AS', () => {
    expect(targetsAfter('rewriteEvpnRtAsn', true, ['65001:10100'], 65001)).toEqual(['65001:10100'])
  })
})

describe('nextHop', () => {
  const after = (typed: string, where = environment()) => [...changedBy('nextHop', typed, ALL, where).nextHop]
  test('unchanged, self, an address of either version', () => {
    expect(after('unchanged')).toEqual([192, 0, 2, 1])
    expect(after('self', { ...environment(), ownAddress: Uint8Array.of(10, 9, 8, 7) })).toEqual([10, 9, 8, 7])
    expect(after('192.0.2.250')).toEqual([192, 0, 2, 250])
    expect(after('2001:db8::1')).toHaveLength(16)
  })
  test('self is refused where no address of ours is known', () => {
    const compiled = setModule('nextHop')!.compile('self', { ...environment(), ownAddress: null })
    expect(isTrouble(compiled) && compiled.found).toBe('self')
  })
})

test("routerMac: one in place of all, put in where there was none, or none; zero and groups are no router's", () => {
  expect(communitiesOf(changedBy('routerMac', '02:00:5e:00:00:01', RMAC))).toEqual(['RT:65000:50000', 'ET:8', 'Rmac:02:00:5e:00:00:01'])
  expect(communitiesOf(changedBy('routerMac', '02:00:5e:00:00:01', BARE))).toEqual(['Rmac:02:00:5e:00:00:01'])
  expect(communitiesOf(changedBy('routerMac', 'none', RMAC))).toEqual(['RT:65000:50000', 'ET:8'])
  for (const typed of ['00:00:00:00:00:00', '01:00:5e:00:00:01', 'x'])
    expect(setModule('routerMac')!.schema.safeParse(typed).success).toBe(false)
})

test('vni: single ones and ranges become what they are said to', () => {
  const { vnis } = changedBy('vni', { '10000-10002': 20000, 50001: 70007 }, ALL)
  expect([...vnis]).toEqual(
    expect.arrayContaining([
      [10000, 20000],
      [10001, 20001],
      [10002, 20002],
      [50001, 70007],
    ]),
  )
  expect(vnis.size).toBe(4)
  const labels = (typed: unknown) => evpn.read(changedBy('vni', typed, RMAC).nlri, 0, 42)
  expect(labels({ 10100: 20100, '50000-50009': 16000000 })).toMatchObject({ vni1: 20100, vni2: 16000000 })
  expect(changedBy('vni', { 10100: 20100 }, IMET).attributes.pmsiTunnel).toMatchObject({ vni: 20100, endpoint: '10.0.0.1' })
  for (const typed of [{}, { x: 1 }, { 1: 0 }, { 1: '1' }, { '1-3': 16777214 }, { '1-16777215': 1 }, { '1-40000': 1, '50000-90000': 1 }]) {
    expect(setModule('vni')!.schema.safeParse(typed).success, JSON.stringify(typed)).toBe(false)
  }
})

describe('asPath', () => {
  const path = (typed: unknown, ...segments: ReturnType<typeof sequence>[]) =>
    pathOf(changedBy('asPath', typed, withAttributes(ALL, { asPath: segments })))

  test('prepends into the first sequence, or before what is none', () => {
    expect(path({ prepend: [7, 8] }, sequence(1, 2))).toEqual([sequence(7, 8, 1, 2)])
    expect(path({ prepend: 7 })).toEqual([sequence(7)])
    expect(pathOf(changedBy('asPath', { prepend: 7 }, ALL))?.[0]).toEqual(sequence(7, 65001, 65536))
    const set = pathOf(changedBy('asPath', { prepend: 7 }, withAttributes(ALL, { asPath: [{ type: 'set', asns: [1] }] })))
    expect(set).toEqual([sequence(7), { type: 'set', asns: [1] }])
  })

  test('begins a sequence where 255 are not enough, and writes the longer length', () => {
    const full = Array.from({ length: 254 }, (_, i) => i + 1)
    expect(path({ prepend: [7, 8] }, sequence(...full))).toEqual([sequence(7, 8), sequence(...full)])
    expect(path({ prepend: 7 }, sequence(...full))).toEqual([sequence(7, ...full)])
    expect(path({ prepend: [7, 8] }, sequence(...full.slice(0, 62)))).toEqual([sequence(7, 8, ...full.slice(0, 62))])
  })

  test('removes private ones, and segments left empty', () => {
    expect(path({ removePrivate: true }, sequence(65010, 1, 64512, 4200000000, 65535, 2))).toEqual([sequence(1, 65535, 2)])
    expect(path({ removePrivate: true }, sequence(65010), sequence(3))).toEqual([sequence(3)])
    expect(path({ removePrivate: true }, sequence(65010))).toEqual([])
    // Confederation segments are left to those whose confederation it is.
    expect(pathOf(changedBy('asPath', { removePrivate: true }, ALL))).toEqual([
      sequence(65536),
      { type: 'confed-sequence', asns: [65004] },
      { type: 'confed-set', asns: [65005] },
    ])
  })

  test('overrides after removing and before prepending', () => {
    expect(path({ override: [3, '10-20'] }, sequence(3, 4, 15, 3))).toEqual([sequence(65001, 4, 65001, 65001)])
    expect(path({ removePrivate: true, override: 3, prepend: 3 }, sequence(65010, 3))).toEqual([sequence(3, 65001)])
  })
})

test('strip: by name or type code, never what a route needs', () => {
  const after = (typed: unknown) => Object.keys(changedBy('strip', typed, ALL).attributes)
  expect(after(['med', 'communities', 200])).toEqual(
    Object.keys(changedBy('nextHop', 'unchanged', ALL).attributes).filter((name) => !['med', 'communities', 'unknown'].includes(name)),
  )
  for (const typed of ['origin', 'asPath', 2, 9, 'clusterList', 'mpReach', 14, 0, 256])
    expect(setModule('strip')!.schema.safeParse(typed).success).toBe(false)
})

test('rateClass marks', () => {
  expect(changedBy('rateClass', 7, ALL).rateClass).toBe(7)
})

test('those that look at attributes do the same whatever the NLRI', () => {
  const blind = { ...RMAC, nlri: new Uint8Array(0), nlriAt: 0, nlriLength: 0 }
  for (const { name, examples } of SETS.filter(({ looksAt }) => looksAt === 'attributes')) {
    for (const { typed } of examples) {
      const { nlri: _none, ...made } = changedBy(name, typed, blind)
      const { nlri: _its, ...seeing } = changedBy(name, typed, RMAC)
      expect(made, `${name}: ${JSON.stringify(typed)}`).toEqual(seeing)
    }
  }
})
