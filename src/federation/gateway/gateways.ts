/**
 * Gateway mode: follows the changes of the Loc-RIB, keeps the mapping table of what crosses through data gateways, and makes the routes that stand outside
 * (and inside) for what is behind a gateway. They are made anew, one for each mapping, and never rewritten from a route.
 *
 *     Loc-RIB changes -> follow -> mapping table -> advance -> routes of our own sources -> RIB -> update groups
 */
import { formatIp } from '../../address/ip.ts'
import type { Source, SourceOf } from '../../advertise/exporter/exporters.ts'
import { u8, u16 } from '../../bytes/octets.ts'
import type { VnSettings } from '../../domain/settings.ts'
import type { Changes } from '../../rib/changes.ts'
import type { Rib } from '../../rib/rib.ts'
import { NO_SET, type SetId } from '../../rib/verdict.ts'
import { IMET } from '../../wire/nlri/evpn/imet.ts'
import { MAC_IP } from '../../wire/nlri/evpn/mac-ip.ts'
import { LONGEST_NLRI } from '../../wire/nlri/family.ts'
import { Provenance } from '../agreement/provenance.ts'
import type { FederationSettings } from '../settings.ts'
import { better } from './best-route.ts'
import { type Crossing, nextHopOf } from './crossing.ts'
import { Crossings, domainsVia, type RdNumbers } from './crossings.ts'
import { floods } from './flood-lists.ts'
import type { GatewayHealth } from './health.ts'
import { madeSequence, writeMadeAttributes, writeMadeNlri } from './made-route.ts'
import { imetKeyInto, mappingKeyInto, TYPE_AT } from './mapping-key.ts'
import { MappingTable } from './mapping-table.ts'
import { Placement } from './placement.ts'
import { InterconnectSegments } from './segments.ts'
import type { GatewaySettings } from './settings.ts'
import { Ties } from './ties.ts'

/** Where routes made here go. */
export interface RouteMaker {
  readonly rib: Rib
  addSource(source: Source): number
  dropSource(id: number): void
  originate(nextHop: Uint8Array, attributes: Uint8Array, nlri: Uint8Array, source: number, attributesEnd?: number, nlriEnd?: number): void
  retract(nlri: Uint8Array, source: number, nlriEnd?: number): void
}

export class Gateways {
  readonly crossings: Crossings
  private readonly rib: Rib
  private readonly routes: RouteMaker
  private readonly health: GatewayHealth
  private readonly placement: Placement
  private readonly segments: InterconnectSegments
  private readonly sources: number[] = []
  private readonly table = new MappingTable()
  private readonly ties: Ties
  /** By crossing: the gateway that its routes are told with; null: none is up. */
  private current: (GatewaySettings | null)[] = []
  private readonly toldCounts: Int32Array
  /** By crossing: the one that the IMET route is told with. */
  private readonly imetOf: (GatewaySettings | null)[] = []
  private placing = 0
  /** Destinations from here on have not been looked at yet. */
  private seen: number
  /** Entries from here on are to be told anew. */
  private retell = Number.POSITIVE_INFINITY
  private readonly attributes = new Uint8Array(4 * 65535)
  private readonly nlri = new Uint8Array(LONGEST_NLRI)

  /** `late`: the RIB is not empty any more, and `advance` catches up. */
  constructor(
    federation: FederationSettings,
    vns: readonly VnSettings[],
    routerId: number,
    numbers: RdNumbers,
    routes: RouteMaker,
    sourceOf: SourceOf,
    health: GatewayHealth,
    late: boolean,
  ) {
    this.rib = routes.rib
    this.routes = routes
    this.health = health
    const known = new Map<string, number>()
    for (const { name } of domainsVia(federation)) {
      for (const madeFor of ['outside', 'inside'] as const) {
        const id = routes.addSource({ external: true, client: false, routerId, domain: name, madeFor })
        known.set(`${name} ${madeFor}`, id)
        this.sources.push(id)
      }
    }
    const sourceFor = (domain: string, outward: boolean) => known.get(`${domain} ${outward ? 'outside' : 'inside'}`)!
    const byName = new Map(vns.map((vn) => [vn.name, vn]))
    this.crossings = new Crossings(federation, byName, routerId, numbers, sourceFor, this.rib.sets)
    this.ties = new Ties(this.table, this.rib, sourceOf, federation.domainId, this.crossings, (crossing) => this.gatewayOf(crossing))
    this.placement = new Placement(this.rib, this.crossings, new Provenance(federation), sourceOf)
    this.toldCounts = new Int32Array(this.crossings.all.length)
    this.segments = new InterconnectSegments(routes, routerId, numbers)
    this.seen = late ? 0 : Number.POSITIVE_INFINITY
    this.judge()
  }

