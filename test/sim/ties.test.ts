/** One MAC, attached in two domains at one moment with the same sequence, and gateways between: one side has it in the end, and both agree which. */
import { describe, expect, test } from 'vitest'
import { FRA_VIA, INTERCONNECT, watch } from './gateway-stage.ts'
import { type DomainPlan, FIRST_ASN, gatewayOf, ManyDomains } from './many-domains.ts'
import { Region } from './region.ts'
import { ADDRESS, type Choices, EDGES, type EdgeName, homeOf, TwoDomains } from './two-domains.ts'

const M = '02:00:00:00:01:01'
const SEEDS = [1, 2, 3, 4, 6, 7]
const via = (address: string, inside = address) => `{ vni: ${INTERCONNECT}, via: { gateway: ${address}, inside: ${inside} } }`

/** What ams says, what fra says and its VNI, and who has the lower address. */
const STAGES: readonly (readonly [string, Choices, 'ams' | 'fra', string, string])[] = [
  [
    'gateways at both ends, that of ams lower',
    { webVni: { ams: 10100, fra: 10200 }, webShare: { ams: via('192.0.2.250'), fra: FRA_VIA } },
    'ams',
    '192.0.2.250',
    '198.51.100.250',
  ],
  [
    'gateways at both ends, that of ams higher outside and lower inside: it has the lower DOMAIN-ID',
    { webVni: { ams: 10100, fra: 10200 }, webShare: { ams: via('203.0.113.250', '10.0.0.250'), fra: FRA_VIA } },
    'ams',
    '10.0.0.250',
    '198.51.100.250',
  ],
  [
    'a gateway at one end, lower than every NVE',
    { webVni: { ams: 10100, fra: INTERCONNECT }, webShare: { ams: via('192.0.2.250') } },
    'ams',
    '192.0.2.250',
    '192.0.2.250',
  ],
  [
    'a gateway at one end, higher than every NVE',
    { webVni: { ams: 10100, fra: INTERCONNECT }, webShare: { ams: via('203.0.113.250', '10.0.0.250') } },
    'fra',
    '10.0.0.250',
    '203.0.113.250',
  ],
]

describe.each(STAGES)('%s', (_, choices, winner, inAms, inFra) => {
  const won: EdgeName = winner === 'ams' ? 'a1' : 'b1'
  const started = (seed: number) => {
    const world = new TwoDomains(seed, choices)
    watch(world, winner === 'ams' || choices.webShare?.fra !== undefined ? ['ams'] : [])
    world.startAll()
    world.until(() => world.allUp)
    world.run(1_000)
    return world
  }
  const settle = (world: TwoDomains, sequence: number, edge: EdgeName = won) => {
    world.run(3_000)
    const homes = EDGES.filter((one) => world.edge(one).tenants.some(({ mac }) => mac === M))
    expect(homes).toEqual([edge])
    for (const observer of EDGES) {
      if (observer === edge) continue
      const away = homeOf(observer) === 'ams' ? inAms : inFra
      const mapping = world.edge(observer).table.find('web', M)
      expect([observer, mapping?.vtep, mapping?.sequence]).toEqual([
        observer,
        homeOf(observer) === homeOf(edge) ? ADDRESS[edge] : away,
        sequence,
      ])
    }
  }

  test.each(SEEDS)('attached at one moment (seed %i)', (seed) => {
    const world = started(seed)
    world.attach('a1', 'web', M, seed % 2 === 0 ? '10.1.0.1' : null)
    world.attach('b1', 'web', M, seed % 3 === 0 ? '10.1.0.1' : null)
    settle(world, 0)
    // The next move is a move like any other.
    world.attach(winner === 'ams' ? 'b2' : 'a2', 'web', M)
    settle(world, 1, winner === 'ams' ? 'b2' : 'a2')
  })

  test('moved at one moment to two places, with a sequence that both have raised alike', () => {
    const world = started(11)
    world.attach(winner === 'ams' ? 'b2' : 'a2', 'web', M)
    world.run(2_000)
    world.attach('a1', 'web', M)
    world.attach('b1', 'web', M)
    settle(world, 1)
  })

  test('attached on both sides while they were parted', () => {
    const world = started(12)
    world.region.partition(ADDRESS.ams, ADDRESS.fra)
    world.run(20_000)
    world.attach('a1', 'web', M, '10.1.0.1')
    world.attach('b1', 'web', M, '10.1.0.1')
    world.run(5_000)
    world.region.heal(ADDRESS.ams, ADDRESS.fra)
    world.until(() => world.allUp, 200_000)
    settle(world, 0)
  })

  test('and when the one that has won lets go, nothing is held back of the other', () => {
    const world = started(13)
    world.attach('a1', 'web', M)
    world.attach('b1', 'web', M)
    settle(world, 0)
    world.detach(won, 'web', M)
    world.run(2_000)
    for (const edge of EDGES) expect(world.edge(edge).table.find('web', M)).toBeNull()
    const other = winner === 'ams' ? 'b1' : 'a1'
    world.attach(other, 'web', M)
    settle(world, 0, other)
  })
})

