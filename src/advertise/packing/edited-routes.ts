/** Routes that export policy has changed: gathered with the set that policy has made of theirs, and packed by that set. */
import type { VniMap } from '../../policy/route-draft.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import { Changes } from '../../rib/changes.ts'
import type { SetId } from '../../rib/verdict.ts'
import type { Exporter } from '../exporter/exporter.ts'
import { Buckets } from './buckets.ts'
import type { UpdateWriter } from './update-writer.ts'

const NONE = -1

export class EditedRoutes {
  private readonly sets: AttributeSets
  private readonly batch = new Changes()
  private readonly buckets = new Buckets()
  private readonly vnis: (readonly VniMap[])[] = []
  private readonly write: (set: SetId, out: Uint8Array, at: number) => number
  private readonly writeEdited: (set: SetId, out: Uint8Array, at: number) => number

  constructor(sets: AttributeSets, exporter: Exporter) {
    this.sets = sets
    this.write = (set, out, at) => exporter.write(set, out, at)
    this.writeEdited = (set, out, at) => exporter.writeEdited(set, out, at)
  }

  /** Adds the path in `row`, of `set`, to be sent with the set `made` and with VNIs mapped. Holds `made`. */
  add(dest: number, row: number, set: SetId, made: SetId, vnis: readonly VniMap[]): void {
    this.sets.hold(made)
    this.vnis[this.batch.count] = vnis
    this.batch.add(dest, set, made, row)
  }

  /** Writes them all and forgets them. `bySource`: in segments by source. */
  flush(writer: UpdateWriter, bySource: boolean): void {
    const { batch, buckets, sets, vnis } = this
    if (batch.count === 0) return
    buckets.arrange(batch)
    for (let i = 0; i < buckets.count; ) {
      const first = buckets.order[i]!
      const made = batch.after[first]!
      const write = batch.before[first] === made ? this.write : this.writeEdited
      writer.openAnnouncements(bySource ? sets.peer[made]! : NONE, made, write)
      for (; i < buckets.count && batch.after[buckets.order[i]!] === made; i++) {
        const at = buckets.order[i]!
        writer.announce(batch.row[at]!, vnis[at]!)
      }
      writer.close()
    }
    for (let i = 0; i < batch.count; i++) sets.release(batch.after[i]!)
    batch.clear()
    vnis.length = 0
  }
}