  /** Whether `advance` has something to do. */
  get busy(): boolean {
    return this.table.waiting > 0 || this.seen !== Number.POSITIVE_INFINITY || this.retell !== Number.POSITIVE_INFINITY
  }

  /** The gateway that stands for a crossing now; null: none is up. */
  gatewayOf(crossing: Crossing): GatewaySettings | null {
    return this.current[crossing.index] ?? null
  }

  /** Routes that are told for a crossing now. */
  toldOf(crossing: Crossing): number {
    return this.toldCounts[crossing.index]!
  }

  /** The VTEPs behind a crossing: outward of local NVEs and of those of domains that are reached without a gateway, inward of the other domain. */
  floods(crossing: Crossing): string[] {
    const { table, rib } = this
    const entry = table.find(imetKeyInto(crossing, table.key.octets))
    const imets: SetId[] = []
    if (table.isLive(entry)) {
      for (let link = table.first(entry); link !== 0; link = table.next(link)) {
        const imet = rib.destinations.advertised[table.destOf(link)]!
        if (!crossing.outward || !this.placement.behindGateway(crossing, imet)) imets.push(imet)
      }
    }
    return floods(rib.sets, imets)
  }

  /** Follows a batch of changes of the Loc-RIB, before it is finished. Routes are made later, by `advance`. */
  follow(changes: Changes): void {
    for (let i = 0; i < changes.count; i++) {
      const dest = changes.dest[i]!
      const after = changes.after[i]!
      if (after === changes.before[i] || dest >= this.seen) continue
      this.table.unlink(dest)
      this.placing = dest
      if (after !== NO_SET) this.placement.each(after, changes.row[i]!, this.put)
    }
  }

  /** Asks again which gateways are up; what changes by it is told by `advance`. */
  judge(): void {
    const chosen = this.crossings.all.map(({ via }) => via.gateways.find(({ address }) => this.health.isUp(formatIp(address))) ?? null)
    if (chosen.some((gateway, index) => gateway !== (this.current[index] ?? null))) this.retell = 0
    this.current = chosen
    this.segments.tell(this.crossings.all, (address) => this.health.isUp(address))
  }

  /** Makes and takes back routes for up to `limit` mappings; between batches only. Returns whether there is more to do. */
  advance(limit: number): boolean {
    let left = limit
    for (const end = this.table.keys.capacity; this.retell < end && left > 0; this.retell++, left--) {
      if (this.table.isLive(this.retell)) this.table.mark(this.retell)
    }
    if (this.retell >= this.table.keys.capacity) this.retell = Number.POSITIVE_INFINITY
    this.catchUp(left)
    for (; left > 0 && this.table.waiting > 0; left--) this.tell(this.table.takeDirty())
    return this.busy
  }

  /** Takes everything back. */
  close(): void {
    this.crossings.close()
    for (const source of this.sources) this.routes.dropSource(source)
  }

  private catchUp(limit: number): void {
    // What stands behind a destination is known only when everything is settled.
    if (this.seen === Number.POSITIVE_INFINITY || this.rib.destinations.unsettled > 0) return
    const { rib } = this
    const { capacity } = rib.destinations
    const end = Math.min(this.seen + limit, capacity)
    for (let dest = this.seen; dest < end; dest++) {
      const set = rib.destinations.isLive(dest) ? rib.destinations.advertised[dest]! : NO_SET
      this.placing = dest
      if (set !== NO_SET) this.placement.each(set, rib.destinations.best[dest]!, this.put)
    }
    this.seen = end < capacity ? end : Number.POSITIVE_INFINITY
  }