/** One end of a chain, and what stands between two: with gateways towards both. */
const endPlan = (middle: number, gateways: boolean): DomainPlan => ({
  nvas: 1,
  edges: 1,
  shares: new Map([[middle, [0]]]),
  via: new Map(gateways ? [[middle, [0]]] : []),
  transit: [],
})
const middlePlan = (a: number, b: number): DomainPlan => ({
  nvas: 1,
  edges: 1,
  shares: new Map([
    [a, [0]],
    [b, [0]],
  ]),
  via: new Map([
    [a, [0]],
    [b, [0]],
  ]),
  transit: [[a, b]],
})

describe('two ends of a chain whose middle has gateways', () => {
  const NOBODYS = '02:00:00:09:00:01'

  test.each([
    [0, 10],
    [1, 9],
    [2, 9],
  ])('NVEs at both ends see a gateway of domain %i between them, lower than themselves: who is told of first keeps it', (at, net) => {
    const [low, high] = [0, 1, 2].filter((one) => one !== at) as [number, number]
    for (let gap = -9; gap <= 9; gap++) {
      const plan = [0, 1, 2].map((one) => (one === at ? { ...middlePlan(low, high), gatewaysIn: [net, net] as const } : endPlan(at, false)))
      const world = new ManyDomains(20 + gap, { domains: plan, vns: 1 }).startAll()
      world.until(() => world.allUp)
      world.region.run(2_000)
      const [first, second] = gap < 0 ? [high, low] : [low, high]
      world.edge(first).attach('vn0', NOBODYS, '10.1.0.1')
      world.region.run(Math.abs(gap))
      world.edge(second).attach('vn0', NOBODYS, '10.1.0.2')
      world.region.run(10_000)
      const homes = [low, high].filter((one) => world.edge(one).tenants.length > 0)
      expect([gap, homes.length], world.picture()).toEqual([gap, 1])
      const other = homes[0] === low ? high : low
      for (const observer of [at, other]) expect(world.edge(observer).table.find('vn0', NOBODYS)?.vtep).toBe(gatewayOf(at, 0, net))
    }
  })

  test.each([
    [2, true],
    [1, true],
    [0, true],
    [2, false],
    [1, false],
  ])('domain %i is the middle, gateways at the ends: %s', (at, gateways) => {
    const [low, high] = [0, 1, 2].filter((one) => one !== at) as [number, number]
    for (const seed of SEEDS) {
      const plan = [0, 1, 2].map((one) => (one === at ? middlePlan(low, high) : endPlan(at, gateways)))
      const world = new ManyDomains(seed, { domains: plan, vns: 1 }).startAll()
      world.until(() => world.allUp)
      world.region.run(2_000)
      expect(world.edge(low).attach('vn0', NOBODYS, null).ok).toBe(true)
      expect(world.edge(high).attach('vn0', NOBODYS, null).ok).toBe(true)
      world.region.run(10_000)
      expect(
        [low, high].filter((one) => world.edge(one).tenants.length > 0),
        world.picture(),
      ).toEqual([low])
      const seen = [high, at].map((one) => world.edge(one).table.find('vn0', NOBODYS))
      expect(seen.map((mapping) => [mapping?.vtep, mapping?.sequence])).toEqual([
        [gateways ? gatewayOf(high) : gatewayOf(at), 0],
        [gatewayOf(at), 0],
      ])
    }
  })
})

