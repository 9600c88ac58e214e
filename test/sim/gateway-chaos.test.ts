/**
 * Gateway mode under everything that can happen: whatever is attached, moved, killed, parted, declared down and healed in whatever order, at no moment an octet of
 * an inside address leaves, and in the end both sides agree with what is really attached.
 */
import { expect, test } from 'vitest'
import type { TenantSystem } from '../../src/nve/edge.ts'
import { FRA_VIA, GATEWAYS, INTERCONNECT, watch } from './gateway-stage.ts'
import { HOSTS, MACS, Turmoil } from './turmoil.ts'
import { ADDRESS, type Choices, EDGES, type EdgeName, freezing, homeOf, NVAS, TwoDomains } from './two-domains.ts'

const SEEDS = Array.from({ length: 24 }, (_, i) => i + 1)
const EVENTS = 50

/** Gateways at ams: two, ranked. At fra: none for odd seeds, one for even ones. */
function choicesFor(seed: number): Choices {
  const both = seed % 2 === 0
  return {
    edgesListen: seed % 3 === 0,
    passive: seed % 4 === 0 ? ['ams'] : [],
    macMoves: { ams: freezing(seed), fra: freezing(seed + 1) },
    webVni: { ams: 10100, fra: both ? 10200 : INTERCONNECT },
    webShare: {
      ams: `{ vni: ${INTERCONNECT}, via: { gateways: [{ address: ${GATEWAYS.ams[0]} }, { address: ${GATEWAYS.ams[1]} }] } }`,
      ...(both ? { fra: FRA_VIA } : {}),
    },
  }
}

test.each(SEEDS)('nothing of the inside ever leaves, and the region agrees in the end (seed %i)', (seed) => {
  const choices = choicesFor(seed)
  const world = new TwoDomains(seed, choices)
  const viaFra = choices.webShare?.fra !== undefined
  const seen = watch(world, viaFra ? ['ams', 'fra'] : ['ams'])
  const { region } = world
  const turmoil = new Turmoil(world)

  for (let i = 0; i < EVENTS; i++) {
    const dice = region.random()
    const edge = world.edges.get(turmoil.pick(EDGES))
    const host = turmoil.pick(HOSTS)
    if (dice < 0.5) edge?.attach('web', turmoil.pick(MACS), region.random() < 0.5 ? `10.0.0.${1 + i}` : null)
    else if (dice < 0.6) edge?.detach('web', turmoil.pick(MACS))
    else if (dice < 0.7) turmoil.killOrStart(host)
    else if (dice < 0.8) turmoil.part(host)
    else if (dice < 0.9) turmoil.heal()
    else {
      const ams = world.nvas.get('ams')
      ams?.gatewayHealth.say(turmoil.pick(GATEWAYS.ams), turmoil.pick([true, false, null]))
      ams?.judgeGateways()
    }
    turmoil.wait()
  }

  turmoil.end()
  const ams = world.nva('ams')
  ams.gatewayHealth.say(GATEWAYS.ams[0], false)
  ams.gatewayHealth.say(GATEWAYS.ams[1], null)
  ams.judgeGateways()
  turmoil.settle()

  const homes = new Map<string, readonly [EdgeName, TenantSystem]>()
  for (const edge of EDGES) {
    for (const tenant of world.edge(edge).tenants) {
      expect(homes.get(tenant.mac), `${tenant.mac} is at one edge only`).toBeUndefined()
      homes.set(tenant.mac, [edge, tenant])
    }
  }
  /** As whom an observer sees an edge: its own gateway stands for the other side, and where it has none, the gateway of the other side. */
  const as = (observer: EdgeName, edge: EdgeName): string => {
    if (homeOf(observer) === homeOf(edge)) return ADDRESS[edge]
    if (homeOf(observer) === 'ams') return GATEWAYS.ams[1]
    return viaFra ? GATEWAYS.fra[0] : GATEWAYS.ams[1]
  }
  for (const observer of EDGES) {
    const expected = [...homes.values()]
      .filter(([edge]) => edge !== observer)
      .map(([edge, { mac, ips, sequence }]) => ({ mac, vtep: as(observer, edge), ips: [...ips].sort(), sequence }))
      .sort((a, b) => (a.mac < b.mac ? -1 : 1))
    const mappings = world.edge(observer).table.mappings('web')
    expect(
      mappings.map(({ mac, vtep, ips, sequence }) => ({ mac, vtep, ips, sequence })),
      `web as ${observer} sees it`,
    ).toEqual(expected)
    const flood = EDGES.filter((edge) => edge !== observer).map((edge) => as(observer, edge))
    expect(world.edge(observer).table.flood('web')).toEqual([...new Set(flood)].sort())
  }
  expect(seen.octets).toBeGreaterThan(0)
  for (const nva of NVAS) {
    // Nothing is left over: the routes made for gateways are what the API says, and each destination has one path.
    const { speaker } = world.nva(nva)
    expect(speaker.rib.paths).toBe(speaker.rib.best)
  }
})
