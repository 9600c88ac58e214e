import { describe, expect, test } from 'vitest'
import { REFUSALS } from '../../src/policy/refusal.ts'
import { AMS_VIA, FRA_VIA, GATEWAYS, INTERCONNECT } from './gateway-stage.ts'
import { type DomainPlan, ManyDomains } from './many-domains.ts'
import { type Choices, type EdgeName, NVAS, type NvaName, nvaSettings, TwoDomains } from './two-domains.ts'

const M = '02:00:00:00:01:01'
const QUIET = '02:00:00:00:01:02'
const LOCAL = '02:00:00:00:01:03'
const DIRECT: Choices = {}
const BOTH: Choices = {
  webVni: { ams: 10100, fra: 10200 },
  webShare: { ams: AMS_VIA, fra: FRA_VIA },
}
const ONE: Choices = { webVni: { ams: 10100, fra: INTERCONNECT }, webShare: { ams: AMS_VIA } }

function started(seed: number, choices: Choices): TwoDomains {
  const world = new TwoDomains(seed, choices).startAll()
  world.until(() => world.allUp)
  return world
}

/** Attaches the MAC at these edges, one after the other, a second apart. */
function moveOver(world: TwoDomains, mac: string, edges: readonly EdgeName[], ms = 1_000, ip: string | null = null): void {
  for (const edge of edges) {
    world.attach(edge, 'web', mac, ip)
    world.run(ms)
  }
}

const frozenAt = (world: TwoDomains, nva: NvaName) =>
  world.nva(nva).moves.all.map(({ mac, keep }) => `${mac} ${keep === '' ? 'own' : keep}`)

/** Of an edge's table, the line of a MAC. */
const line = (world: TwoDomains, edge: EdgeName, mac: string) => world.seen('web', edge).find((one) => one.startsWith(mac))

const refusedAt = (world: TwoDomains, nva: NvaName, from: string) => {
  const { speaker } = world.nva(nva)
  const id = speaker.sources.sessionOf(speaker.peers.get(from)!)!.inbound.peer
  return speaker.rib.refusedFrom(id, REFUSALS.indexOf('mac-frozen'))
}

/** As whom an edge sees one of the other domain. */
const GATEWAY_OF = { ams: GATEWAYS.ams[0], fra: GATEWAYS.fra[0] }

describe.each([
  ['directly', DIRECT, { ams: 'b1', fra: 'a1' }],
  ['through a gateway at one end', ONE, { ams: GATEWAY_OF.ams, fra: GATEWAY_OF.ams }],
  ['through gateways at both ends', BOTH, GATEWAY_OF],
] as const)('a MAC that two domains claim in turn, %s', (_, choices, otherAs) => {
  test.each([[null], ['10.1.0.1']])(
    'the fifth move within 180 s freezes it: each side keeps its own, and nothing goes to and fro (IP %s)',
    (ip) => {
      const world = started(1, choices)
      moveOver(world, QUIET, ['a1', 'b1'], 1_000, ip)
      moveOver(world, M, ['a1', 'b1', 'a1', 'b1', 'a1'], 1_000, ip)
      expect(line(world, 'b2', M)).toBe(`${M} @ ${otherAs.fra} #4`)
      expect([frozenAt(world, 'ams'), frozenAt(world, 'fra')]).toEqual([[], []])
      moveOver(world, M, ['b1'], 5_000, ip)
      expect([frozenAt(world, 'ams'), frozenAt(world, 'fra')]).toEqual([[`${M} own`], [`${M} own`]])
      expect(world.nva('ams').moves.all).toMatchObject([{ vn: 'web', between: ['fra', ''], moves: 5 }])
      expect(line(world, 'a2', M)).toBe(`${M} @ a1 #4`)
      expect(line(world, 'b2', M)).toBe(`${M} @ b1 #5`)
      expect(world.edge('a1').tenants.map(({ mac }) => mac)).toEqual([M])
      expect(world.edge('b1').tenants.map(({ mac }) => mac)).toEqual([QUIET, M])
      // One route for the MAC alone, one with its address.
      expect(refusedAt(world, 'ams', 'fra/198.51.100.1')).toBe(ip === null ? 1 : 2)
      // Within a domain it may move on; the other one hears of it and is not moved by it. Another MAC is moved as before.
      moveOver(world, M, ['a2'], 1_000, ip)
      moveOver(world, QUIET, ['a2'], 1_000, ip)
      expect(line(world, 'a1', M)).toBe(`${M} @ a2 #5`)
      expect(line(world, 'b2', M)).toBe(`${M} @ b1 #5`)
      expect(line(world, 'b2', QUIET)).toBe(`${QUIET} @ ${choices === DIRECT ? 'a2' : otherAs.fra} #2`)
    },
  )

  test('it is thawed by itself, and the highest sequence wins everywhere', () => {
    const world = started(2, choices)
    const said: string[] = []
    for (const nva of NVAS) world.nva(nva).moves.onThawed = ({ mac }, by) => said.push(`${nva} ${mac} ${by}`)
    moveOver(world, M, ['a1', 'b1', 'a1', 'b1', 'a1', 'b1'])
    world.run(590_000)
    expect(line(world, 'a2', M)).toBe(`${M} @ a1 #4`)
    world.run(20_000)
    expect(said.sort()).toEqual([`ams ${M} time`, `fra ${M} time`])
    expect([frozenAt(world, 'ams'), frozenAt(world, 'fra')]).toEqual([[], []])
    expect(line(world, 'a2', M)).toBe(`${M} @ ${otherAs.ams} #5`)
    expect(world.edge('a1').tenants).toEqual([])
    expect(refusedAt(world, 'ams', 'fra/198.51.100.1')).toBe(0)
    // And it may move again, for a while.
    moveOver(world, M, ['a1', 'b1', 'a1'])
    expect(line(world, 'b2', M)).toBe(`${M} @ ${otherAs.fra} #8`)
    expect([frozenAt(world, 'ams'), frozenAt(world, 'fra')]).toEqual([[], []])
  })

  test('with keep: last it stays where it was before the move that was too many, also against the own NVEs', () => {
    const world = started(3, { ...choices, macMoves: { ams: '{ keep: last, freeze: 0 }', fra: '{ keep: last, freeze: 0 }' } })
    moveOver(world, M, ['a1', 'b1', 'a1', 'b1', 'a1', 'b1'])
    expect([frozenAt(world, 'ams'), frozenAt(world, 'fra')]).toEqual([[], [`${M} ams`]])
    expect(line(world, 'a2', M)).toBe(`${M} @ a1 #4`)
    expect(line(world, 'b2', M)).toBe(`${M} @ ${otherAs.fra} #4`)
    expect(refusedAt(world, 'fra', 'b1')).toBe(1)
    // freeze: 0 is until somebody says so.
    world.run(3_600_000)
    expect(frozenAt(world, 'fra')).toEqual([`${M} ams`])
    expect(world.nva('fra').thaw('web', '02:00:00:00:09:09')).toBe(false)
    expect(world.nva('fra').thaw('web', M)).toBe(true)
    world.run(2_000)
    expect(line(world, 'a2', M)).toBe(`${M} @ ${otherAs.ams} #5`)
    expect(line(world, 'b2', M)).toBe(`${M} @ b1 #5`)
  })
})

