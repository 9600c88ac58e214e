/**
 * Any number of NV domains in any pattern, each with one or two fednvas and some edges, from the configuration text that the programs read. Every domain has
 * every VN of the plan, with the same VNI; what crosses is said by shares, gateways and transit. At every change of every Loc-RIB it is checked that the
 * agreements allow what stands there, and that no route has come round; in every octet that one NVA sends to that of another domain, that nothing is told of an
 * edge where gateways stand for all. MACs of `macOf` name the domain and the VN they are of.
 */
import { formatIp } from '../../src/address/ip.ts'
import { checkText } from '../../src/config/check-text.ts'
import { checkEdgeText } from '../../src/config/edge.ts'
import { formatProblem, type Problem } from '../../src/config/file/problem.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { lastDomainAt, passedThrough } from '../../src/federation/agreement/domain-path.ts'
import { Edge } from '../../src/nve/edge.ts'
import type { Changes } from '../../src/rib/changes.ts'
import { NO_SET, type SetId } from '../../src/rib/verdict.ts'
import { reachable } from './agreements.ts'
import { Region } from './region.ts'

const FIRST_VNI = 10100
/** Of the interconnect, where both sides have gateways. */
const FIRST_BETWEEN = 70000
export const FIRST_ASN = 65001
const PORT = 179
const FIRST_EDGE = 11
const GATEWAYS = [250, 251] as const
const MAC_IP = 2
/** Where the MAC stands in the key of a type 2 route: type (1) RD (8) Ethernet Tag (4) MAC length (1). */
const MAC_AT = 14
/** Third octet of the MACs of `macOf`. */
const OF_A_DOMAIN = 0xdd
const HOLD_SECONDS = 9

/** What one domain is, and how it stands to the others. */
export interface DomainPlan {
  readonly nvas: 1 | 2
  readonly edges: number
  /** By the number of the other domain: numbers of the VNs that this one shares with it. A domain that is not there is no neighbour. */
  readonly shares: ReadonlyMap<number, readonly number[]>
  /** By the number of the other domain: numbers of the shared VNs that cross through this one's gateways. */
  readonly via?: ReadonlyMap<number, readonly number[]>
  /** First octet of the addresses of its gateways, towards others and towards its edges: 10 unless said; those of all edges begin with 10. */
  readonly gatewaysIn?: readonly [outside: number, inside: number]
  /** Pairs of numbers of other domains. */
  readonly transit: readonly (readonly [number, number])[]
  /** Its AS number, of which its DOMAIN-ID is made; nothing: the later the domain stands in the plan, the higher. */
  readonly asn?: number
  /** Whether it heeds what other domains say of sticky MACs; nothing: it does not. */
  readonly heedsSticky?: boolean
  /** Seconds for which routes of a domain that is lost are kept; 0: none. */
  readonly staleSeconds?: number
  /** More lines for each federated domain, indented by six. */
  readonly extra?: string
  /** MACs that move too often are not frozen. */
  readonly freezesNothing?: boolean
}

export interface Plan {
  readonly domains: readonly DomainPlan[]
  readonly vns: number
  /** How much longer than without limits it may take until all is told; nothing: no longer. */
  readonly patienceMs?: number
}

export interface Host {
  readonly domain: number
  readonly kind: 'nva' | 'edge'
  /** Within its domain and kind. */
  readonly index: number
}

export class ManyDomains {
  readonly region: Region
  readonly plan: Plan
  readonly hosts: readonly Host[]
  readonly nvas = new Map<string, Nva>()
  readonly edges = new Map<string, Edge>()
  /** Changes of the Loc-RIBs of all NVAs so far. */
  changes = 0
  /** `reaches[from][to]`: VNs whose routes may get from one domain to the other. */
  private readonly reaches: readonly (readonly ReadonlySet<number>[])[]

