/**
 * Typed arrays that grow by doubling: the columns of tables whose rows are indices. A column that grows takes the memory of the old one with it: the old
 * array has no entries any more, and nothing is left for a garbage collection that may be far away.
 */

/** `column` with room for `capacity` entries, new ones zero. The column handed in must not be used any more. */
export function grownInt32(column: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  return new Int32Array(column.buffer.transfer(4 * capacity))
}

export function grownUint32(column: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(column.buffer.transfer(4 * capacity))
}

export function grownUint16(column: Uint16Array<ArrayBuffer>, capacity: number): Uint16Array<ArrayBuffer> {
  return new Uint16Array(column.buffer.transfer(2 * capacity))
}

export function grownUint8(column: Uint8Array<ArrayBuffer>, capacity: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(column.buffer.transfer(capacity))
}

export function grownFloat64(column: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  return new Float64Array(column.buffer.transfer(8 * capacity))
}

/** `capacity`, doubled until there is an entry `index`. */
export function capacityFor(index: number, capacity: number): number {
  let enough = capacity
  while (enough <= index) enough *= 2
  return enough
}

/** The part of a table's rows within which its columns grow, each in its turn. */
const SPREAD = 1 / 16

/**
 * Doubles the columns of a table one after the other, shortly before it is full: a million rows have ten columns, and to copy all of them before one
 * more row can be taken keeps everything else waiting for tens of milliseconds.
 */
export class Growth {
  /** The row for which a column must grow first: call `next` before it, and again while `due` is not above it. */
  due: number
  private capacity: number
  private turn = 0
  private readonly columns: readonly ((capacity: number) => void)[]

  /** `columns`: each gives one column, of `capacity` entries now, the capacity that it is called with. */
  constructor(capacity: number, columns: readonly ((capacity: number) => void)[]) {
    this.capacity = capacity
    this.columns = columns
    this.due = this.dueNow()
  }

  /** Grows the column whose turn it is. */
  next(): void {
    this.columns[this.turn]?.(2 * this.capacity)
    if (++this.turn === this.columns.length) {
      this.turn = 0
      this.capacity *= 2
    }
    this.due = this.dueNow()
  }

  /** The last column at the end of the capacity, the others in equal steps before. */
  private dueNow(): number {
    const { length } = this.columns
    return this.capacity - Math.floor(((length - 1 - this.turn) * this.capacity * SPREAD) / length)
  }
}
