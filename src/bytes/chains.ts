import { capacityFor, grownInt32, grownUint16 } from './columns.ts'

const NONE = -1
/** In the column of lists: a row is on none. */
const NOWHERE = 0
const FIRST = 64

/**
 * Lists of rows as chains through columns: a row stands on one list or on none, is put at the end of it, and taken out wherever it stands, at once and
 * without an object. Lists are small numbers, 0..65534.
 */
export class Chains {
  private before = new Int32Array(FIRST)
  private behind = new Int32Array(FIRST)
  /** One more than the list. */
  private on = new Uint16Array(FIRST)
  /** By list. */
  private readonly first: number[] = []
  private readonly last: number[] = []
  private readonly sizes: number[] = []

  /** The list of a row, or -1. Hot. */
  listOf(row: number): number {
    return row < this.on.length ? this.on[row]! - 1 : NONE
  }

  /** Rows on a list. */
  sizeOf(list: number): number {
    return this.sizes[list] ?? 0
  }

  /** The row that stands longest on a list, or -1. */
  firstOf(list: number): number {
    return this.first[list] ?? NONE
  }

  /** Puts a row that is on no list at the end of one. Hot. */
  append(row: number, list: number): void {
    if (row >= this.on.length) this.grow(row)
    while (this.first.length <= list) this.begin()
    const last = this.last[list]!
    this.on[row] = list + 1
    this.before[row] = last
    this.behind[row] = NONE
    if (last === NONE) this.first[list] = row
    else this.behind[last] = row
    this.last[list] = row
    this.sizes[list]!++
  }

  /** Takes a row from its list; on none it stays so. Hot. */
  remove(row: number): void {
    const list = this.listOf(row)
    if (list === NONE) return
    const before = this.before[row]!
    const behind = this.behind[row]!
    if (before === NONE) this.first[list] = behind
    else this.behind[before] = behind
    if (behind === NONE) this.last[list] = before
    else this.before[behind] = before
    this.on[row] = NOWHERE
    this.sizes[list]!--
  }

  /** No row is on any list. */
  clear(): void {
    this.on.fill(NOWHERE)
    this.first.fill(NONE)
    this.last.fill(NONE)
    this.sizes.fill(0)
  }

  private begin(): void {
    this.first.push(NONE)
    this.last.push(NONE)
    this.sizes.push(0)
  }

  private grow(row: number): void {
    const capacity = capacityFor(row, this.on.length)
    this.before = grownInt32(this.before, capacity)
    this.behind = grownInt32(this.behind, capacity)
    this.on = grownUint16(this.on, capacity)
  }
}
