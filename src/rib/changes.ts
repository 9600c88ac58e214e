import { grownInt32 } from '../bytes/columns.ts'

/**
 * A batch of destinations whose best path changed, as parallel columns: what was advertised before and what is best now. The sets named here and
 * the destinations stay alive until the RIB is told that the batch is done.
 */
export class Changes {
  count = 0
  /** Destination ids. */
  dest = new Int32Array(1024)
  /** Set advertised before, or -1. */
  before = new Int32Array(1024)
  /** Set of the best path now, or -1. */
  after = new Int32Array(1024)
  /** Row of the best path now, or -1. */
  row = new Int32Array(1024)

  clear(): void {
    this.count = 0
  }

  add(dest: number, before: number, after: number, row: number): void {
    const at = this.count++
    if (at === this.dest.length) {
      this.dest = grownInt32(this.dest, 2 * at)
      this.before = grownInt32(this.before, 2 * at)
      this.after = grownInt32(this.after, 2 * at)
      this.row = grownInt32(this.row, 2 * at)
    }
    this.dest[at] = dest
    this.before[at] = before
    this.after[at] = after
    this.row[at] = row
  }
}
