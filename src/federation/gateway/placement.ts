/** Under which crossings a route is put: what of the inside is told outside, and what of another domain inside. */
import type { SourceOf } from '../../advertise/exporter/exporters.ts'
import { same } from '../../bytes/octets.ts'
import { keptIn } from '../../policy/rewrite/well-known.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId } from '../../rib/verdict.ts'
import { passedThrough } from '../agreement/domain-path.ts'
import type { Provenance } from '../agreement/provenance.ts'
import type { Crossing } from './crossing.ts'
import type { Crossings } from './crossings.ts'

export class Placement {
  private readonly rib: Rib
  private readonly crossings: Crossings
  private readonly provenance: Provenance
  private readonly sourceOf: SourceOf
  /** Of all gateways. */
  private readonly addresses: readonly Uint8Array[]

  constructor(rib: Rib, crossings: Crossings, provenance: Provenance, sourceOf: SourceOf) {
    this.rib = rib
    this.crossings = crossings
    this.provenance = provenance
    this.sourceOf = sourceOf
    this.addresses = crossings.all.flatMap(({ via }) => via.gateways.flatMap((one) => [one.address, one.insideAddress]))
  }

  /** Calls `put` for each crossing of the best route of a destination. `set`: what that is advertised with; `row`: it. Hot: allocates nothing. */
  each(set: SetId, row: number, put: (crossing: Crossing) => void): void {
    const { sets, rows } = this.rib
    const received = rows.set[row]!
    const source = this.sourceOf(sets.peer[set]!)
    if (source?.madeFor !== undefined) return
    const domain = source?.domain ?? null
    if (domain !== null) {
      for (const index of this.crossings.inwardOf(received)) {
        const crossing = this.crossings.all[index]!
        if (crossing.domain === domain) put(crossing)
      }
    }
    const outward = this.crossings.outwardOf(set)
    if (outward.length === 0 || !this.mayLeave(received)) return
    // What another NVA of ours tells of the inside of a third domain, its gateway's address in it, is news here; what a gateway says of itself is not.
    if (sets.domainPathLength[set] === 0 && this.isGateway(received)) return
    const from = this.provenance.of(sets, set, this.sourceOf)
    for (const index of outward) {
      const crossing = this.crossings.all[index]!
      // What has come through that domain is of no use to it, and must not stand in the way of what is.
      if (passedThrough(sets, set, crossing.domainId)) continue
      if (this.provenance.mayPass(from, crossing.domain)) put(crossing)
    }
  }

  /** Whether who announces an IMET is reached through a gateway, by another VNI than the local one: an NVE of a domain that is, or a gateway itself. */
  behindGateway({ vn }: Crossing, imet: SetId): boolean {
    const domain = this.sourceOf(this.rib.sets.peer[imet]!)?.domain ?? null
    if (this.isGateway(imet)) return true
    return domain !== null && this.crossings.all.some((one) => one.domain === domain && one.vn === vn)
  }

  /** Whether a route, as it came, may be told of outside: not what its communities keep here. */
  private mayLeave(received: SetId): boolean {
    const { sets } = this.rib
    const bytes = sets.octets(received)
    return keptIn(bytes, sets.attributesAt(received), sets.attributesEnd(received), true) === null
  }

  /** Whether the next hop is a gateway of ours. */
  private isGateway(set: SetId): boolean {
    const { sets } = this.rib
    const length = sets.nextHopLength(set)
    const bytes = sets.octets(set)
    const at = sets.nextHopAt(set)
    for (const address of this.addresses) if (address.length === length && same(address, 0, bytes, at, length)) return true
    return false
  }
}
