/**
 * MACs of no domain, claimed in several domains at one moment, some as sticky, and moved between them, in a plan of any modes, while some domains are parted or NVAs are started anew. When all is
 * healed and quiet, whoever by agreement hears of the other has given way to him or has his way, everybody else sees it where it is, and nothing changes any more. Edges compare as any NVE does: sticky,
 * then sequence, then the lowest VTEP. A sticky MAC stays where it is whatever others have, whose domains may see nothing of that: there is no need that it be in one place alone.
 */
import { settledPaths, vtepsOf } from './agreements.ts'
import { addressOf, type Host, type ManyDomains, vnName } from './many-domains.ts'
import type { Region } from './region.ts'

const MACS = 2
const ROUNDS = 4
const MOST_CLAIMS = 3
/** Claims come within this time. Octets take up to 5 ms from host to host. */
const MOMENT_MS = 12
/** Also of what is kept of a domain that was parted for a while. */
const SETTLED_MS = 25_000
const QUIET_MS = 5_000
/** Of all rounds so many are disturbed; of all claims so many are sticky; and after so many rounds all let go, so that the next ones begin with one sequence. */
const DISTURBED = 0.3
const STICKY = 0.1
const LETS_GO = 0.5
/** Longer than what is lost goes unnoticed. */
const NOTICED_MS = 20_000
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

/** A time when nobody had a MAC that was claimed, before its next frame. */
export interface Lost {
  /** How many had claimed it. */
  readonly claims: number
  /** Meanwhile something was parted or started anew. */
  readonly disturbed: boolean
}

/** All hosts run and nothing is parted. Every time that all claimants gave way. */
export function contest(world: ManyDomains, chance: Region): Lost[] {
  const lost: Lost[] = []
  for (let vn = 0; vn < world.plan.vns; vn++) for (let number = 0; number < MACS; number++) checkContested(world, vn, contestedMac(number))
  const edges = world.hosts.filter(({ kind }) => kind === 'edge')
  for (let round = 0; round < ROUNDS; round++) {
    const vn = Math.floor(chance.random() * world.plan.vns)
    const mac = contestedMac(Math.floor(chance.random() * MACS))
    const claims = 1 + Math.floor(chance.random() * MOST_CLAIMS)
    const moment = chance.random() < 0.5 ? 0 : MOMENT_MS
    const heal = chance.random() < DISTURBED ? disturb(world, chance) : null
    const claimants: Host[] = []
    for (let i = 0; i < claims; i++) {
      const host = edges[Math.floor(chance.random() * edges.length)]!
      const ip = chance.random() < 0.3 ? `10.1.0.${1 + i}` : null
      const edge = world.edge(host.domain, host.index)
      const sticky = chance.random() < STICKY
      if ((sticky ? edge.attachSticky(vnName(vn), mac, ip) : edge.attach(vnName(vn), mac, ip)).ok) claimants.push(host)
      world.region.run(Math.floor(chance.random() * moment))
    }
    heal?.()
    const last = claimants.at(-1)
    if (last === undefined) continue
    settle(world)
    for (let frame = 0; frame < FRAMES && homesOf(world, vn, mac).length === 0; frame++) {
      lost.push({ claims, disturbed: heal !== null })
      world.edge(last.domain, last.index).attach(vnName(vn), mac, null)
      settle(world)
    }
    if (homesOf(world, vn, mac).length === 0) fail(world, vn, mac, 'nobody has it, whatever frames come')
    checkContested(world, vn, mac)
    if (chance.random() < LETS_GO)
      for (const { domain, index } of homesOf(world, vn, mac)) world.edge(domain, index).detach(vnName(vn), mac)
  }
  return lost
}

/** Parts two domains for a while, or has an NVA die; claims may come before it is noticed and after. Returns what ends it. */
function disturb(world: ManyDomains, chance: Region): () => void {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance.random() * list.length)]!
  const { hosts, region } = world
  const host = pick(hosts.filter(({ kind }) => kind === 'nva'))
  const other = pick(hosts).domain
  const parts = other !== host.domain && chance.random() < 0.6
  if (parts) world.partition(host.domain, other)
  else world.kill(host)
  const ms = () => Math.floor(chance.random() ** 3 * NOTICED_MS)
  region.run(ms())
  return () => {
    region.run(ms())
    if (parts) world.heal(host.domain, other)
    else world.start(host)
    world.until(() => world.allUp, 300_000)
  }
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
      if (hears(a.domain, b.domain) && hears(b.domain, a.domain) && !mayBoth(world, vn, mac, homes, a, b))
        fail(world, vn, mac, `${addressOf(a)} and ${addressOf(b)} both have it`)
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

/** Whether agreements let both keep a MAC although they hear of each other. */
function mayBoth(world: ManyDomains, vn: number, mac: string, homes: readonly Host[], a: Host, b: Host): boolean {
  const isSticky = ({ domain, index }: Host) =>
    world.edge(domain, index).tenants.some((tenant) => tenant.vn === vnName(vn) && tenant.mac === mac && tenant.sticky)
  if (!homes.some(isSticky)) return false
  return a.domain !== b.domain && !world.plan.domains.every(({ heedsSticky }) => heedsSticky === true)
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
    .map(({ shares, via, transit, gatewaysIn, nvas, edges, asn, heedsSticky }, domain) => {
      const to = [...shares].map(
        ([other, vns]) => `${other}: ${vns.map((vn) => `${vn}${via?.get(other)?.includes(vn) ? 'g' : ''}`).join(' ')}`,
      )
      return `domain ${domain}: ${nvas} NVAs, ${edges} edges, gateways in ${gatewaysIn?.join(' and ') ?? 10}, ${heedsSticky ? 'heeds sticky, ' : ''}AS ${asn}, transit ${transit.map((pair) => pair.join('-')).join(' ')}; ${to.join('; ')}`
    })
    .join('\n')
}
