/**
 * Who is where in the NV Domain: per VN its routes, the NVEs (VTEPs) that take part and the tenant systems behind them, kept up to date from the
 * changes of the Loc-RIB (RFC 8014 §8: the NVA knows which tenant system of which VN sits behind which NVE).
 */
import { formatIp } from '../address/ip.ts'
import { ByteKey, KEY_START } from '../bytes/byte-key.ts'
import { ByteTable } from '../bytes/byte-table.ts'
import { copy, put16, put32 } from '../bytes/octets.ts'
import type { Changes } from '../rib/changes.ts'
import type { Rib } from '../rib/rib.ts'
import { NO_SET, type SetId } from '../rib/verdict.ts'
import { Membership } from './membership.ts'
import type { VnSettings } from './settings.ts'
import { Tally } from './tally.ts'

/** Where the MAC stands in the key of a type 2 route: type (1) RD (8) Ethernet Tag (4) MAC length (1). */
const MAC_AT = 14
const MAC_IP = 2
/** Route types that find those they are meant for without a route target: by ES-Import (RFC 7432 §7.6, RFC 9251 §9). */
export const WITHOUT_TARGET: readonly number[] = [4, 7, 8]

export interface VnCount {
  readonly vn: VnSettings
  /** Best routes of the VN. */
  routes: number
  /** Different MACs. */
  tenantSystems: number
  /** Best routes by VTEP, address text. */
  readonly nves: Map<string, number>
  /** Best routes by the name of the domain they came from; the own one under the empty name. */
  readonly byDomain: Map<string, number>
  /** Best routes of the own domain by route type. */
  readonly ownByType: Map<number, number>
}

export interface NveCount {
  /** VTEP address, text. */
  readonly vtep: string
  /** A number that no other NVE has at the same time. */
  readonly id: number
  routes: number
  tenantSystems: number
  /** Best routes by VN index. */
  readonly vns: Map<number, number>
  /** Peer id its last route came from. */
  peer: number
}

export class Census {
  readonly vns: readonly VnCount[]
  readonly nves = new Map<string, NveCount>()
  /** Best routes that belong to no VN although routes of their type are told apart by route target; by peer id. */
  readonly strays = new Map<number, number>()
  readonly membership: Membership
  private readonly rib: Rib
  private readonly domainOf: (peer: number) => string | null
  private readonly tenants = new Tally()
  private readonly tenantsByNve = new Tally()
  /** VTEP addresses, and by their ids the NVEs: no text is made for a route. */
  private readonly vteps = new ByteTable()
  private readonly vtep = new ByteKey(16)
  private readonly byVtep: NveCount[] = []
  /** Destinations from here on have not been counted yet: what happens to them is none of our business until `catchUp` has been there. */
  private counted: number

  /**
   * `domainOf`: the federated domain a peer id speaks for; empty for the own one; null: nobody's, made here in place of routes that are counted. `late`: the RIB is not empty any more, and `catchUp` has to be called
   * until it is done.
   */
  constructor(vns: readonly VnSettings[], rib: Rib, domainOf: (peer: number) => string | null, late = false) {
    this.rib = rib
    this.domainOf = domainOf
    this.counted = late && vns.length > 0 ? 0 : Number.POSITIVE_INFINITY
    this.membership = new Membership(vns, rib.sets)
    this.vns = vns.map((vn) => ({ vn, routes: 0, tenantSystems: 0, nves: new Map(), byDomain: new Map(), ownByType: new Map() }))
  }

  /** Follows a batch of changes of the Loc-RIB. */
  follow(changes: Changes): void {
    if (this.vns.length === 0) return
    for (let i = 0; i < changes.count; i++) {
      const before = changes.before[i]!
      const after = changes.after[i]!
      if (before === after || changes.dest[i]! >= this.counted) continue
      if (before !== NO_SET) this.count(changes.dest[i]!, before, -1)
      if (after !== NO_SET) this.count(changes.dest[i]!, after, 1)
    }
  }

  /** Counts what is advertised of up to `limit` more destinations. Returns whether that were all; between batches only. */
  catchUp(limit: number): boolean {
    const { advertised, capacity } = this.rib.destinations
    const end = Math.min(this.counted + limit, capacity)
    for (let dest = this.counted; dest < end; dest++) {
      const set = advertised[dest]!
      if (set !== NO_SET) this.count(dest, set, 1)
    }
    this.counted = end < capacity ? end : Number.POSITIVE_INFINITY
    return end >= capacity
  }

  private count(dest: number, set: SetId, by: 1 | -1): void {
    const members = this.membership.vnsOf(set)
    const { sets } = this.rib
    const domain = this.domainOf(sets.peer[set]!)
    if (domain === null) return
    const type = this.rib.destinations.typeOf(dest)
    if (members.length === 0) {
      if (!WITHOUT_TARGET.includes(type)) bump(this.strays, sets.peer[set]!, by)
      return
    }
    const nve = this.nveOf(set)
    const bridged = type === MAC_IP && this.isBridged(members)
    if (by > 0) nve.peer = sets.peer[set]!
    nve.routes += by
    for (const index of members) {
      const vn = this.vns[index]!
      vn.routes += by
      bump(vn.nves, nve.vtep, by)
      bump(vn.byDomain, domain, by)
      bump(nve.vns, index, by)
      if (domain === '') bump(vn.ownByType, type, by)
      if (type === MAC_IP) this.countTenant(dest, index, vn, bridged && vn.vn.service === 'l3' ? null : nve, by)
    }
    if (nve.routes === 0) this.leave(nve)
  }

  /** `nve`: null: it is counted there in another VN. */
  private countTenant(dest: number, index: number, vn: VnCount, nve: NveCount | null, by: 1 | -1): void {
    const bytes = this.rib.destinations.octets(dest)
    const mac = this.rib.destinations.start(dest) + MAC_AT
    const { tenants, tenantsByNve } = this
    const end = copy(bytes, mac, mac + 6, tenants.key.octets, put16(tenants.key.octets, KEY_START, index))
    if (by > 0 ? tenants.add(end) : tenants.remove(end)) vn.tenantSystems += by
    if (nve === null) return
    const there = put32(tenantsByNve.key.octets, put16(tenantsByNve.key.octets, KEY_START, index), nve.id)
    const endThere = copy(bytes, mac, mac + 6, tenantsByNve.key.octets, there)
    if (by > 0 ? tenantsByNve.add(endThere) : tenantsByNve.remove(endThere)) nve.tenantSystems += by
  }

  private isBridged(members: readonly number[]): boolean {
    for (const index of members) if (this.vns[index]!.vn.service === 'l2') return true
    return false
  }

  private nveOf(set: SetId): NveCount {
    const { sets } = this.rib
    const { vteps, vtep: key } = this
    const at = sets.nextHopAt(set)
    const length = sets.nextHopLength(set) === 4 ? 4 : 16
    key.seal(copy(sets.octets(set), at, at + length, key.octets, KEY_START))
    const id = vteps.upsert(key)
    if (!vteps.inserted) return this.byVtep[id]!
    const vtep = formatIp(sets.octets(set), at, length)
    const nve = { vtep, id, routes: 0, tenantSystems: 0, vns: new Map<number, number>(), peer: 0 }
    this.byVtep[id] = nve
    this.nves.set(vtep, nve)
    return nve
  }

  private leave({ vtep, id }: NveCount): void {
    this.nves.delete(vtep)
    this.vteps.remove(id)
  }
}

function bump<K>(counts: Map<K, number>, key: K, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