  /** Puts the destination `placing` under a crossing. Hot. */
  private readonly put = (crossing: Crossing): void => {
    const dest = this.placing
    const { destinations } = this.rib
    const bytes = destinations.octets(dest)
    const end = mappingKeyInto(crossing, bytes, destinations.start(dest), destinations.length(dest), this.table.key.octets)
    if (end >= 0) this.table.link(dest, end)
  }

  /** Tells what a mapping is now. Hot: allocates nothing but where two claims to a MAC with different addresses are equal. */
  private tell(entry: number): void {
    const { keys } = this.table
    const bytes = keys.octets(entry)
    const at = keys.start(entry)
    const crossing = this.crossings.all[u16(bytes, at)]!
    const type = u8(bytes, at + TYPE_AT)
    const gateway = this.gatewayOf(crossing)
    const live = this.table.isLive(entry)
    if (type === MAC_IP && !this.table.echo) this.ties.changed(entry, crossing)
    const best = live ? this.best(entry, type) : -1
    const how = live && gateway !== null && type === MAC_IP ? this.ties.tell(entry, crossing, gateway, best, this.bestMac) : 'as it is'
    if (!live || gateway === null || how === 'not') this.takeBack(entry, crossing, type)
    else {
      // The gateway's address is part of an IMET route's key: the one of another gateway has to go.
      if (type === IMET && this.imetOf[crossing.index] !== gateway) this.takeBack(entry, crossing, type)
      const set = this.rib.destinations.advertised[best]!
      const raised = how === 'raised'
      const end = writeMadeAttributes(crossing, gateway, type, this.rib.sets, set, raised, this.attributes)
      const nlriEnd = this.writeNlri(entry, crossing, gateway)
      this.routes.originate(nextHopOf(crossing, gateway), this.attributes, this.nlri, crossing.source, end, nlriEnd)
      this.countTold(entry, crossing, madeSequence(this.rib.sets, set, raised))
      if (type === IMET) this.imetOf[crossing.index] = gateway
    }
    if (!live) this.table.drop(entry)
  }

  private readonly bestMac = (entry: number): number => this.best(entry, MAC_IP)

  private takeBack(entry: number, crossing: Crossing, type: number): void {
    if (!this.table.isTold(entry)) return
    // Whose address it is matters in an IMET route alone.
    const gateway = (type === IMET ? this.imetOf[crossing.index] : null) ?? crossing.via.gateways[0]!
    this.routes.retract(this.nlri, crossing.source, this.writeNlri(entry, crossing, gateway))
    this.table.untold(entry)
    this.toldCounts[crossing.index]!--
  }

  private countTold(entry: number, crossing: Crossing, sequence: number): void {
    if (!this.table.isTold(entry)) this.toldCounts[crossing.index]!++
    this.table.told(entry, sequence)
  }

  /** Writes the NLRI of a mapping into `nlri`; returns the offset behind. */
  private writeNlri(entry: number, crossing: Crossing, gateway: GatewaySettings): number {
    const { keys } = this.table
    return writeMadeNlri(crossing, gateway, keys.octets(entry), keys.start(entry), keys.length(entry), this.nlri)
  }

  /** The destination of the best route behind a mapping. */
  private best(entry: number, type: number): number {
    const { rib, table } = this
    const { sets, peers } = rib
    const { advertised } = rib.destinations
    let link = table.first(entry)
    let found = table.destOf(link)
    for (link = table.next(link); link !== 0; link = table.next(link)) {
      const dest = table.destOf(link)
      const set = advertised[dest]!
      const best = advertised[found]!
      if (set !== best && better(sets, set, best, peers, type)) found = dest
    }
    return found
  }
}
