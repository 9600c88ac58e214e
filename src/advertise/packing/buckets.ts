import { capacityFor, grownInt32 } from '../../bytes/columns.ts'
import type { Changes } from '../../rib/changes.ts'

const NONE = -1

/** Orders a batch of changes so that those with the same set stand together, sets in the order they first come: packing without sorting. */
export class Buckets {
  /** Indices into the batch, bucket after bucket; only changes with a best path. */
  order = new Int32Array(1024)
  count = 0
  /** Indices of changes whose best path is gone. */
  gone = new Int32Array(1024)
  goneCount = 0
  private head = new Int32Array(1024).fill(NONE)
  private next = new Int32Array(1024)
  private touched = new Int32Array(1024)

  arrange(changes: Changes): void {
    const total = changes.count
    if (total > this.order.length) {
      this.order = grownInt32(this.order, changes.dest.length)
      this.gone = grownInt32(this.gone, changes.dest.length)
      this.next = grownInt32(this.next, changes.dest.length)
      this.touched = grownInt32(this.touched, changes.dest.length)
    }
    const { next, touched } = this
    let sets = 0
    this.goneCount = 0
    // Backwards, so that each bucket's list comes out in the order of the batch.
    for (let i = total - 1; i >= 0; i--) {
      const set = changes.after[i]!
      if (set < 0) {
        this.gone[this.goneCount++] = i
        continue
      }
      if (set >= this.head.length) this.growHead(set)
      if (this.head[set] === NONE) touched[sets++] = set
      next[i] = this.head[set]!
      this.head[set] = i
    }
    let count = 0
    while (sets > 0) {
      const set = touched[--sets]!
      for (let i = this.head[set]!; i !== NONE; i = next[i]!) this.order[count++] = i
      this.head[set] = NONE
    }
    this.count = count
  }

  private growHead(set: number): void {
    const from = this.head.length
    this.head = grownInt32(this.head, capacityFor(set, from))
    this.head.fill(NONE, from)
  }
}
