/** Route targets of routes that were refused because their VN is not shared: what the other side would share and we do not. For people. */
import { autoRouteTarget, formatRouteTarget } from '../../address/route-target.ts'
import { TargetMap } from '../../address/target-map.ts'
import type { VnSettings } from '../../domain/settings.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'
import type { FederatedDomain, ShareSettings } from '../settings.ts'
import { eachTarget } from './crossing-targets.ts'

/** Most that are remembered. */
const MOST = 4096

export class AskedTargets {
  private readonly domain: FederatedDomain
  private readonly vns: ReadonlyMap<string, VnSettings>
  private targets = new TargetMap<true>()

  /** `vns`: those of the local domain by name. */
  constructor(domain: FederatedDomain, vns: ReadonlyMap<string, VnSettings>) {
    this.domain = domain
    this.vns = vns
  }

  note(sets: AttributeSets, set: SetId): void {
    const bytes = sets.octets(set)
    eachTarget(sets, set, (at) => {
      if (!this.targets.has(bytes, at) && this.targets.size < MOST) this.targets.set(true, bytes, at)
    })
  }

  /** All is said anew. */
  forget(): void {
    this.targets = new TargetMap<true>()
  }

  /** In text. */
  get all(): string[] {
    return [...this.targets].map(([target]) => formatRouteTarget(target))
  }

  /** VNs of ours that the other side sends routes of (by the target derived from its AS and the VNI) although we do not share them. */
  vnsAmong(vns: readonly VnSettings[]): VnSettings[] {
    const shared = new Set(this.domain.share.map((share) => share.vn))
    return vns.filter((vn) => !shared.has(vn.name) && this.targets.has(autoRouteTarget(this.domain.asn, vn.vni)))
  }

  /** The target that comes in place of those agreed for a VN, if it is one that a switch over there would derive from the VNI of either side; null: none does. */
  insteadOf({ vn, vni, peerTargets }: ShareSettings): string | null {
    const agreed = new TargetMap<true>()
    for (const target of peerTargets) agreed.set(true, target)
    for (const number of [vni, this.vns.get(vn)?.vni ?? vni]) {
      const derived = autoRouteTarget(this.domain.asn, number)
      if (!agreed.has(derived) && this.targets.has(derived)) return formatRouteTarget(derived)
    }
    return null
  }
}