  constructor(seed: number, plan: Plan) {
    this.region = new Region(seed)
    this.plan = plan
    this.hosts = plan.domains.flatMap(({ nvas, edges }, domain) => [
      ...Array.from({ length: nvas }, (_, index): Host => ({ domain, kind: 'nva', index })),
      ...Array.from({ length: edges }, (_, index): Host => ({ domain, kind: 'edge', index })),
    ])
    this.reaches = reachable(plan)
    this.region.tap = (from, to, octets) => this.checkOctets(from, to, octets)
  }

  startAll(): this {
    for (const host of this.hosts) this.start(host)
    return this
  }

  start(host: Host): void {
    const address = addressOf(host)
    if (host.kind === 'nva') {
      const world = this.region.host(address)
      const settings = sound(checkText(this.nvaText(host), 'nva.yaml'))
      const nva: Nva = new Nva(settings, world, { changed: (changes) => this.check(host, nva, changes) })
      this.nvas.set(address, nva)
      this.region.listen(address, PORT, (link) => nva.speaker.accept(link))
      nva.speaker.start()
    } else {
      const edge = new Edge(sound(checkEdgeText(this.edgeText(host), 'edge.yaml')), this.region.host(address), {})
      this.edges.set(address, edge)
      edge.start()
    }
  }

  /** kill -9. */
  kill(host: Host): void {
    const address = addressOf(host)
    this.region.kill(address)
    this.nvas.delete(address)
    this.edges.delete(address)
  }

  runs(host: Host): boolean {
    const address = addressOf(host)
    return this.nvas.has(address) || this.edges.has(address)
  }

  nva(domain: number, index = 0): Nva {
    return this.nvas.get(addressOf({ domain, kind: 'nva', index }))!
  }

  edge(domain: number, index = 0): Edge {
    return this.edges.get(addressOf({ domain, kind: 'edge', index }))!
  }

  /** Between all NVAs of the one and all of the other. */
  partition(a: number, b: number): void {
    for (const [one, other] of this.crossings(a, b)) this.region.partition(one, other)
  }

  heal(a: number, b: number): void {
    for (const [one, other] of this.crossings(a, b)) this.region.heal(one, other)
  }

  /** Every session between those that run stands. */
  get allUp(): boolean {
    const running = new Set([...this.nvas.keys(), ...this.edges.keys()])
    const speakers = [...this.nvas.values(), ...this.edges.values()].map(({ speaker }) => speaker)
    return speakers.every(({ peers }) => [...peers.values()].every((peer) => peer.standing !== null || !running.has(peer.settings.address)))
  }

  /** What an edge of a domain sees of a VN: domains of the VTEPs behind which it knows tenant systems, one a tenant system, ascending. */
  seen(domain: number, vn: number, index = 0): number[] {
    return this.edge(domain, index)
      .table.mappings(vnName(vn))
      .map(({ vtep }) => domainOfAddress(vtep))
      .sort((a, b) => a - b)
  }

  until(done: () => boolean, limitMs = 120_000): void {
    if (!this.region.runUntil(done, limitMs)) throw new Error(`not after ${limitMs} ms: ${done}\n${this.picture()}`)
  }

  picture(): string {
    const edges = [...this.edges].map(([address, edge]) =>
      Array.from({ length: this.plan.vns }, (_, vn) => {
        const seen = edge.table.mappings(vnName(vn)).map(({ mac, vtep }) => `${mac} @ ${vtep}`)
        return `${address} ${vnName(vn)}: ${seen.join(', ')}`
      }).join('\n'),
    )
    const sessions = [...this.nvas, ...this.edges].flatMap(([address, { speaker }]) =>
      [...speaker.peers.values()].map((peer) => `${address} -> ${peer.settings.name}: ${peer.state} ${peer.lastError}`),
    )
    return [...edges, ...sessions].join('\n')
  }

  /** Domains that a route of this VN may get to from a domain, by agreement. */
  mayReach(from: number, to: number, vn: number): boolean {
    return this.reaches[from]![to]!.has(vn)
  }

  private check({ domain }: Host, nva: Nva, changes: Changes): void {
    this.changes += changes.count
    for (let i = 0; i < changes.count; i++) {
      const set = changes.after[i]!
      if (set === NO_SET) continue
      this.checkRoute(domain, nva, set)
      if (nva.speaker.rib.destinations.typeOf(changes.dest[i]!) === MAC_IP) this.checkMac(domain, nva, changes.dest[i]!, set)
    }
  }

