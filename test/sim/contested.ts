/**
 * MACs of no domain, claimed in several domains at one moment and moved between them, in a plan of any modes. When all is quiet, whoever by agreement hears of the
 * other has given way to him or has his way, everybody else sees it where it is, and nothing changes any more. Edges compare as any NVE does: sequence, then the lowest VTEP.
 */
import type { Edge } from '../../src/nve/edge.ts'
import { settledPaths, vtepsOf } from './agreements.ts'
import { addressOf, type Host, type ManyDomains, vnName } from './many-domains.ts'
import type { Region } from './region.ts'

const MACS = 2
const ROUNDS = 4
const MOST_CLAIMS = 3
/** Claims come within this time. Octets take up to 5 ms from host to host. */
const MOMENT_MS = 12
const SETTLED_MS = 10_000
const QUIET_MS = 5_000
/** Nobody has it: its next frame says where it is. */
const FRAMES = 3

function contestedMac(number: number): string {
  return `02:00:ee:00:00:0${number}`
}

export function isContested(mac: string): boolean {
  return mac.startsWith('02:00:ee:')
}

/** Any edge of those that run claims one of the MACs, or lets it go. */
export function claimOne(world: ManyDomains, chance: Region, host: Host): void {
  const vn = vnName(Math.floor(chance.random() * world.plan.vns))
  const mac = contestedMac(Math.floor(chance.random() * MACS))
  const edge = world.edge(host.domain, host.index)
  if (chance.random() < 0.8) edge.attach(vn, mac, null)
  else edge.detach(vn, mac)
}

/** All hosts run and nothing is parted. Returns, for each time that nobody had a MAC that was claimed, before its next frame, how many had claimed it. */
export function contest(world: ManyDomains, chance: Region): number[] {
  const lost: number[] = []
  for (let vn = 0; vn < world.plan.vns; vn++) for (let number = 0; number < MACS; number++) checkContested(world, vn, contestedMac(number))
  const edges = world.hosts.filter(({ kind }) => kind === 'edge')
  for (let round = 0; round < ROUNDS; round++) {
    const vn = Math.floor(chance.random() * world.plan.vns)
    const mac = contestedMac(Math.floor(chance.random() * MACS))
    const claims = 1 + Math.floor(chance.random() * MOST_CLAIMS)
    const moment = chance.random() < 0.5 ? 0 : MOMENT_MS
    let last: Edge | null = null
    for (let i = 0; i < claims; i++) {
      const host = edges[Math.floor(chance.random() * edges.length)]!
      const edge = world.edge(host.domain, host.index)
      if (edge.attach(vnName(vn), mac, chance.random() < 0.3 ? `10.1.0.${1 + i}` : null).ok) last = edge
      world.region.run(Math.floor(chance.random() * moment))
    }
    if (last === null) continue
    settle(world)
    for (let frame = 0; frame < FRAMES && homesOf(world, vn, mac).length === 0; frame++) {
      lost.push(claims)
      last.attach(vnName(vn), mac, null)
      settle(world)
    }
    if (homesOf(world, vn, mac).length === 0) fail(world, vn, mac, 'nobody has it, whatever frames come')
    checkContested(world, vn, mac)
  }
  return lost
}

function settle(world: ManyDomains): void {
  world.region.run(SETTLED_MS + (world.plan.patienceMs ?? 0))
  const before = world.changes
  world.region.run(QUIET_MS)
  if (world.changes !== before)
    throw new Error(`${world.changes - before} changes when all should be quiet\n${world.picture()}\n${describePlan(world)}`)
}

function homesOf(world: ManyDomains, vn: number, mac: string): Host[] {
  return world.hosts.filter(
    (host) =>
      host.kind === 'edge' && world.edge(host.domain, host.index).tenants.some((tenant) => tenant.vn === vnName(vn) && tenant.mac === mac),
  )
}

function checkContested(world: ManyDomains, vn: number, mac: string): void {
  const { plan } = world
  const single = plan.domains.every(({ nvas }) => nvas === 1)
  const homes = homesOf(world, vn, mac)
  const hears = (from: number, to: number) => {
    const path = settledPaths(plan, vn, from)[to] ?? null
    return path !== null && (single || path.length <= 2)
  }
  for (const [i, a] of homes.entries()) {
    for (const b of homes.slice(i + 1))
      if (hears(a.domain, b.domain) && hears(b.domain, a.domain)) fail(world, vn, mac, `${addressOf(a)} and ${addressOf(b)} both have it`)
  }
  for (const observer of world.hosts) {
    if (observer.kind !== 'edge' || homes.includes(observer)) continue
    const { domain, index } = observer
    const seen = world.edge(domain, index).table.find(vnName(vn), mac)
    const may = new Set(homes.flatMap((home) => [...vtepsOf(plan, vn, home.domain, domain, addressOf(home))]))
    if (seen !== null && !may.has(seen.vtep))
      fail(world, vn, mac, `${addressOf(observer)} sees it at ${seen.vtep}, not ${[...may].join(' or ')}`)
    if (seen === null && homes.some((home) => hears(home.domain, domain))) fail(world, vn, mac, `${addressOf(observer)} does not see it`)
  }
}

function fail(world: ManyDomains, vn: number, mac: string, what: string): never {
  const homes = homesOf(world, vn, mac).map((host) => {
    const sequence = world.edge(host.domain, host.index).tenants.find((tenant) => tenant.vn === vnName(vn) && tenant.mac === mac)?.sequence
    return `${addressOf(host)} with ${sequence}`
  })
  throw new Error(`${mac} in VN ${vn}: ${what}; at ${homes.join(', ') || 'nobody'}\n${world.picture()}\n${describePlan(world)}`)
}

function describePlan({ plan }: ManyDomains): string {
  return plan.domains
    .map(({ shares, via, transit, gatewaysIn, nvas, edges }, domain) => {
      const to = [...shares].map(
        ([other, vns]) => `${other}: ${vns.map((vn) => `${vn}${via?.get(other)?.includes(vn) ? 'g' : ''}`).join(' ')}`,
      )
      return `domain ${domain}: ${nvas} NVAs, ${edges} edges, gateways in ${gatewaysIn?.join(' and ') ?? 10}, transit ${transit.map((pair) => pair.join('-')).join(' ')}; ${to.join('; ')}`
    })
    .join('\n')
}
