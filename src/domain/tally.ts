import { ByteKey } from '../bytes/byte-key.ts'
import { ByteTable } from '../bytes/byte-table.ts'
import { grownInt32 } from '../bytes/columns.ts'

/** Counts how often something made of a few octets is there, and how many different things there are. */
export class Tally {
  /** Where the octets are put together, from `KEY_START` on. */
  readonly key = new ByteKey(64)
  private readonly table = new ByteTable()
  private counts = new Int32Array(1024)

  /** Adds one of the thing whose octets in `key` end before `end`. Returns whether it is the first. */
  add(end: number): boolean {
    this.key.seal(end)
    const id = this.table.upsert(this.key)
    if (id >= this.counts.length) this.counts = grownInt32(this.counts, 2 * id)
    if (this.table.inserted) this.counts[id] = 0
    return ++this.counts[id]! === 1
  }

  /** Takes one away. Returns whether it was the last. */
  remove(end: number): boolean {
    this.key.seal(end)
    const id = this.table.find(this.key)
    if (id < 0 || --this.counts[id]! > 0) return false
    this.table.remove(id)
    return true
  }
}
