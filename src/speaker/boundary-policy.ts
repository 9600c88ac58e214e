/** What a speaker is handed for each federated domain. */
import type { Exporter } from '../advertise/exporter/exporter.ts'
import type { Self, SourceOf } from '../advertise/exporter/exporters.ts'
import type { Pace } from '../advertise/members/member.ts'
import type { AttributeSets } from '../rib/attribute-sets.ts'
import type { Rib } from '../rib/rib.ts'
import type { SetId, Verdict } from '../rib/verdict.ts'
import type { TimedAdmission, TimedExportAdmission } from './admission-clock.ts'

/** What sits at the boundary to another domain: see `federation/boundary.ts`. */
export interface BoundaryPolicy {
  readonly typeVerdicts: Int32Array
  importSet(sets: AttributeSets, set: SetId): Verdict
  exporter(sets: AttributeSets, self: Self, sourceOf: SourceOf): Exporter
  /** How long routes of the domain stand when all its sessions are down, in seconds; 0: they go with them. */
  readonly staleSeconds: number
  /** How fast a session with the domain is told what changes. `now`: ms. */
  pace(now: () => number): Pace
  /** The last word on its routes, the same for all sessions of the domain. `now` in ms. */
  admission(rib: Rib, now: number): TimedAdmission
  /** The last word on what it is told, the same for all sessions of the domain; null: nobody has it. `now`: ms. */
  exportAdmission(rib: Rib, sourceOf: SourceOf, now: () => number): TimedExportAdmission | null
}

/** By name of the federated domain. */
export type Boundaries = ReadonlyMap<string, BoundaryPolicy>

/** The boundary behind which a peer is; undefined: it is of our own domain. */
export function boundaryTo(boundaries: Boundaries, domain: string | null): BoundaryPolicy | undefined {
  return domain === null ? undefined : boundaries.get(domain)
}
