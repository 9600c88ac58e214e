import { expect, test } from 'vitest'
import { autoRouteTarget } from '../../src/address/route-target.ts'
import { ByteKey, KEY_START } from '../../src/bytes/byte-key.ts'
import { hex } from '../../src/bytes/octets.ts'
import { Boundary } from '../../src/federation/boundary.ts'
import { findAttribute } from '../../src/policy/rewrite/attribute-rewrite.ts'
import { AttributeSets } from '../../src/rib/attribute-sets.ts'
import { domainOf, federationOf } from './agreement.ts'

const IPV6_EXT_COMMUNITIES = 25
const WEB = {
  name: 'web',
  vni: 10100,
  service: 'l2' as const,
  importTargets: [autoRouteTarget(65001, 10100)],
  exportTargets: [autoRouteTarget(65001, 10100)],
}
const FRA = domainOf('fra', 65002, [{ vn: 'web', vni: 10100, peerTargets: [autoRouteTarget(65002, 10100)], tunnelType: 8, limits: null }])
const SELF = { asn: 65001, routerId: 1, clusterId: 1 }

/** A set of peer 1 with ORIGIN, AS_PATH 65009, this route target, and an IPv6 route target beside it. */
function setWith(sets: AttributeSets, target: Uint8Array): number {
  const key = new ByteKey(256)
  const ipv6Target = [0, 2, 0x20, 1, 0xd, 0xb8, ...new Uint8Array(12), 0x2a, 0xf7]
  const attributes = [
    0x40,
    1,
    1,
    0,
    0x40,
    2,
    6,
    2,
    1,
    0,
    0,
    0xfd,
    0xf1,
    0xc0,
    16,
    8,
    ...target,
    0xc0,
    IPV6_EXT_COMMUNITIES,
    20,
    ...ipv6Target,
  ]
  const octets = [1, 0, 4, 192, 0, 2, 11, ...attributes]
  key.octets.set(octets, KEY_START)
  key.seal(KEY_START + octets.length)
  return sets.intern(key)
}

test('route targets in IPv6 extended communities do not enter (RFC 5701 2)', () => {
  const sets = new AttributeSets()
  const boundary = new Boundary(FRA, new Map([['web', WEB]]), federationOf([FRA]))
  const used = boundary.importSet(sets, setWith(sets, autoRouteTarget(65002, 10100)))
  expect(used).toBeGreaterThanOrEqual(0)
  const attributes = sets.octets(used).slice(sets.attributesAt(used), sets.attributesEnd(used))
  expect(hex(attributes)).toContain(`c01008${hex(autoRouteTarget(65001, 10100))}`)
  expect(findAttribute(attributes, 0, attributes.length, IPV6_EXT_COMMUNITIES)).toBe(-1)
})

test('route targets in IPv6 extended communities do not leave (RFC 5701 2)', () => {
  const sets = new AttributeSets()
  const exporter = new Boundary(FRA, new Map([['web', WEB]]), federationOf([FRA])).exporter(sets, SELF, () => undefined)
  const set = setWith(sets, autoRouteTarget(65001, 10100))
  expect(exporter.judge(set)).toBe(0)
  const out = new Uint8Array(512)
  const end = exporter.write(set, out, 0)
  expect(findAttribute(out, 0, end, 16)).toBeGreaterThan(0)
  expect(findAttribute(out, 0, end, IPV6_EXT_COMMUNITIES)).toBe(-1)
})
