import { expect, test } from 'vitest'
import type { TenantSystem } from '../../src/nve/edge.ts'
import { ADDRESS, EDGES, type EdgeName, freezing, type HostName, homeOf, NVAS, TwoDomains } from './two-domains.ts'

const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1)
const EVENTS = 60
const MACS = Array.from({ length: 6 }, (_, i) => `02:00:00:00:00:0${i}`)
const HOSTS = Object.keys(ADDRESS) as HostName[]

test.each(SEEDS)('whatever happens in whatever order, the region agrees in the end and vault never crosses (seed %i)', (seed) => {
  const world = new TwoDomains(seed, {
    edgesListen: seed % 3 === 0,
    passive: seed % 2 === 0 ? ['ams'] : [],
    macMoves: { ams: freezing(seed), fra: freezing(seed + 1) },
  })
  const { region } = world
  const pick = <T>(list: readonly T[]): T => list[Math.floor(region.random() * list.length)]!
  const down = new Set<HostName>(HOSTS)
  const parted: [HostName, HostName][] = []
  for (const host of HOSTS) {
    if (region.random() < 0.8) {
      world.start(host)
      down.delete(host)
    }
    world.run(Math.floor(region.random() * 500))
  }

  for (let i = 0; i < EVENTS; i++) {
    const dice = region.random()
    const edge = world.edges.get(pick(EDGES))
    const host = pick(HOSTS)
    const vn = region.random() < 0.7 ? 'web' : 'vault'
    if (dice < 0.5) edge?.attach(vn, pick(MACS), region.random() < 0.5 ? `10.0.0.${1 + i}` : null)
    else if (dice < 0.65) edge?.detach(vn, pick(MACS))
    else if (dice < 0.75) {
      if (down.delete(host)) world.start(host)
      else {
        world.kill(host)
        down.add(host)
      }
    } else if (dice < 0.85) {
      const other = pick(HOSTS)
      if (other !== host) {
        region.partition(ADDRESS[host], ADDRESS[other])
        parted.push([host, other])
      }
    } else if (dice < 0.95) {
      const pair = parted.pop()
      if (pair !== undefined) region.heal(ADDRESS[pair[0]], ADDRESS[pair[1]])
    } else region.stopReading(ADDRESS[host])
    world.run(Math.floor(region.random() ** 4 * 20_000))
    for (const one of HOSTS) region.readAgain(ADDRESS[one])
  }

  for (const [a, b] of parted) region.heal(ADDRESS[a], ADDRESS[b])
  for (const host of down) world.start(host)
  world.until(() => world.allUp, 300_000)
  // Beyond every time for which a MAC is frozen.
  world.run(75_000)

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
