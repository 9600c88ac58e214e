/**
 * How many routes the members of an update group are told, and how many are held back and why. Kept apart from walks, so that a walk that is given up
 * leaves no wrong counters: a group that comes late counts what is there in slices, and batches count only what lies below.
 */
import { capacityFor, grownInt32 } from '../../bytes/columns.ts'
import { MAX_REASONS } from '../../rib/import-counts.ts'
import type { Rib } from '../../rib/rib.ts'
import { NO_SET, reasonOf, type SetId, type Verdict } from '../../rib/verdict.ts'
import type { ExportVerdicts } from './export-verdicts.ts'

/** Beyond every destination id. */
const ALL = Number.MAX_SAFE_INTEGER

export class AdjRibOutCounts {
  private readonly rib: Rib
  private readonly withheld = new Int32Array(MAX_REASONS)
  private total = 0
  private bySource = new Int32Array(64)
  /** Destinations below this id are counted. */
  private countedTo = 0

  constructor(rib: Rib) {
    this.rib = rib
  }

  /** Routes in the Adj-RIB-Out of a member: all but its own. */
  sentTo(peer: number): number {
    return this.total - (this.bySource[peer] ?? 0)
  }

  /** Routes that the members are not sent, by the number of the reason. */
  withheldFor(reason: number): number {
    return this.withheld[reason] ?? 0
  }

  /** Whether everything that was there is counted. */
  get complete(): boolean {
    return this.countedTo === ALL
  }

  /** One route more or less at `dest`, with this set and verdict. Hot. */
  count(dest: number, set: SetId, verdict: Verdict, by: 1 | -1): void {
    if (dest >= this.countedTo) return
    if (verdict !== 0) {
      this.withheld[reasonOf(verdict)]! += by
      return
    }
    const source = this.rib.sets.peer[set]!
    this.total += by
    if (source >= this.bySource.length) this.bySource = grownInt32(this.bySource, capacityFor(source, this.bySource.length))
    this.bySource[source]! += by
  }

  /** Counts up to `limit` destinations of those that were there before the group. Everything must be settled. */
  advance(verdicts: ExportVerdicts, limit: number): void {
    const { rib } = this
    const from = this.countedTo
    const to = Math.min(from + limit, rib.destinations.capacity)
    this.countedTo = to
    for (let dest = from; dest < to; dest++) {
      const set = rib.destinations.isLive(dest) ? rib.destinations.advertised[dest]! : NO_SET
      if (set !== NO_SET) this.count(dest, set, verdicts.settled(dest, set, rib.destinations.best[dest]!), 1)
    }
    if (to === rib.destinations.capacity) this.countedTo = ALL
  }
}
