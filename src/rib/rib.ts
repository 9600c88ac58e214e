/**
 * The RIB of one address family. `adj-rib-in.ts` learns the paths; here the best of each destination is found (Loc-RIB), with what the destination was last
 * advertised with, from which every Adj-RIB-Out follows by the export rules of its update group.
 */
import { MAC_IP } from '../wire/nlri/evpn/mac-ip.ts'
import type { NlriFamily } from '../wire/nlri/family.ts'
import { AdjRibIn } from './adj-rib-in.ts'
import type { AttributeSets } from './attribute-sets.ts'
import type { Changes } from './changes.ts'
import { Ranking } from './ranking.ts'
import { CHANGED } from './rows.ts'
import { NO_SET } from './verdict.ts'

const NONE = -1

export class Rib extends AdjRibIn {
  private readonly ranking: Ranking
  private bestTotal = 0

  constructor(family: NlriFamily, sets: AttributeSets) {
    super(family, sets)
    this.ranking = new Ranking(this.rows, sets, this.peers)
  }

  /** Destinations with a best path, as of the last settling. */
  get best(): number {
    return this.bestTotal
  }

  /**
   * Runs the decision process for up to `limit` destinations that changed and appends to `changes` those that must be advertised anew. Call
   * `finish` with the batch when it has been written.
   */
  settle(changes: Changes, limit: number): void {
    const { sets, rows, destinations } = this
    while (destinations.unsettled > 0 && changes.count < limit) {
      const dest = destinations.takeUnsettled()
      const before = destinations.advertised[dest]!
      const row = this.decide(dest)
      const after = row === NONE ? NO_SET : rows.used[row]!
      const changed = row !== NONE && (rows.flags[row]! & CHANGED) !== 0
      const same = after === before && !changed
      if (row !== NONE) rows.flags[row]! &= ~CHANGED
      if ((destinations.best[dest] === NONE) !== (row === NONE)) this.bestTotal += row === NONE ? -1 : 1
      destinations.best[dest] = row
      if (same) {
        destinations.letGo(dest)
        continue
      }
      if (after !== NO_SET) sets.hold(after)
      destinations.advertised[dest] = after
      if (sets.marks && before !== after && before !== NO_SET && after !== NO_SET && !changed && sets.sameButMark(before, after)) {
        // Rate classes are for limits here: nobody is told that one has changed.
        sets.release(before)
        continue
      }
      changes.add(dest, before, after, row)
    }
  }

  /** Releases what a batch kept alive, once it has been written. */
  finish(changes: Changes): void {
    for (let i = 0; i < changes.count; i++) {
      const before = changes.before[i]!
      if (before >= 0) this.sets.release(before)
      this.destinations.letGo(changes.dest[i]!)
    }
    changes.clear()
  }

  /**
   * Appends to `changes` the current state of destinations from id `from` on, at most `limit` of them, as if each had just become known, for
   * somebody who knows none of it. Returns the id to go on with, or -1 at the end. Everything must be settled. Do not `finish` the batch.
   */
  snapshot(changes: Changes, from: number, limit: number): number {
    const { destinations } = this
    const end = destinations.capacity
    for (let dest = from; dest < end; dest++) {
      if (changes.count === limit) return dest
      const set = destinations.isLive(dest) ? destinations.advertised[dest]! : NO_SET
      if (set !== NO_SET) changes.add(dest, NO_SET, set, destinations.best[dest]!)
    }
    return NONE
  }

  /** Writes an NLRI that withdraws a destination at `to`; returns the offset behind. Hot. */
  writeWithdrawn(dest: number, out: Uint8Array, to: number): number {
    const { destinations } = this
    return this.family.joinWithdrawn(destinations.octets(dest), destinations.start(dest), destinations.length(dest), out, to)
  }

  /** The best row of a destination, or -1, by the decision process. Hot. */
  decide(dest: number): number {
    const first = this.destinations.first[dest]!
    if (first === NONE) return NONE
    if (this.rows.next[first] === NONE) return this.rows.used[first]! >= 0 ? first : NONE
    return this.ranking.best(first, this.destinations.typeOf(dest) === MAC_IP)
  }
}
