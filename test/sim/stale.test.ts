import { describe, expect, test } from 'vitest'
import { routeRow } from '../../src/daemon/answers/route-row.ts'
import { ManyDomains, type Plan } from './many-domains.ts'

const A = 0
const B = 1

/** Two domains that share VN 0, and keep each other's routes for so many seconds. Domain B has `nvas` NVAs. Three tenant systems in B, one in A. */
function started(seed: number, staleSeconds: number, nvas: 1 | 2 = 1): ManyDomains {
  const plan: Plan = {
    vns: 1,
    domains: [
      { nvas: 1, edges: 2, shares: new Map([[B, [0]]]), transit: [], staleSeconds },
      { nvas, edges: 1, shares: new Map([[A, [0]]]), transit: [], staleSeconds },
    ],
  }
  const world = new ManyDomains(seed, plan).startAll()
  for (const i of [1, 2, 3]) world.edge(B).attach('vn0', `02:00:00:01:00:b${i}`, null)
  world.edge(A).attach('vn0', '02:00:00:00:00:a1', null)
  world.until(() => world.allUp && world.seen(A, 0).length === 3 && world.seen(B, 0).length === 1)
  return world
}

/** UPDATEs that the second edge of A has heard. */
const heard = (world: ManyDomains) =>
  [...world.edge(A, 1).speaker.peers.values()].reduce((sum, peer) => sum + (peer.received.byType[2] ?? 0), 0)
const EDGE_OF_B = '10.1.0.11'
const nvaOf = (domain: number, index = 0) => ({ domain, kind: 'nva', index }) as const

/** Routes of A that are shown as stale: three of tenant systems, one for floods. */
function staleRows(world: ManyDomains): number {
  const nva = world.nva(A)
  const { rib } = nva.speaker
  const live = Array.from({ length: rib.destinations.capacity }, (_, dest) => dest).filter((dest) => rib.firstRow(dest) >= 0)
  return live.filter((dest) => routeRow(nva, dest, rib.firstRow(dest), 0).stale).length
}

/** Runs on, and at every moment the edge of A sees so many tenant systems of B. */
function always(world: ManyDomains, count: number, ms: number): void {
  const end = world.region.now + ms
  while (world.region.now < end) {
    world.region.step(end)
    expect(world.seen(A, 0), `at ${world.region.now} ms`).toHaveLength(count)
  }
}

