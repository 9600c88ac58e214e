/** A set of unsigned numbers of 32 bits, as ranges that neither touch nor overlap. */
export interface Range {
  readonly from: number
  /** Included. */
  readonly to: number
}

export class NumberRanges {
  private readonly from: Uint32Array
  private readonly to: Uint32Array

  constructor(ranges: readonly Range[]) {
    const merged: { from: number; to: number }[] = []
    for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
      const last = merged.at(-1)
      if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to)
      else merged.push({ from, to })
    }
    this.from = Uint32Array.from(merged, ({ from }) => from)
    this.to = Uint32Array.from(merged, ({ to }) => to)
  }

  /** Hot: allocates nothing; as many steps as the number of ranges has bits. */
  has(value: number): boolean {
    let low = 0
    let high = this.from.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      if (value < this.from[middle]!) high = middle - 1
      else if (value > this.to[middle]!) low = middle + 1
      else return true
    }
    return false
  }
}