test('four moves within the time are followed, and any number where each has its time', () => {
  const world = started(11, DIRECT)
  moveOver(world, M, ['a1', 'b1', 'a1', 'b1', 'a1'])
  const edges: EdgeName[] = ['b1', 'a1', 'b1', 'a1', 'b1', 'a1', 'b1', 'a1']
  world.run(200_000)
  moveOver(world, M, edges, 61_000)
  expect(line(world, 'b2', M)).toBe(`${M} @ a1 #12`)
  expect(NVAS.map((nva) => world.nva(nva).moves.counts.frozen)).toEqual([0, 0])
})

test('moves within one domain are no moves between domains', () => {
  const world = started(12, DIRECT)
  moveOver(world, LOCAL, ['a1', 'a2', 'a1', 'a2', 'a1', 'a2', 'a1', 'a2', 'b1'])
  expect(line(world, 'a2', LOCAL)).toBe(`${LOCAL} @ b1 #8`)
  expect(NVAS.map((nva) => world.nva(nva).moves.counts.frozen)).toEqual([0, 0])
})

test.each([[false], [true]])(
  'both NVAs of a domain freeze it, and neither has the other one think otherwise (through gateways: %s)',
  (gateways) => {
    const domain = (other: number, nvas: 1 | 2): DomainPlan => ({
      nvas,
      edges: 2,
      shares: new Map([[other, [0]]]),
      via: new Map(gateways ? [[other, [0]]] : []),
      transit: [],
    })
    const roaming = '02:00:00:09:00:01'
    for (const seed of [1, 2, 3, 4]) {
      const world = new ManyDomains(seed, { domains: [domain(1, 2), domain(0, 1)], vns: 1 }).startAll()
      world.until(() => world.allUp)
      for (let i = 0; i < 6; i++) {
        expect(world.edge(i % 2).attach('vn0', roaming, null).ok).toBe(true)
        world.region.run(1_500)
      }
      const all = [world.nva(0, 0), world.nva(0, 1), world.nva(1)]
      expect(all.map(({ moves }) => moves.all.map(({ keep }) => keep))).toEqual([[''], [''], ['']])
      for (const at of [0, 1])
        expect(world.edge(at, 1).table.find('vn0', roaming)).toMatchObject({ vtep: `10.${at}.0.11`, sequence: 4 + at })
      world.region.run(620_000)
      expect(all.map(({ moves }) => moves.all)).toEqual([[], [], []])
      expect(world.edge(0).tenants).toEqual([])
      expect(world.edge(0, 1).table.find('vn0', roaming)?.sequence).toBe(5)
    }
  },
)

test('other limits thaw what is frozen and begin anew; the same ones leave it, and the sessions stay', () => {
  const world = started(14, DIRECT)
  moveOver(world, M, ['a1', 'b1', 'a1', 'b1', 'a1', 'b1'])
  const ams = world.nva('ams')
  ams.reconfigure(nvaSettings('ams', {}), false)
  world.run(1_000)
  expect(frozenAt(world, 'ams')).toEqual([`${M} own`])
  ams.reconfigure(nvaSettings('ams', { macMoves: { ams: '{ moves: 9 }' } }), false)
  world.run(1_000)
  expect(frozenAt(world, 'ams')).toEqual([])
  expect(line(world, 'a2', M)).toBe(`${M} @ b1 #5`)
  expect([...ams.speaker.peers.values()].map(({ established }) => established)).toEqual([1, 1, 1])
})
