import { describe, expect, test } from 'vitest'
import { internalExporter, type Self, type Source } from '../../src/advertise/exporter/exporters.ts'
import type { VnSettings } from '../../src/domain/settings.ts'
import { Boundary } from '../../src/federation/boundary.ts'
import { refusal } from '../../src/policy/refusal.ts'
import { hex, readAttributes } from '../advertise/receiver.ts'
import { attributesOf, Feed, intern, type Path } from '../rib/feed.ts'
import { asPath, attribute, extCommunities, join, ORIGIN_IGP } from '../wire/update-octets.ts'
import { domainOf, federationOf } from './agreement.ts'

const SELF: Self = { asn: 65001, routerId: 1, clusterId: 1 }
const octets = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
/** Route target `asn:number` in hex. */
const rt = (asn: number, number: number) => `0002${asn.toString(16).padStart(4, '0')}${number.toString(16).padStart(8, '0')}`
const vn = (name: string, vni: number, targets = [rt(65001, vni)]) => ({
  name,
  vni,
  service: 'l2' as const,
  importTargets: targets.map(octets),
  exportTargets: targets.map(octets),
})

const VNS = new Map([
  ['web', vn('web', 10100)],
  ['db', vn('db', 10200)],
  ['dmz', vn('dmz', 10300, [rt(65001, 10300), rt(65001, 99)])],
])
const INSIDE: Source = { external: false, client: true, routerId: 5, domain: null }
const FROM_B: Source = { external: true, client: false, routerId: 6, domain: 'b' }
const FROM_C: Source = { external: true, client: false, routerId: 7, domain: 'c' }
const sourceOf = (peer: number) => [undefined, INSIDE, FROM_B, FROM_C, { ...INSIDE, external: true }][peer]

function boundaryTo(
  shares: readonly (readonly [string, ...string[]])[],
  transit: readonly (readonly [string, string])[] = [],
  heedsStickyMacs = false,
): Boundary {
  const share = shares.map(([name, ...targets]) => ({
    vn: name,
    vni: VNS.get(name)!.vni,
    peerTargets: targets.map(octets),
    tunnelType: 8,
    limits: null,
  }))
  const b = { ...domainOf('b', 65002, share), heedsStickyMacs }
  return new Boundary(b, VNS, federationOf([b, domainOf('c', 65003)], transit))
}

/** D-PATH of one segment of these AS numbers, each with 0, all of EVPN. */
const dPath = (...asns: number[]) => attribute(0xc0, 36, [asns.length, ...asns.flatMap((asn) => [0, 0, asn >> 8, asn & 255, 0, 0, 70])])
const dPathHex = (...asns: number[]) => hex(Uint8Array.from([asns.length, ...asns.flatMap((asn) => [0, 0, asn >> 8, asn & 255, 0, 0, 70])]))

const MAC_MOBILITY = '0600000000000001'
const ROUTER_MAC = '060302005e000001'

/** What leaves towards domain b of a route with these attributes: its attributes, or the refusing verdict. */
function leaving(boundary: Boundary, path: Path, peer = 1, extra: readonly Uint8Array[] = []): Map<number, string> | number {
  const { sets } = new Feed()
  const exporter = boundary.exporter(sets, SELF, sourceOf)
  const set = intern(sets, peer, join(attributesOf(path), ...extra))
  const verdict = exporter.judge(set)
  if (verdict !== 0) return verdict
  const out = new Uint8Array(5000)
  return new Map(readAttributes(out.slice(0, exporter.write(set, out, 0))).map(({ code, value }) => [code, hex(value)]))
}

/** The extended communities with which a route from domain b is used, or the refusing verdict. */
function entering(boundary: Boundary, ext: readonly string[]): string | number {
  const used = enteringWith(boundary, ext, [])
  return typeof used === 'number' ? used : used.get(16)!
}

