import { grownInt32 } from '../bytes/columns.ts'

/** Destinations to settle, first come, first served. The caller sees to it that each is in it once. */
export class DirtyQueue {
  private column = new Int32Array(1024)
  private head = 0
  private top = 0

  get size(): number {
    return this.top - this.head
  }

  push(dest: number): void {
    if (this.top === this.column.length) this.makeRoom()
    this.column[this.top++] = dest
  }

  /** Takes the destination that has waited longest. There must be one. */
  take(): number {
    const dest = this.column[this.head++]!
    if (this.head === this.top) {
      this.head = 0
      this.top = 0
    }
    return dest
  }

  get memory(): number {
    return this.column.byteLength
  }

  private makeRoom(): void {
    if (this.head > this.top / 2) {
      this.column.copyWithin(0, this.head, this.top)
      this.top -= this.head
      this.head = 0
    } else this.column = grownInt32(this.column, 2 * this.top)
  }
}
