import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AttributeContext } from '../../src/wire/attribute/attribute.ts'
import { PATH_ATTRIBUTES } from '../../src/wire/attribute/table.ts'
import { readExtendedCommunity } from '../../src/wire/community/table.ts'
import { evpnViews } from './evpn-values.ts'
import { bent, family, hexText, ip, ipv4, ipv6, octets, u8, u16, u24, u32 } from './values.ts'

const OLD: AttributeContext = { fourOctetAs: false, internal: true }
const NEW: AttributeContext = { fourOctetAs: true, internal: true }

const as2 = fc.integer({ min: 1, max: 0xffff })
const as4 = fc.integer({ min: 1, max: 0xffffffff })
const segment = (as: fc.Arbitrary<number>, minLength = 1) =>
  fc.record({
    type: fc.constantFrom('set', 'sequence', 'confed-sequence', 'confed-set'),
    asns: fc.array(as, { minLength, maxLength: 255 }),
  })
const path = (as: fc.Arbitrary<number>, minLength = 0) => fc.array(segment(as), { minLength, maxLength: 4 })
const aggregator = (as: fc.Arbitrary<number>) => fc.record({ as, address: ipv4 })
const colons = (part: fc.Arbitrary<number>, count: number) =>
  fc.array(
    fc.array(part, { minLength: count, maxLength: count }).map((parts) => parts.join(':')),
    { minLength: 1, maxLength: 40 },
  )
const evpnList = fc.record({ afi: fc.constant(25), safi: fc.constant(70), nlri: fc.array(evpnViews, { minLength: 1, maxLength: 5 }) })
const otherList = fc
  .record({ ...{ afi: u16, safi: fc.integer({ min: 3, max: 60 }) }, nlriHex: hexText({ minLength: 1, maxLength: 40 }) })
  .filter(({ afi }) => afi > 2 && afi !== 25)

const pmsiHead = { flags: fc.constantFrom(0, 1, 0x80, 0x81), vni: u24 }
const mldpFec = fc
  .tuple(fc.oneof(octets(4), octets(16)), fc.uint8Array({ maxLength: 40 }))
  .map(([root, opaque]) => Uint8Array.of(6, 0, 1, root.length, ...root, 0, opaque.length, ...opaque))
const sized = (...sizes: number[]) => fc.constantFrom(...sizes).chain(octets)
const TUNNEL_IDS: Readonly<Record<number, fc.Arbitrary<Uint8Array>>> = {
  0: fc.uint8Array({ maxLength: 30 }),
  1: sized(12, 24),
  2: mldpFec,
  3: sized(8, 32),
  4: sized(8, 32),
  5: sized(8, 32),
  6: sized(4, 16),
  7: mldpFec,
  8: sized(8, 20),
  10: sized(4, 16),
  11: sized(7, 19),
  99: fc.uint8Array({ maxLength: 30 }),
}
const pmsi = fc
  .oneof(
    ...Object.entries(TUNNEL_IDS).map(([type, tunnelId]) => fc.record({ ...pmsiHead, tunnelType: fc.constant(Number(type)), tunnelId })),
  )
  .map(({ flags, vni, tunnelType, tunnelId }) => Uint8Array.of(flags, tunnelType, vni >> 16, vni >> 8, vni, ...tunnelId))

const endpoint = fc.oneof(
  fc.constant(Uint8Array.of(0, 0, 0, 0, 0, 0)),
  octets(4).map((address) => Uint8Array.of(0, 0, 0, 0, 0, 1, ...address)),
  octets(16).map((address) => Uint8Array.of(0, 0, 0, 0, 0, 2, ...address)),
)
const otherSubTlv = fc
  .tuple(
    u8.filter((type) => type !== 6),
    fc.uint8Array({ maxLength: 40 }),
  )
  .map(([type, value]) => Uint8Array.of(type, ...(type < 128 ? [] : [0]), value.length, ...value))
const tunnel = fc
  .tuple(fc.oneof(fc.constantFrom(1, 2, 8, 9, 11, 12, 19), u16), endpoint, fc.array(otherSubTlv, { maxLength: 4 }))
  .map(([type, address, others]) => {
    const subTlvs = [6, address.length, ...address, ...others.flatMap((other) => [...other])]
    return [type >> 8, type & 0xff, subTlvs.length >> 8, subTlvs.length & 0xff, ...subTlvs]
  })
const domain = fc.record({ domainId: fc.tuple(u32, u16).map((parts) => parts.join(':')), safi: u8 })
const ipv6Community = fc.record({ type: fc.constantFrom(0, 0x40, 0x80), subtype: u8, address: ipv6, number: u16 }).map((fields) => ({
  ...fields,
  transitive: (fields.type & 0x40) === 0,
  name: fields.type === 0 ? ({ 2: 'route-target', 3: 'route-origin', 11: 'vrf-route-import' }[fields.subtype] ?? 'unknown') : 'unknown',
}))