  private checkRoute(domain: number, nva: Nva, set: SetId): void {
    const { sets } = nva.speaker
    const at = sets.nextHopAt(set)
    const vtep = formatIp(sets.octets(set), at, 4)
    const from = domainOfAddress(vtep)
    const where = `in domain ${domain} a route of ${vtep}`
    for (const vn of nva.census.membership.vnsOf(set)) {
      if (from !== domain && !this.reaches[from]![domain]!.has(vn))
        throw new Error(`${where} in VN ${vn}, which no path of agreements allows`)
    }
    if (from !== domain && lastDomainAt(sets, set) < 0) throw new Error(`${where} without a D-PATH`)
    const source = nva.speaker.sources.sourceOf(sets.peer[set]!)
    if (from === domain && source !== undefined && source.domain !== null && source.madeFor === undefined)
      throw new Error(`${where}, which ${source.domain} has told`)
    if (passedThrough(sets, set, nva.settings.federation.domainId)) throw new Error(`${where} that has come round`)
  }

  /** Who stands for it in the tunnel matters as little as by which way it came: where it is from has to be allowed. A MAC of no domain may be anywhere. */
  private checkMac(domain: number, nva: Nva, dest: number, set: SetId): void {
    const { destinations } = nva.speaker.rib
    const at = destinations.start(dest) + MAC_AT
    const [kind, from = 0, vn = 0] = destinations.octets(dest).subarray(at + 2, at + 5)
    if (kind !== OF_A_DOMAIN || from === domain) return
    const where = `in domain ${domain} a route to a MAC of ${from}`
    if (this.reaches[from]?.[domain]?.has(vn) !== true) throw new Error(`${where} in VN ${vn}, which no path of agreements allows`)
    if (lastDomainAt(nva.speaker.sets, set) < 0) throw new Error(`${where} without a D-PATH`)
  }

  private checkOctets(from: string, to: string, octets: Uint8Array): void {
    const [here, there] = [domainOfAddress(from), domainOfAddress(to)]
    if (here === there || !hidesAll(this.plan, here, there)) return
    for (let at = octets.indexOf(10); at >= 0; at = octets.indexOf(10, at + 1)) {
      const [, domain = 0, zero, number = 0] = octets.subarray(at, at + 4)
      const edge = number - FIRST_EDGE
      if (zero === 0 && edge >= 0 && edge < (this.plan.domains[domain]?.edges ?? 0))
        throw new Error(`${from} tells ${to} of the edge 10.${domain}.0.${number}`)
    }
  }

  private crossings(a: number, b: number): (readonly [string, string])[] {
    const nvas = (domain: number) => this.hosts.filter((host) => host.kind === 'nva' && host.domain === domain).map(addressOf)
    return nvas(a).flatMap((one) => nvas(b).map((other) => [one, other] as const))
  }

  private asnOf(domain: number): number {
    return this.plan.domains[domain]!.asn ?? FIRST_ASN + domain
  }

