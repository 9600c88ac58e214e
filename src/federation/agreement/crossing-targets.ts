/** The route targets of shared VNs, as attribute sets bear them: what may leave, what may come in and what it becomes, and for which of it a gateway stands. */
import { isRouteTarget } from '../../address/route-target.ts'
import { TargetMap } from '../../address/target-map.ts'
import type { VnSettings } from '../../domain/settings.ts'
import { findAttribute, valueEnd, valueStart } from '../../policy/rewrite/attribute-rewrite.ts'
import { drop, targetKey } from '../../policy/rewrite/steps.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import type { FederatedDomain } from '../settings.ts'
import { agreedTargets } from './agreed-targets.ts'

/** What a target becomes that does not cross. */
export const NOTHING: readonly Uint8Array[] = []
/** Route targets may hide in the IPv6 kind of extended communities too (RFC 5701 §2); no VN here is named by one, so none crosses. */
export const noIpv6Targets = drop(AttributeCode.ipv6ExtCommunities)

/** What targets become. */
type Targets = TargetMap<readonly Uint8Array[]>

export class CrossingTargets {
  /** Our targets of the shared VNs: what may leave. */
  readonly leaving: Targets
  /** Their targets of the shared VNs, and the local ones they become. */
  readonly entering: Targets
  /** Of those two, what a gateway stands for, and what needs none: see `gateway/`. */
  readonly leavingByGateway: Targets
  readonly enteringDirectly: Targets

  /** `vns`: those of the local domain by name. */
  constructor(domain: FederatedDomain, vns: ReadonlyMap<string, VnSettings>) {
    const leaves: Targets = new TargetMap()
    const enters: Targets = new TargetMap()
    const leavesByGateway: Targets = new TargetMap()
    const entersDirectly: Targets = new TargetMap()
    for (const { share, leaving, become } of agreedTargets(domain, vns)) {
      const direct = (share.via ?? null) === null
      if (direct) for (const target of leaving) leaves.set([target], target)
      else for (const target of leaving) leavesByGateway.set(NOTHING, target)
      if (become.length === 0) continue
      for (const target of share.peerTargets) {
        enters.set([...(enters.get(target) ?? []), ...become], target)
        if (direct) entersDirectly.set(NOTHING, target)
      }
    }
    this.leaving = leaves
    this.entering = enters
    this.leavingByGateway = leavesByGateway
    this.enteringDirectly = entersDirectly
  }

  /** All that they say, to be held against others. */
  get terms(): readonly string[][] {
    return [linesOf(this.leaving), linesOf(this.entering), linesOf(this.enteringDirectly)]
  }
}

function linesOf(targets: Targets): string[] {
  return [...targets].map(([target, become]) => `${targetKey(target)} ${become.map((one) => targetKey(one)).join(' ')}`).sort()
}

/** Whether one of the set's route targets is among `targets`. Hot. */
export function carries(sets: AttributeSets, set: SetId, targets: Targets): boolean {
  const bytes = sets.octets(set)
  const at = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.extCommunities)
  if (at < 0) return false
  const end = valueEnd(bytes, at)
  for (let community = valueStart(bytes, at); community < end; community += 8)
    if (isRouteTarget(bytes, community) && targets.has(bytes, community)) return true
  return false
}

/** The route targets of a set. */
export function targetsOf(sets: AttributeSets, set: SetId): TargetMap<true> {
  const bytes = sets.octets(set)
  const targets = new TargetMap<true>()
  eachTarget(sets, set, (at) => targets.set(true, bytes, at))
  return targets
}

/** `visit` is given the offset of each route target in the octets of the set. */
export function eachTarget(sets: AttributeSets, set: SetId, visit: (at: number) => void): void {
  const bytes = sets.octets(set)
  const at = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.extCommunities)
  if (at < 0) return
  const end = valueEnd(bytes, at)
  for (let community = valueStart(bytes, at); community < end; community += 8) if (isRouteTarget(bytes, community)) visit(community)
}
