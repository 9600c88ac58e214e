import { evpn } from './evpn/evpn.ts'
import type { NlriFamily } from './family.ts'
import { routeTargetConstraint } from './route-target-constraint.ts'

/** The families whose NLRI can be told apart. A new one: its folder and its line here. */
export const NLRI_FAMILIES: readonly NlriFamily[] = [evpn, routeTargetConstraint]

/** The family of an AFI and SAFI, or null when it is not known. */
export function nlriFamily(afi: number, safi: number): NlriFamily | null {
  for (const family of NLRI_FAMILIES) if (family.afi === afi && family.safi === safi) return family
  return null
}
