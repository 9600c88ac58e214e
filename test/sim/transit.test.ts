import { describe, expect, test } from 'vitest'
import { gatewayRows } from '../../src/daemon/answers/gateway-rows.ts'
import { findAttribute, valueEnd, valueStart } from '../../src/policy/rewrite/attribute-rewrite.ts'
import type { AttributeSets } from '../../src/rib/attribute-sets.ts'
import type { SetId } from '../../src/rib/verdict.ts'
import { AttributeCode } from '../../src/wire/attribute/attribute.ts'
import { pathAttribute } from '../../src/wire/attribute/table.ts'
import { crossesVia, type DomainPlan, gatewayOf, ManyDomains, macOf, type Plan } from './many-domains.ts'

const A = 0
const B = 1
const C = 2

/** One edge, and VN 0 shared with these; VN 1 with nobody. */
function domain(neighbours: readonly number[], transit: DomainPlan['transit'] = [], nvas: 1 | 2 = 1): DomainPlan {
  return { nvas, edges: 1, shares: new Map(neighbours.map((one) => [one, [0]])), transit }
}

/** Everybody up, a tenant system per domain in VN 0 and one in VN 1. */
function started(seed: number, domains: readonly DomainPlan[]): ManyDomains {
  const plan: Plan = { domains, vns: 2 }
  const world = new ManyDomains(seed, plan).startAll()
  for (const at of domains.keys()) {
    for (const vn of [0, 1]) {
      const outcome = world.edge(at).attach(`vn${vn}`, macOf(at, vn, at), null)
      expect(outcome.ok).toBe(true)
    }
  }
  world.until(() => world.allUp)
  world.region.run(5_000)
  return world
}

/** D-PATHs, as numbers of domains, of the paths that an NVA holds to the MAC of a domain in VN 0; in brackets what may not be used. */
function pathsTo(world: ManyDomains, at: number, of: number, index = 0): string[] {
  const { rib, sets } = world.nva(at, index).speaker
  const found: string[] = []
  for (let dest = 0; dest < rib.destinations.capacity; dest++) {
    if (!rib.destinations.isLive(dest) || rib.destinations.typeOf(dest) !== 2) continue
    const key = Buffer.from(rib.destinations.octets(dest)).subarray(
      rib.destinations.start(dest),
      rib.destinations.start(dest) + rib.destinations.length(dest),
    )
    if (!key.includes(Buffer.from([2, 0, 0xdd, of, 0, of]))) continue
    for (let row = rib.firstRow(dest); row >= 0; row = rib.nextRow(row)) {
      const used = rib.rows.used[row]!
      const text = domainPath(sets, used >= 0 ? used : rib.rows.set[row]!)
      found.push(used >= 0 ? (rib.destinations.best[dest] === row ? text : `${text} spare`) : `(${text})`)
    }
  }
  return found.sort()
}

function domainPath(sets: AttributeSets, set: SetId): string {
  const bytes = sets.octets(set)
  const at = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.dPath)
  if (at < 0) return 'own'
  const known = pathAttribute(AttributeCode.dPath)!
  const value = known.read(bytes, valueStart(bytes, at), valueEnd(bytes, at) - valueStart(bytes, at), {
    fourOctetAs: true,
    internal: false,
  })
  return known.format(value).replaceAll(/6500(\d):0:evpn/g, (_, digit) => String(Number(digit) - 1))
}

describe('a chain of three domains', () => {
  test('what comes from one end does not reach the other unless the middle is told to pass it on', () => {
    const world = started(1, [domain([B]), domain([A, C]), domain([B])])
    expect(world.seen(A, 0)).toEqual([B])
    expect(world.seen(B, 0)).toEqual([A, C])
    expect(world.seen(C, 0)).toEqual([B])
  })

  test('where it is, it does, once, with both domains in its D-PATH, and a VN that is not shared stays dark', () => {
    const world = started(2, [domain([B]), domain([A, C], [[A, C]]), domain([B])])
    for (const at of [A, B, C]) {
      expect(world.seen(at, 0)).toEqual([A, B, C].filter((other) => other !== at))
      expect(world.seen(at, 1)).toEqual([])
    }
    expect(pathsTo(world, C, A)).toEqual(['1 0'])
    expect(pathsTo(world, A, C)).toEqual(['1 2'])
    expect(pathsTo(world, B, A)).toEqual(['0'])
  })

  test('the middle passes on over its second NVA too, and only what it may', () => {
    for (const transit of [[], [[A, C]]] as const) {
      const world = started(3, [domain([B]), domain([A, C], transit, 2), domain([B])])
      // Each end reaches one NVA of the middle alone.
      world.region.partition('10.0.0.1', '10.1.0.2')
      world.region.partition('10.2.0.1', '10.1.0.1')
      world.region.run(30_000)
      expect(world.seen(C, 0)).toEqual(transit.length > 0 ? [A, B] : [B])
      expect(world.seen(A, 0)).toEqual(transit.length > 0 ? [B, C] : [B])
    }
  })

  test.each([
    [A, B],
    [B, C],
  ])('partition of %i and %i takes what came over it and nothing else, and healing brings it back', (one, other) => {
    const world = started(4, [domain([B]), domain([A, C], [[A, C]]), domain([B])])
    world.partition(one, other)
    world.region.run(30_000)
    const alone = one === A ? A : C
    expect(world.seen(alone, 0)).toEqual([])
    for (const at of [A, B, C].filter((each) => each !== alone)) expect(world.seen(at, 0)).not.toContain(alone)
    expect(world.seen(alone === A ? C : A, 0)).toEqual([B])
    world.heal(one, other)
    world.until(() => [A, B, C].every((at) => world.seen(at, 0).length === 2))
  })
})

