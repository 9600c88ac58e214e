import { expect, test } from 'vitest'
import type { TenantSystem } from '../../src/nve/edge.ts'
import { HOSTS, MACS, Turmoil } from './turmoil.ts'
import { ADDRESS, EDGES, type EdgeName, freezing, homeOf, NVAS, TwoDomains } from './two-domains.ts'

const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1)
const EVENTS = 60

test.each(SEEDS)('whatever happens in whatever order, the region agrees in the end and vault never crosses (seed %i)', (seed) => {
  const world = new TwoDomains(seed, {
    edgesListen: seed % 3 === 0,
    passive: seed % 2 === 0 ? ['ams'] : [],
    macMoves: { ams: freezing(seed), fra: freezing(seed + 1) },
  })
  const { region } = world
  const turmoil = new Turmoil(world)

  for (let i = 0; i < EVENTS; i++) {
    const dice = region.random()
    const edge = world.edges.get(turmoil.pick(EDGES))
    const host = turmoil.pick(HOSTS)
    const vn = region.random() < 0.7 ? 'web' : 'vault'
    if (dice < 0.5) edge?.attach(vn, turmoil.pick(MACS), region.random() < 0.5 ? `10.0.0.${1 + i}` : null)
    else if (dice < 0.65) edge?.detach(vn, turmoil.pick(MACS))
    else if (dice < 0.75) turmoil.killOrStart(host)
    else if (dice < 0.85) turmoil.part(host)
    else if (dice < 0.95) turmoil.heal()
    else region.stopReading(ADDRESS[host])
    turmoil.wait()
    for (const one of HOSTS) region.readAgain(ADDRESS[one])
  }

  turmoil.end()
  turmoil.settle()

  for (const vn of ['web', 'vault'] as const) {
    const homes = new Map<string, readonly [EdgeName, TenantSystem]>()
    for (const edge of EDGES) {
      for (const tenant of world.edge(edge).tenants.filter((one) => one.vn === vn)) {
        const scope = vn === 'web' ? '' : homeOf(edge)
        expect(homes.get(`${scope} ${tenant.mac}`), `${tenant.mac} is at one edge only`).toBeUndefined()
        homes.set(`${scope} ${tenant.mac}`, [edge, tenant])
      }
    }
    for (const observer of EDGES) {
      const expected = [...homes.values()]
        .filter(([edge]) => edge !== observer && (vn === 'web' || homeOf(edge) === homeOf(observer)))
        .map(([edge, { mac, ips, sequence }]) => ({ mac, vtep: ADDRESS[edge], ips: [...ips].sort(), sequence }))
        .sort((a, b) => (a.mac < b.mac ? -1 : 1))
      const seen = world.edge(observer).table.mappings(vn)
      expect(
        seen.map(({ mac, vtep, ips, sequence }) => ({ mac, vtep, ips, sequence })),
        `${vn} as ${observer} sees it`,
      ).toEqual(expected)
      const flood = EDGES.filter((edge) => edge !== observer && (vn === 'web' || homeOf(edge) === homeOf(observer)))
      expect(world.edge(observer).table.flood(vn)).toEqual(flood.map((edge) => ADDRESS[edge]).sort())
    }
  }
  for (const nva of NVAS) {
    // Nothing is left over of sessions that are gone: what the census counts is what the RIB holds.
    const { speaker, census } = world.nva(nva)
    const web = census.vns.find((count) => count.vn.name === 'web')
    const vault = census.vns.find((count) => count.vn.name === 'vault')
    expect((web?.routes ?? 0) + (vault?.routes ?? 0)).toBe(speaker.rib.best)
    expect(speaker.rib.paths).toBe(speaker.rib.best)
  }
})
