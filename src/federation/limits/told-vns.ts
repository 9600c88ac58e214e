/** In which of the VNs agreed with one other domain a route is that it is told: by our own route targets, or by those that gateways' routes are made with. */
import type { SourceOf } from '../../advertise/exporter/exporters.ts'
import { Membership } from '../../domain/membership.ts'
import type { VnSettings } from '../../domain/settings.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'
import { agreedTargets } from '../agreement/agreed-targets.ts'
import type { FederatedDomain } from '../settings.ts'

export class ToldVns {
  readonly vns: readonly VnSettings[]
  private readonly sets: AttributeSets
  private readonly sourceOf: SourceOf
  private readonly direct: Membership
  private readonly made: Membership

  /** `vns`: those of the local domain by name. */
  constructor(domain: FederatedDomain, vns: ReadonlyMap<string, VnSettings>, sets: AttributeSets, sourceOf: SourceOf) {
    this.sets = sets
    this.sourceOf = sourceOf
    const agreed = agreedTargets(domain, vns)
    const by = (targetsOf: (one: (typeof agreed)[number]) => readonly Uint8Array[]): VnSettings[] =>
      agreed.map((one) => ({ ...one.vn, importTargets: [], exportTargets: targetsOf(one) }))
    this.vns = agreed.map(({ vn }) => vn)
    this.direct = new Membership(
      by(({ share, leaving }) => ((share.via ?? null) === null ? leaving : [])),
      sets,
    )
    this.made = new Membership(
      by(({ share }) => share.via?.targets ?? []),
      sets,
    )
  }

  /** Indices into `vns`: a list that is known by its identity. */
  of(set: SetId): readonly number[] {
    const made = this.sourceOf(this.sets.peer[set]!)?.madeFor === 'outside'
    return (made ? this.made : this.direct).vnsOf(set)
  }

  close(): void {
    this.direct.close()
    this.made.close()
  }
}