/** The attributes with which it is used. */
function enteringWith(boundary: Boundary, ext: readonly string[], extra: readonly Uint8Array[]): Map<number, string> | number {
  const { sets } = new Feed()
  const set = intern(sets, 2, join(attributesOf({ asns: [65002], localPref: null, ext }), ...extra))
  const verdict = boundary.importSet(sets, set)
  if (verdict < 0) return verdict
  const found = readAttributes(sets.octets(verdict).slice(sets.attributesAt(verdict), sets.attributesEnd(verdict)))
  return new Map(found.map(({ code, value }) => [code, hex(value)]))
}

describe('outwards', () => {
  test('only routes of shared VNs leave', () => {
    const boundary = boundaryTo([['web', rt(65002, 10100)]])
    expect(leaving(boundary, { ext: [rt(65001, 10200)] })).toBe(refusal('vn-not-shared'))
    expect(leaving(boundary, { ext: [rt(65001, 7)] })).toBe(refusal('vn-not-shared'))
    expect(leaving(boundary, {})).toBe(refusal('vn-not-shared'))
    expect(leaving(boundary, { ext: [rt(65001, 10100)] })).toBeInstanceOf(Map)
  })

  test('with nothing shared nothing leaves, whatever the numbers on the other side', () => {
    expect(leaving(boundaryTo([]), { ext: [rt(65001, 10100), rt(65002, 10100)] })).toBe(refusal('vn-not-shared'))
  })

  test('targets of private VNs are stripped, so that the route lands in none of the same number over there', () => {
    const told = leaving(boundaryTo([['web', rt(65002, 10100)]]), {
      ext: [rt(65001, 10200), rt(65001, 10100), MAC_MOBILITY, rt(65002, 10200), ROUTER_MAC],
    })
    expect((told as Map<number, string>).get(16)).toBe(rt(65001, 10100) + MAC_MOBILITY + ROUTER_MAC)
  })

  test('every target of a shared VN goes along', () => {
    const told = leaving(boundaryTo([['dmz', rt(65002, 1)]]), { ext: [rt(65001, 99), rt(65001, 10300), rt(65001, 10100)] })
    expect((told as Map<number, string>).get(16)).toBe(rt(65001, 99) + rt(65001, 10300))
  })

  test('route targets in IPv6 address specific communities stay inside too (RFC 5701)', () => {
    const ipv6 = attribute(0xc0, 25, [0, 2, ...Array(16).fill(1), 0, 9])
    const told = leaving(boundaryTo([['web', rt(65002, 10100)]]), { ext: [rt(65001, 10100)] }, 1, [ipv6])
    expect([...(told as Map<number, string>).keys()]).toEqual([1, 2, 16, 36])
  })

  test('LOCAL_PREF, MED, ORIGINATOR_ID, CLUSTER_LIST, AIGP and non-transitive communities stay inside; our AS stands first', () => {
    const aigp = attribute(0x80, 26, [1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 5])
    const path = {
      ext: [rt(65001, 10100), '4306000000000009'],
      med: 5,
      localPref: 200,
      originator: 7,
      clusters: [8],
      communities: ['00010002'],
    }
    const told = leaving(boundaryTo([['web', rt(65002, 10100)]]), path, 1, [aigp]) as Map<number, string>
    expect([...told.keys()]).toEqual([1, 2, 8, 16, 36])
    expect(told.get(2)).toBe('02010000fde9')
    expect(told.get(16)).toBe(rt(65001, 10100))
  })

  test('no transit: what one domain said is told to no other, nor back to it', () => {
    const boundary = boundaryTo([['web', rt(65002, 10100)]])
    expect(leaving(boundary, { ext: [rt(65001, 10100)] }, 2)).toBe(refusal('back-to-its-domain'))
    expect(leaving(boundary, { ext: [rt(65001, 10100)] }, 3)).toBe(refusal('no-transit-between-domains'))
    expect(leaving(boundary, { ext: [rt(65001, 10100)] }, 4)).toBeInstanceOf(Map)
    expect(leaving(boundary, { ext: [rt(65001, 10100)] }, 0)).toBeInstanceOf(Map)
  })

  test('NO_EXPORT, NO_EXPORT_SUBCONFED and NO_ADVERTISE are heeded (RFC 1997)', () => {
    const boundary = boundaryTo([['web', rt(65002, 10100)]])
    const ext = [rt(65001, 10100)]
    expect(leaving(boundary, { ext, communities: ['00010002', 'ffffff01'] })).toBe(refusal('no-export'))
    expect(leaving(boundary, { ext, communities: ['ffffff03'] })).toBe(refusal('no-export'))
    expect(leaving(boundary, { ext, communities: ['ffffff02'] })).toBe(refusal('no-advertise'))
    expect(leaving(boundary, { ext, communities: ['ffffff04'] })).toBeInstanceOf(Map)
    const { sets } = new Feed()
    const inside = internalExporter(sets, SELF, sourceOf, true)
    expect(inside.judge(intern(sets, 1, attributesOf({ communities: ['ffffff01'] })))).toBe(0)
    expect(inside.judge(intern(sets, 1, attributesOf({ communities: ['ffffff02'] })))).toBe(refusal('no-advertise'))
  })

  test.each([0, 1, 4, 6, 7, 8, 11, 99, 255])('routes of type %i stay home', (type) => {
    expect(boundaryTo([['web', rt(65002, 10100)]]).typeVerdicts[type]).toBe(refusal('route-type-stays-home'))
  })

  test.each([2, 3, 5])('routes of type %i cross', (type) => {
    expect(boundaryTo([['web', rt(65002, 10100)]]).typeVerdicts[type]).toBe(0)
  })
})

