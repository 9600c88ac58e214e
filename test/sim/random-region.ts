/**
 * One random region and what befalls it: domains that share what they like with whom they like, pass on what they like, keep routes of lost domains or not; edges that
 * attach, detach and move; NVAs and edges that die and come back; partitions; in two of five regions data gateways of some domains towards some others, in one of five of all towards all, of which
 * NVAs are told that they are up or down; DOMAIN-IDs in any order, sticky MACs of others heeded or not. At every change of a Loc-RIB the agreements are held against it
 * (`many-domains.ts`); when all is healed and quiet, what every edge sees is held against what the agreements say it must see, and then MACs are contested (`contested.ts`).
 */
import { settledPaths, vtepsOf } from './agreements.ts'
import { claimOne, contest, isContested } from './contested.ts'
import { type DomainPlan, FIRST_ASN, gatewayOf, type Host, ManyDomains, macOf, type Plan, vnName } from './many-domains.ts'
import { Region } from './region.ts'

const EVENTS = 25
const MOST_DOMAINS = 4
const MOST_VNS = 3
const MACS = 3
/** First octet of addresses above those of all edges. */
const ABOVE = 11
/** What is kept back is told in this time: a breaker waits for ten seconds of quiet. */
const PATIENCE_MS = 30_000
/** Limits on what others are told, by seed: none, and such as are exceeded all the time and in the end not. */
const LIMITS = [
  '',
  limitsOut('changesPerSecond: 1, burst: 2'),
  limitsOut('changesPerSecond: 1, burst: 4, onExcess: shed'),
  limitsOut('changesPerSecond: 1, burst: 8, onExcess: suspend'),
]

/** Runs one, and throws when something is wrong, with the seed. Returns how often all claimants of a MAC gave way. */
export function runRandomRegion(seed: number): number {
  try {
    return run(seed)
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

function run(seed: number): number {
  const chance = new Region(seed * 7919 + 1)
  const plan = randomPlan(chance, LIMITS[seed % LIMITS.length] ?? '')
  const world = new ManyDomains(seed, plan)
  const { hosts } = world
  const down = new Set<Host>()
  const parted: [number, number][] = []
  for (const host of hosts) {
    if (chance.random() < 0.85) world.start(host)
    else down.add(host)
  }
  for (let i = 0; i < EVENTS; i++) {
    befall(world, chance, down, parted)
    world.region.run(Math.floor(chance.random() ** 3 * 12_000))
  }
  for (const [a, b] of parted) world.heal(a, b)
  for (const host of down) world.start(host)
  for (const host of hosts) if (host.kind === 'nva') sayGateways(world, host, [null, null])
  world.until(() => world.allUp, 300_000)
  // Beyond every time for which something could be stale, or kept back.
  world.region.run(30_000 + 10 * (plan.patienceMs ?? 0))
  checkAll(world)
  const lost = contest(world, chance)
  if (lost.length > 0 && inOneMode(plan)) throw new Error(`all claimants gave way, in one mode everywhere: ${JSON.stringify(lost)}`)
  return lost.length
}

function randomPlan(chance: Region, extra: string): Plan {
  const below = (limit: number) => Math.floor(chance.random() * limit)
  const count = 2 + below(MOST_DOMAINS - 1)
  const vns = 1 + below(MOST_VNS)
  const numbers = Array.from({ length: count }, (_, i) => i)
  // With one NVA to a domain it is plain which of two equal paths is used, and the end can be told to the letter.
  const pairs = chance.random() < 0.3
  const gateways = (['nowhere', 'nowhere', 'somewhere', 'somewhere', 'everywhere'] as const)[below(5)]!
  const linked = new Set<string>()
  for (const a of numbers) for (const b of numbers) if (a < b && chance.random() < 0.75) linked.add(`${a} ${b}`)
  const order = numbers.map((number) => ({ number, by: chance.random() })).sort((a, b) => a.by - b.by)
  const heed = below(3)
  const domains = numbers.map((domain): DomainPlan => {
    const neighbours = numbers.filter((other) => linked.has(`${Math.min(domain, other)} ${Math.max(domain, other)}`))
    const shares = new Map(
      neighbours.map((other) => [other, Array.from({ length: vns }, (_, vn) => vn).filter(() => chance.random() < 0.7)] as const),
    )
    const transit = neighbours.flatMap((a) => neighbours.filter((b) => a < b && chance.random() < 0.5).map((b) => [a, b] as const))
    const via = new Map(
      (gateways === 'nowhere' ? [] : neighbours).map((other) => {
        const dice = gateways === 'everywhere' ? 0 : chance.random()
        return [other, (shares.get(other) ?? []).filter(() => dice < 0.5 || (dice < 0.75 && chance.random() < 0.5))] as const
      }),
    )
    return {
      via,
      gatewaysIn: [9 + below(3), gateways === 'everywhere' ? ABOVE : 9 + below(3)],
      freezesNothing: true,
      asn: FIRST_ASN + order.findIndex(({ number }) => number === domain),
      heedsSticky: heed === 0 || (heed === 1 && chance.random() < 0.5),
      extra,
      nvas: pairs && chance.random() < 0.5 ? 2 : 1,
      edges: 1 + below(2),
      shares,
      transit,
      staleSeconds: chance.random() < 0.5 ? 20 : 0,
    }
  })
  return { domains, vns, patienceMs: extra === '' ? 0 : PATIENCE_MS }
}

/** Whether of a MAC one claimant always keeps it (`docs/macs-between-domains.md`). */
function inOneMode({ domains }: Plan): boolean {
  const direct = domains.every(({ via }) => [...(via?.values() ?? [])].every((vns) => vns.length === 0))
  const gated = domains.every(
    ({ shares, via, gatewaysIn }) =>
      gatewaysIn?.[1] === ABOVE && [...shares].every(([other, vns]) => vns.every((vn) => via?.get(other)?.includes(vn))),
  )
  return direct || gated
}

function limitsOut(macip: string): string {
  return `\n      limits: { out: { routes: 1000, routeTypes: { macip: { ${macip} }, imet: { routes: 1000 } } } }`
}

function befall(world: ManyDomains, chance: Region, down: Set<Host>, parted: [number, number][]): void {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance.random() * list.length)]!
  const { hosts, plan } = world
  const dice = chance.random()
  const edges = hosts.filter((host) => host.kind === 'edge' && world.runs(host))
  if (dice < 0.6) {
    if (edges.length === 0) return
    const host = pick(edges)
    if (chance.random() < 0.3) {
      claimOne(world, chance, host)
      return
    }
    const vn = Math.floor(chance.random() * plan.vns)
    const mac = macOf(host.domain, vn, Math.floor(chance.random() * MACS))
    const edge = world.edge(host.domain, host.index)
    if (dice < 0.45) edge.attach(vnName(vn), mac, null)
    else edge.detach(vnName(vn), mac)
  } else if (dice < 0.78) {
    const host = pick(hosts)
    if (down.delete(host)) world.start(host)
    else {
      world.kill(host)
      down.add(host)
    }
  } else if (dice < 0.92) {
    const [a, b] = [pick(hosts).domain, pick(hosts).domain]
    if (a === b) return
    world.partition(a, b)
    parted.push([a, b])
  } else if (dice < 0.96) {
    const pair = parted.pop()
    if (pair !== undefined) world.heal(...pair)
  } else {
    const said = () => pick([true, false, null])
    const host = pick(hosts.filter(({ kind }) => kind === 'nva'))
    if (world.runs(host)) sayGateways(world, host, [said(), said()])
  }
}

