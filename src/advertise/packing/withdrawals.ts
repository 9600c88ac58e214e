import { capacityFor, grownInt32 } from '../../bytes/columns.ts'
import type { UpdateWriter } from './update-writer.ts'

const NONE = -1

/** Destinations of a batch that are to be withdrawn, by the source of the route that was advertised: the source itself is not told. */
export class Withdrawals {
  // Small, so that they have grown before what is hot is compiled.
  private head = new Int32Array(2).fill(NONE)
  private next = new Int32Array(64)
  private dest = new Int32Array(64)
  private count = 0
  private readonly sources: number[] = []

  add(source: number, dest: number): void {
    if (source >= this.head.length) this.growHead(source)
    if (this.count === this.dest.length) {
      this.dest = grownInt32(this.dest, 2 * this.count)
      this.next = grownInt32(this.next, 2 * this.count)
    }
    if (this.head[source] === NONE) this.sources.push(source)
    const at = this.count++
    this.dest[at] = dest
    this.next[at] = this.head[source]!
    this.head[source] = at
  }

  /** Writes them all and forgets them. */
  write(writer: UpdateWriter): void {
    for (const source of this.sources) {
      writer.openWithdrawals(source)
      for (let at = this.head[source]!; at !== NONE; at = this.next[at]!) writer.withdraw(this.dest[at]!)
      writer.close()
      this.head[source] = NONE
    }
    this.sources.length = 0
    this.count = 0
  }

  private growHead(source: number): void {
    const from = this.head.length
    this.head = grownInt32(this.head, capacityFor(source, from))
    this.head.fill(NONE, from)
  }
}