describe('a triangle of three domains that all pass on', () => {
  const everybody = [domain([B, C], [[B, C]]), domain([A, C], [[A, C]]), domain([A, B], [[A, B]])]

  test('the direct path is used, the one through the third is spare, and none comes round', () => {
    const world = started(5, everybody)
    for (const at of [A, B, C]) expect(world.seen(at, 0)).toEqual([A, B, C].filter((other) => other !== at))
    expect(pathsTo(world, B, A)).toEqual(['0', '2 0 spare'])
    expect(pathsTo(world, C, A)).toEqual(['0', '1 0 spare'])
    expect(pathsTo(world, A, A)).toEqual(['own'])
  })

  test('the loss of one side of it goes unnoticed: the third carries, and hands back when it heals', () => {
    for (const [one, other, third] of [
      [A, B, C],
      [B, C, A],
      [A, C, B],
    ] as const) {
      const world = started(6, everybody)
      world.partition(one, other)
      const end = world.region.now + 30_000
      while (world.region.now < end) {
        world.region.step(end)
        expect(world.seen(one, 0)).toContain(other)
        expect(world.seen(other, 0)).toContain(one)
      }
      expect(pathsTo(world, one, other)).toEqual([`${third} ${other}`])
      world.heal(one, other)
      world.until(() => pathsTo(world, one, other).length === 2, 200_000)
      expect(pathsTo(world, one, other)).toEqual([`${other}`, `${third} ${other} spare`].sort())
    }
  })

  test('without transit nothing goes round the lost side', () => {
    const world = started(7, [domain([B, C]), domain([A, C]), domain([A, B])])
    world.partition(A, B)
    world.region.run(30_000)
    expect(world.seen(A, 0)).toEqual([C])
    expect(world.seen(B, 0)).toEqual([C])
    expect(world.seen(C, 0)).toEqual([A, B])
  })
})

/** The same domains, of which this one has gateways towards these others in VN 0. */
function withGateways(domains: readonly DomainPlan[], via: Readonly<Record<number, readonly number[]>>): DomainPlan[] {
  return domains.map((one, index) => ({ ...one, via: new Map((via[index] ?? []).map((other) => [other, [0]])) }))
}

/** Behind whom an edge of a domain knows the tenant system of another one in VN 0. */
function behind(world: ManyDomains, at: number, of: number): string | undefined {
  return world.edge(at).table.find('vn0', macOf(of, 0, of))?.vtep
}

const EDGE = (domain: number): string => `10.${domain}.0.11`

describe.each([
  ['towards one end', { [B]: [A] }, gatewayOf(B), gatewayOf(B)],
  ['towards the other end', { [B]: [C] }, gatewayOf(B), gatewayOf(B)],
  ['towards both', { [B]: [A, C] }, gatewayOf(B), gatewayOf(B)],
  ['towards both, and both ends have gateways too', { [A]: [B], [B]: [A, C], [C]: [B] }, gatewayOf(A), gatewayOf(C)],
  ['at the ends alone', { [A]: [B], [C]: [B] }, gatewayOf(A), gatewayOf(C)],
  ['at one end alone', { [A]: [B] }, gatewayOf(A), gatewayOf(A)],
] as const)('a chain of three domains with gateways %s', (_, via, cAtA, aAtC) => {
  const chain = [domain([B]), domain([A, C], [[A, C]]), domain([B])]

  test('everybody sees everybody, once, behind the gateway that stands for it, and nothing of a VN that is not shared', () => {
    const world = started(11, withGateways(chain, via))
    for (const at of [A, B, C]) {
      const seen = world.edge(at).table.mappings('vn0')
      expect(seen.map(({ mac }) => mac).sort()).toEqual([A, B, C].filter((other) => other !== at).map((other) => macOf(other, 0, other)))
      expect(seen.every(({ vni }) => vni === 10100)).toBe(true)
      expect(world.edge(at).table.mappings('vn1')).toEqual([])
    }
    expect([behind(world, A, C), behind(world, C, A)]).toEqual([cAtA, aAtC])
    const plan: Plan = { domains: withGateways(chain, via), vns: 2 }
    const own = crossesVia(plan, B, A, 0) ? gatewayOf(B) : crossesVia(plan, A, B, 0) ? gatewayOf(A) : EDGE(A)
    expect(behind(world, B, A)).toBe(own)
  })

  test('D-PATHs name both domains, a lost side takes what came over it, and healing brings it back', () => {
    const world = started(12, withGateways(chain, via))
    for (const [at, of] of [
      [C, A],
      [A, C],
    ] as const) {
      const paths = pathsTo(world, at, of).filter((path) => !path.startsWith('('))
      expect(new Set(paths)).toEqual(new Set([`${B} ${of}`]))
    }
    world.partition(A, B)
    world.region.run(30_000)
    expect([world.seen(A, 0), behind(world, C, A), behind(world, B, A)]).toEqual([[], undefined, undefined])
    expect([behind(world, C, B) === undefined, behind(world, B, C) === undefined]).toEqual([false, false])
    world.heal(A, B)
    world.until(() => behind(world, C, A) === aAtC && behind(world, A, C) === cAtA)
  })

  test('what moves at one end is followed at the other, with its sequence', () => {
    const two = withGateways(chain, via).map((one) => ({ ...one, edges: 2 }))
    const world = started(13, two)
    expect(world.edge(A, 1).attach('vn0', macOf(A, 0, A), '10.9.0.1').ok).toBe(true)
    world.until(() => world.edge(C).table.find('vn0', macOf(A, 0, A))?.sequence === 1)
    expect(world.edge(C).table.find('vn0', macOf(A, 0, A))).toMatchObject({ vtep: aAtC, ips: ['10.9.0.1'] })
    world.edge(A, 1).detach('vn0', macOf(A, 0, A))
    world.until(() => behind(world, C, A) === undefined && behind(world, B, A) === undefined)
  })

  test('and nothing passes where the middle is not told to pass it on', () => {
    const world = started(14, withGateways([domain([B]), domain([A, C]), domain([B])], via))
    expect([behind(world, A, C), behind(world, C, A)]).toEqual([undefined, undefined])
    expect([behind(world, B, C) === undefined, behind(world, B, A) === undefined]).toEqual([false, false])
  })
})