/** Values of every attribute of the table; for those whose view says a thing twice, the octets to read them from. */
const VALUES: Readonly<
  Record<string, { readonly context?: AttributeContext; readonly values: fc.Arbitrary<unknown>; readonly octets?: true }>
> = {
  origin: { values: fc.constantFrom('igp', 'egp', 'incomplete') },
  asPath: { values: path(as4) },
  nextHop: { values: ipv4 },
  med: { values: u32 },
  localPref: { values: u32 },
  atomicAggregate: { values: fc.constant(true) },
  aggregator: { values: aggregator(as4) },
  communities: { values: colons(u16, 2) },
  originatorId: { values: ipv4 },
  clusterList: { values: fc.array(ipv4, { minLength: 1, maxLength: 20 }) },
  mpReach: {
    values: fc.oneof(
      fc.tuple(evpnList, ip).map(([list, nextHop]) => ({ ...list, nextHop })),
      fc.tuple(evpnList, ipv6, ipv6).map(([list, nextHop, linkLocalNextHop]) => ({ ...list, nextHop, linkLocalNextHop })),
      fc.tuple(otherList, ip).map(([list, nextHop]) => ({ ...list, nextHop })),
    ),
  },
  mpUnreach: {
    values: fc.oneof(
      evpnList,
      otherList,
      family.map((of) => ({ ...of, nlri: [] })),
    ),
  },
  extCommunities: {
    values: fc.array(
      octets(8).map((bytes) => readExtendedCommunity(bytes, 0)),
      { minLength: 1, maxLength: 20 },
    ),
  },
  as4Path: { context: OLD, values: path(as4, 1) },
  as4Aggregator: { context: OLD, values: aggregator(as4) },
  pmsiTunnel: { values: pmsi, octets: true },
  tunnelEncapsulation: {
    values: fc.array(tunnel, { minLength: 1, maxLength: 4 }).map((tunnels) => Uint8Array.from(tunnels.flat())),
    octets: true,
  },
  ipv6ExtCommunities: { values: fc.array(ipv6Community, { minLength: 1, maxLength: 10 }) },
  dPath: { values: fc.array(fc.array(domain, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 4 }) },
  aigpHex: { values: octets(8).map((metric) => `01000b${Buffer.from(metric).toString('hex')}`) },
  largeCommunities: { values: colons(u32, 3) },
  otc: { values: u32 },
}

const MOST = 20_000

describe('every path attribute', () => {
  for (const entry of PATH_ATTRIBUTES) {
    const given = VALUES[entry.name]
    if (given === undefined) {
      it(`${entry.name} has values to try`, () => expect.unreachable('add its values to the table above'))
      continue
    }
    const context = given.context ?? NEW
    const written = (value: unknown) => {
      if (given.octets) return value as Uint8Array
      const out = new Uint8Array(MOST)
      return out.slice(0, entry.write(value, out, 0, context))
    }

    it(`${entry.name} reads what it writes, and its octets come back`, () => {
      fc.assert(
        fc.property(given.values, fc.nat(7), (value, at) => {
          const bytes = written(value)
          const moved = new Uint8Array(MOST)
          moved.set(bytes, at)
          expect(entry.check(moved, at, bytes.length, context)).toBeNull()
          const read = entry.read(moved, at, bytes.length, context)
          if (!given.octets) expect(read).toEqual(value)
          const again = new Uint8Array(MOST)
          const end = entry.write(read, again, at, context)
          expect(again.slice(at, end)).toEqual(bytes)
          expect(typeof entry.format(read)).toBe('string')
        }),
      )
    })

    it(`${entry.name} answers bent octets with a fault or a value`, () => {
      fc.assert(
        fc.property(
          given.values.chain((value) => bent(written(value))),
          fc.constantFrom(OLD, NEW),
          (bytes, either) => {
            const fault = entry.check(bytes, 0, bytes.length, either)
            if (fault !== null) {
              expect(fault.why).not.toBe('')
              return
            }
            expect(typeof entry.format(entry.read(bytes, 0, bytes.length, either))).toBe('string')
          },
        ),
      )
    })
  }

  it('AS_PATH and AGGREGATOR have 2-octet numbers with an old speaker (RFC 6793 3)', () => {
    const [asPath, aggregate] = ['asPath', 'aggregator'].map((name) => PATH_ATTRIBUTES.find((entry) => entry.name === name)!)
    fc.assert(
      fc.property(path(as2), aggregator(as2), (segments, who) => {
        const out = new Uint8Array(MOST)
        const end = asPath!.write(segments, out, 0, OLD)
        expect(asPath!.check(out, 0, end, OLD)).toBeNull()
        expect(asPath!.read(out, 0, end, OLD)).toEqual(segments)
        expect(aggregate!.write(who, out, 0, OLD)).toBe(6)
        expect(aggregate!.read(out, 0, 6, OLD)).toEqual(who)
      }),
    )
  })
})