/** Tells an NVA how its gateways are, by rank. */
function sayGateways(world: ManyDomains, { domain, index }: Host, said: readonly (boolean | null)[]): void {
  const nva = world.nva(domain, index)
  for (const [rank, up] of said.entries()) nva.gatewayHealth.say(gatewayOf(domain, rank, world.plan.domains[domain]!.gatewaysIn?.[0]), up)
  nva.judgeGateways()
}

function checkAll(world: ManyDomains): void {
  const { plan } = world
  const single = plan.domains.every(({ nvas }) => nvas === 1)
  for (const [to, { edges }] of plan.domains.entries()) {
    for (let vn = 0; vn < plan.vns; vn++) {
      for (let index = 0; index < edges; index++) {
        const seen = new Set(
          world
            .edge(to, index)
            .table.mappings(vnName(vn))
            .filter(({ mac }) => !isContested(mac))
            .map(({ mac, vtep }) => `${mac} @ ${vtep}`),
        )
        for (const from of plan.domains.keys()) checkOne(world, from, to, index, vn, seen, single)
        if (seen.size > 0)
          throw new Error(`edge ${index} of ${to} sees in VN ${vn} what is attached nowhere: ${[...seen].join(', ')}\n${world.picture()}`)
      }
    }
  }
}

/** Takes out of `seen` what is as it must be. */
function checkOne(world: ManyDomains, from: number, to: number, index: number, vn: number, seen: Set<string>, single: boolean): void {
  const { plan } = world
  const path = settledPaths(plan, vn, from)[to] ?? null
  // Of redundant pairs only the direct way is certain to be the best.
  const must = path !== null && (single || path.length <= 2)
  const direct = plan.domains.every(({ via }) => [...(via?.values() ?? [])].every((vns) => !vns.includes(vn)))
  const may = from === to || world.mayReach(from, to, vn)
  for (let edge = 0; edge < plan.domains[from]!.edges; edge++) {
    if (from === to && edge === index) continue
    const origin = world.edge(from, edge)
    for (const { mac, vn: name } of origin.tenants) {
      if (name !== vnName(vn) || isContested(mac)) continue
      const behind = vtepsOf(plan, vn, from, to, `10.${from}.0.${11 + edge}`)
      const there = [...behind].some((vtep) => seen.delete(`${mac} @ ${vtep}`))
      const mapping = `${mac} @ ${[...behind].join(' or ')}`
      if (there ? !may || (single && direct && path === null) : must) {
        const words = there ? 'sees what it must not' : 'does not see'
        throw new Error(`edge ${index} of ${to} ${words} in VN ${vn}: ${mapping}, path ${path?.join(' ')}\n${world.picture()}`)
      }
    }
  }
}
