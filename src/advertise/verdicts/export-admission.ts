/** Who has the last word on what the groups of one other domain are told, and how much of it. */
import type { Changes } from '../../rib/changes.ts'
import type { SetId, Verdict } from '../../rib/verdict.ts'

/** The answer to a change of a route that is told: it stays told as it was, and its group is asked to tell it anew when its turn comes. */
export const LATER: Verdict = 1

/**
 * Asked about every route that a group would tell, after exporter and policy, and told when the group would tell it no more. So it knows what the domain is told,
 * however many groups its sessions are in, and answers all of them alike.
 */
export interface ExportAdmission {
  /** A group that will ask. `handsOver`: it has told routes already, and hands them over by `take` until `handedOver`. */
  join(handsOver: boolean): void
  handedOver(): void
  /** A group that has no members any more: by destination, `wanted` is 0 for all that it did not want. It is handed over. */
  leave(wanted: Uint8Array): void
  /** A group would tell the route to `dest`, with this set. `grows`: it did not want to before; `tells`: it does so now. Returns 0, a refusing verdict, or `LATER` where it tells it already. Hot. */
  want(dest: number, set: SetId, grows: boolean, tells: boolean): Verdict
  /** A group would no longer tell the route to `dest`: it is gone, or refused by exporter or policy. */
  unwant(dest: number): void
  /** A route that a group tells already and hands over: it is counted, and nothing is asked. */
  take(dest: number, set: SetId): void
  /** A batch is about to change these destinations: what is told of them, and not counted yet, is counted now. */
  before(changes: Changes): void
  /** A batch is about to be published to all groups. `again`: it comes from `gather`, and is not new. */
  begin(again: boolean): void
  /** The batch has been published to all groups. */
  end(): void
  /** Whether what is told is not all counted yet: then groups do nothing but publish, and nothing is due. */
  readonly counting: boolean
  /** Counts of it what is at hand here, up to `limit` destinations. Everything must be settled. */
  count(limit: number): void
  /** Whether there is something to gather. */
  readonly due: boolean
  /** Appends to an empty `batch` destinations about which groups are to ask again, as if they had changed, at most `most`. Everything must be settled. */
  gather(batch: Changes, most: number): void
}