test("what the one NVA of the middle has made for its gateway, and the other one tells the far end of, is judged there as a gateway's", () => {
  // 0 stands between 1, which has gateways towards it, and 2, towards which it has gateways itself.
  const plan = [{ ...middlePlan(1, 2), nvas: 2, via: new Map([[2, [0]]]) }, endPlan(0, true), { ...endPlan(0, false), nvas: 2 }].map(
    (one, domain): DomainPlan => ({ ...one, nvas: domain === 1 ? 1 : 2, edges: 2, gatewaysIn: [11, 11] }),
  )
  for (let seed = 1; seed <= 40; seed++) {
    const world = new ManyDomains(seed, { domains: plan, vns: 1 }).startAll()
    world.until(() => world.allUp)
    world.region.run(2_000)
    for (const [domain, index] of [
      [1, 0],
      [1, 1],
      [2, 0],
    ] as const)
      expect(world.edge(domain, index).attach('vn0', M, index === 0 && domain === 1 ? '10.1.0.1' : null).ok).toBe(true)
    world.region.run(10_000)
    const homes = [
      [1, 0],
      [1, 1],
      [2, 0],
    ].filter(([domain = 0, index = 0]) => world.edge(domain, index).tenants.length > 0)
    expect([seed, homes], world.picture()).toEqual([seed, [[1, 0]]])
  }
}, 60_000)

describe('three claims at one moment, two NVAs in each domain, in one mode everywhere, gateways with addresses above those of all NVEs', () => {
  const ROAMING = '02:00:00:09:00:01'
  const DOMAINS = [0, 1, 2]
  const ORDERS = [
    [0, 1, 2],
    [1, 2, 0],
    [2, 1, 0],
  ]

  /** `open`: the two that have no agreement; null: all have, and pass on. */
  const plan = (gateways: boolean, open: readonly number[] | null, order: readonly number[]): DomainPlan[] =>
    DOMAINS.map((domain) => {
      const others = DOMAINS.filter((other) => other !== domain && !(open?.includes(domain) && open.includes(other)))
      const all = new Map(others.map((other) => [other, [0]]))
      return {
        nvas: 2,
        edges: 1,
        shares: all,
        via: gateways ? all : new Map(),
        transit: others.length === 2 ? [[others[0]!, others[1]!]] : [],
        gatewaysIn: [11, 11],
        asn: FIRST_ASN + order[domain]!,
      }
    })

  test.each([
    ['a triangle that passes on, through gateways', true, null],
    ['a chain, through gateways', true, [0, 2]],
    ['a triangle that passes on, directly', false, null],
    ['a chain, directly', false, [0, 2]],
  ] as const)(
    '%s: one keeps it, whatever the order in which they hear of each other',
    (_, gateways, open) => {
      for (const order of ORDERS) {
        for (let seed = 1; seed <= 8; seed++) {
          const chance = new Region(seed)
          const world = new ManyDomains(seed, { domains: plan(gateways, open, order), vns: 1 }).startAll()
          world.until(() => world.allUp)
          world.region.run(2_000)
          const first = gateways ? order.indexOf(0) : 0
          for (const domain of [...DOMAINS].sort((a, b) => (a - b) * (seed % 2 === 0 ? 1 : -1))) {
            expect(world.edge(domain).attach('vn0', ROAMING, null).ok).toBe(true)
            // It takes three links, of a millisecond at least, until one hears of another.
            world.region.run(Math.floor(chance.random() * 2))
          }
          world.region.run(10_000)
          const homes = DOMAINS.filter((domain) => world.edge(domain).tenants.length > 0)
          expect([order, seed, homes], world.picture()).toEqual([order, seed, [first]])
          // Nothing of what was raised for some meanwhile is left, for anybody.
          for (const domain of DOMAINS) if (domain !== first) expect(world.edge(domain).table.find('vn0', ROAMING)?.sequence).toBe(0)
        }
      }
    },
    60_000,
  )
})