describe('the loss of a domain', () => {
  test('its routes stand for the time that is configured, then go', () => {
    const world = started(1, 60)
    world.partition(A, B)
    always(world, 3, 60_000)
    expect(staleRows(world)).toBe(4)
    world.region.run(15_000)
    expect(staleRows(world)).toBe(0)
    expect(world.seen(A, 0)).toEqual([])
    expect(world.seen(B, 0)).toEqual([])
    expect(world.nva(A).speaker.stale.all).toEqual([])
    world.heal(A, B)
    world.until(() => world.seen(A, 0).length === 3 && world.seen(B, 0).length === 1)
  })

  test('when it comes back in time with all it had, local NVEs hear nothing at all', () => {
    const world = started(2, 300)
    world.partition(A, B)
    always(world, 3, 30_000)
    const before = heard(world)
    world.heal(A, B)
    always(world, 3, 60_000)
    expect(world.allUp).toBe(true)
    expect(heard(world)).toBe(before)
    expect(world.nva(A).speaker.stale.all).toEqual([])
  })

  test('the death of its NVA and its return likewise; what is gone over there meanwhile goes with End-of-RIB, what is new comes', () => {
    const world = started(3, 300)
    world.kill(nvaOf(B))
    always(world, 3, 20_000)
    world.edge(B).detach('vn0', '02:00:00:01:00:b2')
    world.edge(B).attach('vn0', '02:00:00:01:00:b4', null)
    world.start(nvaOf(B))
    const macs = () =>
      world
        .edge(A)
        .table.mappings('vn0')
        .map(({ mac }) => mac.slice(-2))
    world.until(() => world.allUp && world.nva(A).speaker.stale.all.length === 0)
    world.until(() => macs().join() === 'b1,b3,b4')
    const { rib } = world.nva(A).speaker
    expect(rib.paths).toBe(rib.best)
  })

  test('an NVA that starts and has not heard its own edges yet does not take back what it had told (RFC 4724 4.1)', () => {
    const world = started(8, 300)
    const before = heard(world)
    world.kill(nvaOf(B))
    world.region.partition('10.1.0.1', EDGE_OF_B)
    world.start(nvaOf(B))
    always(world, 3, 60_000)
    expect(world.nva(A).speaker.peers.get('d1/10.1.0.1')?.state).toBe('Established')
    world.region.heal('10.1.0.1', EDGE_OF_B)
    always(world, 3, 60_000)
    expect(world.allUp).toBe(true)
    expect(heard(world)).toBe(before)
    expect(world.nva(A).speaker.stale.all).toEqual([])
  })

  test('nor does one through which a third domain is heard, before it has heard that one', () => {
    const C = 2
    const ends = (middle: number) => ({ nvas: 1, edges: 1, shares: new Map([[middle, [0]]]), transit: [], staleSeconds: 300 }) as const
    const middle = {
      nvas: 1,
      edges: 1,
      shares: new Map([
        [A, [0]],
        [C, [0]],
      ]),
      transit: [[A, C]],
      staleSeconds: 300,
    } as const
    const world = new ManyDomains(10, { vns: 1, domains: [ends(B), middle, ends(B)] }).startAll()
    world.edge(C).attach('vn0', '02:00:00:02:00:c1', null)
    world.until(() => world.allUp && world.seen(A, 0).length === 1)
    world.kill(nvaOf(B))
    world.partition(B, C)
    world.start(nvaOf(B))
    always(world, 1, 60_000)
    world.heal(B, C)
    always(world, 1, 60_000)
    world.until(() => world.nva(A).speaker.stale.all.length === 0, 130_000)
    expect(world.seen(A, 0)).toHaveLength(1)
  })

  test('an edge that never comes back holds that up for two minutes', () => {
    const world = started(9, 300)
    world.kill(nvaOf(B))
    world.kill({ domain: B, kind: 'edge', index: 0 })
    world.start(nvaOf(B))
    always(world, 3, 115_000)
    world.until(() => world.seen(A, 0).length === 0, 15_000)
  })

  test('without a time for it they go with the last session', () => {
    const world = started(4, 0)
    world.partition(A, B)
    world.until(() => world.seen(A, 0).length === 0, 15_000)
  })

  test('while another NVA of the domain is there, nothing is stale', () => {
    const world = started(5, 300, 2)
    world.region.partition('10.0.0.1', '10.1.0.1')
    always(world, 3, 30_000)
    expect(world.nva(A).speaker.stale.all).toEqual([])
    world.region.partition('10.0.0.1', '10.1.0.2')
    always(world, 3, 60_000)
    expect(world.nva(A).speaker.stale.all.map(({ domain }) => domain)).toEqual(['d1'])
    // Whoever comes back first has all of it.
    world.region.heal('10.0.0.1', '10.1.0.1')
    always(world, 3, 60_000)
    expect(world.nva(A).speaker.stale.all).toEqual([])
    const { rib } = world.nva(A).speaker
    expect(rib.paths).toBe(rib.best)
  })

  test('a domain that comes and goes without telling all gets no more time by that', () => {
    const world = started(6, 60)
    const since = world.region.now
    world.partition(A, B)
    for (let i = 0; i < 4; i++) {
      world.region.run(14_000)
      world.heal(A, B)
      // Long enough for a session, too short for all of it to be told: the NVA over there dies at once.
      world.region.runUntil(() => world.nva(A).speaker.peers.get('d1/10.1.0.1')?.standing !== null, 1_000)
      world.kill(nvaOf(B))
      world.start(nvaOf(B))
      world.partition(A, B)
    }
    world.region.run(since + 90_000 - world.region.now)
    expect(world.seen(A, 0)).toEqual([])
  })

  test('its many routes go at a pace: a thousand in a tenth of a second', () => {
    const world = started(7, 20)
    for (let i = 0; i < 3_000; i++) world.edge(B).attach('vn0', `02:00:00:ff:${hex(i >> 8)}:${hex(i & 255)}`, null)
    world.until(() => world.seen(A, 0).length === 3_003)
    world.partition(A, B)
    world.until(() => world.seen(A, 0).length < 3_003, 60_000)
    const since = world.region.now
    expect(world.seen(A, 0).length).toBeGreaterThan(1_900)
    world.until(() => world.seen(A, 0).length === 0)
    expect(world.region.now - since).toBeGreaterThan(280)
  })
})

function hex(value: number): string {
  return value.toString(16).padStart(2, '0')
}