describe('inwards', () => {
  test('their target of a shared VN becomes what local NVEs import', () => {
    expect(entering(boundaryTo([['web', rt(65002, 10100)]]), [rt(65002, 10100), MAC_MOBILITY])).toBe(rt(65001, 10100) + MAC_MOBILITY)
    expect(entering(boundaryTo([['dmz', rt(65002, 1)]]), [rt(65002, 1)])).toBe(rt(65001, 10300) + rt(65001, 99))
  })

  test('a word that a MAC must not move is left at the door, unless it is heeded, and the sequence comes in (RFC 7432 §15.2, §10.1)', () => {
    const sticky = '060001000000002a'
    const gateway = '030d000000000000'
    const ext = [rt(65002, 10100), gateway, sticky, ROUTER_MAC]
    const heedless = boundaryTo([['web', rt(65002, 10100)]])
    const heeding = boundaryTo([['web', rt(65002, 10100)]], [], true)
    expect(entering(heedless, ext)).toBe(`${rt(65001, 10100)}060000000000002a${ROUTER_MAC}`)
    expect(entering(heeding, ext)).toBe(rt(65001, 10100) + gateway + sticky + ROUTER_MAC)
    // A reload from the one to the other is a change.
    expect(heedless.same(heeding)).toBe(false)
    // What leaves says what is so.
    expect((leaving(heedless, { ext: [rt(65001, 10100), gateway, sticky] }) as Map<number, string>).get(16)).toBe(
      rt(65001, 10100) + gateway + sticky,
    )
  })

  test.each([
    ['encapsulation', { tunnelType: 19 }, 'l2'],
    ['VNI', { vni: 20100 }, 'l2'],
    ['service', {}, 'l3'],
  ] as const)('a reload to another %s is a change, also where route targets stay', (_what, other, service) => {
    const share = { vn: 'web', vni: 10100, peerTargets: [octets(rt(65002, 1))], tunnelType: 8, limits: null }
    const boundary = (shared: typeof share, vns: ReadonlyMap<string, VnSettings> = VNS) => {
      const domain = domainOf('b', 65002, [shared])
      return new Boundary(domain, vns, federationOf([domain]))
    }
    const changed = boundary({ ...share, ...other }, new Map([['web', { ...vn('web', 10100), service }]]))
    expect(boundary(share).same(boundary({ ...share }))).toBe(true)
    expect(boundary(share).same(changed)).toBe(false)
  })

  test('what is not shared is refused, also where our own targets are forged', () => {
    const boundary = boundaryTo([['web', rt(65002, 10100)]])
    expect(entering(boundary, [rt(65001, 10100)])).toBe(refusal('vn-not-shared'))
    expect(entering(boundary, [])).toBe(refusal('vn-not-shared'))
    expect(entering(boundary, [rt(65002, 10100), rt(65001, 10200)])).toBe(rt(65001, 10100))
  })

  test('equal numbers on both sides cross for the shared VN and for no other', () => {
    const boundary = boundaryTo([['web', rt(65001, 10100)]])
    expect(entering(boundary, [rt(65001, 10100), rt(65001, 10200)])).toBe(rt(65001, 10100))
    expect(entering(boundary, [rt(65001, 10200)])).toBe(refusal('vn-not-shared'))
    expect((leaving(boundary, { ext: [rt(65001, 10100), rt(65001, 10200)] }) as Map<number, string>).get(16)).toBe(rt(65001, 10100))
  })

  test('a set that needs no translation is used as it came', () => {
    const { sets } = new Feed()
    const set = intern(sets, 2, join(attributesOf({ asns: [65002], ext: [rt(65001, 10100)] }), dPath(65002)))
    expect(boundaryTo([['web', rt(65001, 10100)]]).importSet(sets, set)).toBe(set)
  })

  test('one of their targets may stand for two VNs, and two of theirs for one', () => {
    expect(
      entering(
        boundaryTo([
          ['web', rt(65002, 1)],
          ['db', rt(65002, 1)],
        ]),
        [rt(65002, 1)],
      ),
    ).toBe(rt(65001, 10100) + rt(65001, 10200))
    expect(entering(boundaryTo([['web', rt(65002, 1), rt(65002, 2)]]), [rt(65002, 2), rt(65002, 1)])).toBe(rt(65001, 10100))
  })

  test('route targets in IPv6 address specific communities are left at the door (RFC 5701)', () => {
    const { sets } = new Feed()
    const ipv6 = attribute(0xc0, 25, [0, 2, ...Array(16).fill(1), 0, 9])
    const set = intern(sets, 2, join(ORIGIN_IGP, asPath(65002), extCommunities(rt(65001, 10100)), ipv6))
    const used = boundaryTo([['web', rt(65001, 10100)]]).importSet(sets, set)
    expect(hex(sets.octets(used).slice(sets.attributesAt(used), sets.attributesEnd(used)))).toBe(
      hex(join(ORIGIN_IGP, asPath(65002), extCommunities(rt(65001, 10100)), dPath(65002))),
    )
  })

  test('a set that translation makes too long is refused', () => {
    const { sets } = new Feed()
    const filler = attribute(0xe0, 250, Array(65535 - 7 - 24 - 4).fill(0))
    const set = intern(sets, 2, join(ORIGIN_IGP, asPath(65002), extCommunities(rt(65002, 1)), filler))
    expect(boundaryTo([['dmz', rt(65002, 1)]]).importSet(sets, set)).toBe(refusal('attributes-too-long'))
  })

  test('remembers what was asked for in vain', () => {
    const boundary = boundaryTo([['web', rt(65002, 10100)]])
    entering(boundary, [rt(65002, 10200)])
    expect(boundary.asked.vnsAmong([...VNS.values()]).map(({ name }) => name)).toEqual(['db'])
  })
})