test('the middle passes on over its second NVA too, through gateways as it does directly, and only what it may', () => {
  for (const transit of [[], [[A, C]]] as const) {
    const chain = [domain([B]), domain([A, C], transit, 2), domain([B])]
    const world = started(17, withGateways(chain, { [B]: [A, C] }))
    world.region.partition('10.0.0.1', '10.1.0.2')
    world.region.partition('10.2.0.1', '10.1.0.1')
    world.region.run(30_000)
    const passed = transit.length > 0 ? gatewayOf(B) : undefined
    expect([behind(world, A, C), behind(world, C, A)]).toEqual([passed, passed])
    expect([behind(world, A, B), behind(world, C, B)]).toEqual([gatewayOf(B), gatewayOf(B)])
    world.kill({ domain: A, kind: 'edge', index: 0 })
    world.until(() => behind(world, C, A) === undefined && behind(world, B, A) === undefined)
    expect(behind(world, C, B)).toBe(gatewayOf(B))
  }
})

test('a gateway floods to no other domain in the local VNI where that one is reached through a gateway, and never to itself', () => {
  const chain = [domain([B]), domain([A, C], [[A, C]], 2), domain([B])]
  const lists = (via: readonly number[]) => {
    const world = started(18, withGateways(chain, { [B]: via }))
    return gatewayRows(world.nva(B))
      .filter(({ active }) => active)
      .map(({ domain, local, interconnect }) => [domain, local.vteps, interconnect.vteps])
  }
  expect(lists([A, C])).toEqual([
    ['d0', [EDGE(B)], [EDGE(A)]],
    ['d2', [EDGE(B)], [EDGE(C)]],
  ])
  // What comes from there directly is reached in the local VNI, as the NVEs of the own domain are.
  expect(lists([C])).toEqual([['d2', [EDGE(A), EDGE(B)], [EDGE(C)]]])
})

test('of two ways by which a gateway can tell of a MAC the one through fewer domains is told, whoever has the lower address', () => {
  // 1 is known to 2 directly and over 0, whose gateway has the lowest address of all; 3 hears of it from 2.
  const plan = [
    domain([1, 2], [[1, 2]]),
    domain([0, 2]),
    domain(
      [0, 1, 3],
      [
        [0, 3],
        [1, 3],
      ],
    ),
    domain([2]),
  ]
  const world = started(15, withGateways(plan, { 0: [2], 2: [3] }))
  expect(pathsTo(world, 3, 1)).toEqual(['2 1'])
  world.partition(1, 2)
  world.until(() => pathsTo(world, 3, 1).join() === '2 0 1')
  world.heal(1, 2)
  world.until(() => pathsTo(world, 3, 1).join() === '2 1', 200_000)
})

test('what has come through a domain is not told to it again, where there is something else to tell', () => {
  // 3 tells 0 of 1, and 0 tells 2; 2 knows 1 directly too, and tells 3 of that alone.
  const plan = [
    domain([2, 3], [[2, 3]]),
    domain([2, 3]),
    domain(
      [0, 1, 3],
      [
        [0, 3],
        [1, 3],
      ],
    ),
    domain([0, 1, 2], [[0, 1]]),
  ]
  const world = started(16, withGateways(plan, { 0: [2], 2: [3] }))
  expect(pathsTo(world, 3, 1)).toEqual(['1', '2 1'])
})