  private nvaText({ domain, index }: Host): string {
    const plan = this.plan.domains[domain]!
    const address = addressOf({ domain, kind: 'nva', index })
    const peers = Array.from(
      { length: plan.edges },
      (_, edge) => `  e${edge}: { address: ${addressOf({ domain, kind: 'edge', index: edge })}, group: leaves }`,
    )
    if (plan.nvas === 2)
      peers.push(`  twin: { address: ${addressOf({ domain, kind: 'nva', index: 1 - index })}, role: plain, holdTime: ${HOLD_SECONDS} }`)
    const domains = [...plan.shares].map(([other, vns]) => {
      const nvas = Array.from({ length: this.plan.domains[other]!.nvas }, (_, i) => addressOf({ domain: other, kind: 'nva', index: i }))
      const shares = vns.map((vn) => `${vnName(vn)}: ${this.shareText(domain, other, vn)}`).join(', ')
      const sticky = plan.heedsSticky ? '\n      stickyMacs: heed' : ''
      const stale = plan.staleSeconds ? `\n      staleTime: ${plan.staleSeconds}` : ''
      return `    d${other}:\n      asn: ${this.asnOf(other)}\n      peers: [${nvas.join(', ')}]\n      holdTime: ${HOLD_SECONDS}\n      share: { ${shares} }${stale}${sticky}${plan.extra ?? ''}`
    })
    const transit = plan.transit.map(([a, b]) => `[d${a}, d${b}]`).join(', ')
    return `
nva: { name: d${domain}-${index}, domain: d${domain}, asn: ${this.asnOf(domain)}, routerId: ${address}, listen: ["${address}:${PORT}"] }
vns: { ${this.vnsText()} }
peerGroups:
  leaves: { role: nve, holdTime: ${HOLD_SECONDS}, passive: true }
peers:
${peers.join('\n')}
federation:
  transit: [${transit}]${plan.freezesNothing ? '\n  macMoves: { moves: 0 }' : ''}
  domains:
${domains.join('\n')}
`
  }

  private shareText(domain: number, other: number, vn: number): string {
    if (!crossesVia(this.plan, domain, other, vn)) return '{}'
    const [outside, inside] = this.plan.domains[domain]!.gatewaysIn ?? [10, 10]
    const vni = (crossesVia(this.plan, other, domain, vn) ? FIRST_BETWEEN : FIRST_VNI) + vn
    return `{ vni: ${vni}, via: { gateways: [${GATEWAYS.map((number) => `{ address: ${outside}.${domain}.0.${number}, inside: ${inside}.${domain}.0.${number} }`).join(', ')}] } }`
  }

  private edgeText({ domain, index }: Host): string {
    const address = addressOf({ domain, kind: 'edge', index })
    const nvas = Array.from({ length: this.plan.domains[domain]!.nvas }, (_, i) => addressOf({ domain, kind: 'nva', index: i }))
    return `
nve: { name: e${domain}-${index}, asn: ${this.asnOf(domain)}, routerId: ${address}, vtep: ${address}, nvas: [${nvas.join(', ')}], holdTime: ${HOLD_SECONDS} }
vns: { ${this.vnsText()} }
`
  }

  private vnsText(): string {
    return Array.from({ length: this.plan.vns }, (_, vn) => `${vnName(vn)}: { vni: ${FIRST_VNI + vn} }`).join(', ')
  }
}

/** Whether a VN crosses to another domain through gateways of this one. */
export function crossesVia(plan: Plan, domain: number, other: number, vn: number): boolean {
  return plan.domains[domain]!.via?.get(other)?.includes(vn) ?? false
}

/** Whether gateways stand for all that a domain tells another one. */
function hidesAll(plan: Plan, domain: number, other: number): boolean {
  return plan.domains[domain]!.shares.get(other)?.every((vn) => crossesVia(plan, domain, other, vn)) ?? false
}

/** A MAC of one domain and one VN: it moves between edges of the domain alone. All others are of no domain. */
export function macOf(domain: number, vn: number, number: number): string {
  return `02:00:dd:0${domain}:0${vn}:0${number}`
}

/** The gateway of a domain by rank, from 0, as others know it; `net`: see `DomainPlan.gatewaysIn`. */
export function gatewayOf(domain: number, rank = 0, net = 10): string {
  return `${net}.${domain}.0.${GATEWAYS[rank]}`
}

export function vnName(vn: number): string {
  return `vn${vn}`
}

/** 10.domain.0.n: NVAs from 1, edges from 11; gateways are 250 and 251 of that net or another one. */
export function addressOf({ domain, kind, index }: Host): string {
  return `10.${domain}.0.${(kind === 'nva' ? 1 : FIRST_EDGE) + index}`
}

function domainOfAddress(address: string): number {
  return Number(address.split('.')[1])
}

function sound<T>(
  checked: { readonly ok: true; readonly configuration: T } | { readonly ok: false; readonly problems: readonly Problem[] },
): T {
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  return checked.configuration
}