describe('the path of domains (D-PATH, RFC 10039)', () => {
  const web = [['web', rt(65002, 10100)]] as const
  const ext = [rt(65001, 10100)]

  test('a route of ours leaves with our domain in it', () => {
    expect((leaving(boundaryTo(web), { ext }) as Map<number, string>).get(36)).toBe(dPathHex(65001))
  })

  test('our domain stands before those it came through', () => {
    const told = leaving(boundaryTo(web, [['c', 'b']]), { ext }, 3, [dPath(65003, 65004)])
    expect((told as Map<number, string>).get(36)).toBe(dPathHex(65001, 65003, 65004))
  })

  test('a full segment is left alone: the domain goes into one of its own', () => {
    const full = Array.from({ length: 255 }, () => 65003)
    const told = leaving(boundaryTo(web, [['c', 'b']]), { ext }, 3, [join(attributeOfSegment(full))])
    expect((told as Map<number, string>).get(36)).toBe(dPathHex(65001) + dPathHex(...full))
  })

  test('what came through our own domain already has come round and is not used', () => {
    expect(enteringWith(boundaryTo(web), [rt(65002, 10100)], [dPath(65002, 65001)])).toBe(refusal('domain-path-loop'))
    expect(enteringWith(boundaryTo(web), [rt(65002, 10100)], [dPath(65002, 65003)])).toBeInstanceOf(Map)
  })

  test('our own domain is seen wherever it stands in it, in whichever segment', () => {
    for (const path of [[65001], [65001, 65003], [65002, 65001, 65003], [65002, 65003, 65001]]) {
      expect(enteringWith(boundaryTo(web), [rt(65002, 10100)], [dPath(...path)])).toBe(refusal('domain-path-loop'))
      const second = attribute(0xc0, 36, [...octets(dPathHex(65002, 65004)), ...octets(dPathHex(...path))])
      expect(enteringWith(boundaryTo(web), [rt(65002, 10100)], [second])).toBe(refusal('domain-path-loop'))
    }
  })

  test('a neighbour that writes no D-PATH, or not itself, is put into it', () => {
    const boundary = boundaryTo(web)
    const path = (...extra: Uint8Array[]) => (enteringWith(boundary, [rt(65002, 10100)], extra) as Map<number, string>).get(36)
    expect(path()).toBe(dPathHex(65002))
    expect(path(dPath(65003))).toBe(dPathHex(65002, 65003))
    expect(path(dPath(65002, 65003))).toBe(dPathHex(65002, 65003))
  })

  test('transit is for the pairs that the operator names, in both directions', () => {
    expect(leaving(boundaryTo(web, [['b', 'c']]), { ext }, 3)).toBeInstanceOf(Map)
    expect(leaving(boundaryTo(web, [['c', 'b']]), { ext }, 3)).toBeInstanceOf(Map)
    expect(leaving(boundaryTo(web, [['c', 'd']]), { ext }, 3)).toBe(refusal('no-transit-between-domains'))
    expect(leaving(boundaryTo(web, [['b', 'c']]), { ext }, 2)).toBe(refusal('back-to-its-domain'))
  })

  test('what another NVA of ours has from a domain is known by its D-PATH, and without one by its AS_PATH', () => {
    for (const [path, extra] of [
      [{ ext }, [dPath(65003)]],
      [{ ext, asns: [65003] }, []],
    ] as const) {
      expect(leaving(boundaryTo(web), path, 1, extra)).toBe(refusal('no-transit-between-domains'))
      expect(leaving(boundaryTo(web, [['b', 'c']]), path, 1, extra)).toBeInstanceOf(Map)
    }
    expect(leaving(boundaryTo(web, [['b', 'c']]), { ext }, 1, [dPath(65002)])).toBe(refusal('back-to-its-domain'))
    expect(leaving(boundaryTo(web, [['b', 'c']]), { ext }, 1, [dPath(65077)])).toBe(refusal('no-transit-between-domains'))
  })

  test('a route is not told to a domain that it has come through', () => {
    expect(leaving(boundaryTo(web, [['b', 'c']]), { ext }, 3, [dPath(65003, 65002)])).toBe(refusal('already-passed-domain'))
  })

  function attributeOfSegment(asns: readonly number[]): Uint8Array {
    const value = dPath(...asns.slice(0, 30)).subarray(4, 4 + 7)
    const segment = join([asns.length], ...asns.map(() => value))
    return join([0xd0, 36, segment.length >> 8, segment.length & 255], segment)
  }
})
