/** Writes the present state of destinations, for members on a walk and members that catch up. */
import { Changes } from '../../rib/changes.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId } from '../../rib/verdict.ts'
import type { Exporter } from '../exporter/exporter.ts'
import { Buckets } from '../packing/buckets.ts'
import { EditedRoutes } from '../packing/edited-routes.ts'
import type { Piece, UpdateWriter } from '../packing/update-writer.ts'
import type { ExportVerdicts } from '../verdicts/export-verdicts.ts'

const NONE = -1

export class PresentState {
  /** What is to be written: filled by the caller, as `Rib.snapshot` does. */
  readonly batch = new Changes()
  private readonly buckets = new Buckets()
  private readonly rib: Rib
  private readonly verdicts: ExportVerdicts
  private readonly writeAttributes: (set: SetId, out: Uint8Array, at: number) => number
  private readonly edited: EditedRoutes

  constructor(rib: Rib, verdicts: ExportVerdicts, exporter: Exporter) {
    this.rib = rib
    this.verdicts = verdicts
    this.writeAttributes = (set, out, at) => exporter.write(set, out, at)
    this.edited = new EditedRoutes(rib.sets, exporter)
  }

  /** Writes what of the batch may be sent, and empties it. `bySource`: in segments by source, for several members; else in one segment. */
  write(writer: UpdateWriter, bySource: boolean): Piece[] {
    const { batch, buckets, verdicts } = this
    // Policy may make sets, and then columns grow: they are read anew each time.
    const { sets } = this.rib
    buckets.arrange(batch)
    for (let i = 0; i < buckets.count; ) {
      const set = batch.after[buckets.order[i]!]!
      if (verdicts.edits(set)) {
        i = this.gather(i, set)
        continue
      }
      const allowed = verdicts.allowSet(set)
      if (allowed) writer.openAnnouncements(bySource ? sets.peer[set]! : NONE, set, this.writeAttributes)
      for (; i < buckets.count && batch.after[buckets.order[i]!] === set; i++) {
        const at = buckets.order[i]!
        if (allowed && verdicts.ofRoute(batch.dest[at]!, set) === 0) writer.announce(batch.row[at]!)
      }
      if (allowed) writer.close()
    }
    batch.clear()
    this.edited.flush(writer, bySource)
    return writer.take()
  }

  /** Gathers the routes of `set`, from `from` on in the order of the buckets, that policy changes. Returns where the next set begins. */
  private gather(from: number, set: SetId): number {
    const { batch, buckets, verdicts, edited } = this
    const { policy } = verdicts
    let i = from
    for (; i < buckets.count && batch.after[buckets.order[i]!] === set; i++) {
      const at = buckets.order[i]!
      const dest = batch.dest[at]!
      const row = batch.row[at]!
      if (policy === null || verdicts.ofRoute(dest, set) !== 0) continue
      const made = policy.shape(set, row)
      edited.add(dest, row, set, made, policy.vnis)
    }
    policy?.forgetDraft()
    return i
  }

  /** Withdraws destinations from one member. */
  withdraw(writer: UpdateWriter, dests: readonly number[]): Piece[] {
    writer.openWithdrawals(NONE)
    for (const dest of dests) writer.withdraw(dest)
    writer.close()
    return writer.take()
  }
}
