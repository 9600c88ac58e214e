import { Growth, grownInt32, grownUint8 } from '../bytes/columns.ts'
import type { AttributeSets } from './attribute-sets.ts'
import type { SetId } from './verdict.ts'

const FIRST = 16
const NONE = -1
/** Bit of `flags`: the path is new or another since its destination was last settled. */
export const CHANGED = 1
/** Bit of `flags`: the peer is lost, and has not sent the path again since. */
export const STALE = 2
/** Bit of `flags`: its peer is telling all it has again (RFC 7313), and has not come to this one. */
export const UNHEARD = 4

/** The paths, as columns: a path is a row. Rows of one destination and rows of one attribute set are lists through the columns. */
export class Rows {
  /** Destination id. */
  dest = new Int32Array(FIRST)
  /** Attribute set it came with. */
  set = new Int32Array(FIRST)
  /** Attribute set it is used with after import policy, or the refusing verdict. */
  used = new Int32Array(FIRST)
  /** NLRI octets that are not key, see `Rests`. */
  rest = new Int32Array(FIRST)
  /** The rest as the peer sent it, where import has made another one of it (VNIs); -1: it is `rest`. null: so far import has done so for no row. */
  private received: Int32Array<ArrayBuffer> | null = null
  /** Next row of the destination, or -1. */
  next = new Int32Array(FIRST)
  /** When the path came or last changed, in seconds on the clock of `Rib.nowSeconds`. */
  since = new Int32Array(FIRST)
  flags = new Uint8Array(FIRST)
  /** The row that somebody who walks along those of an attribute set comes to next, some at a time; -1: nobody walks. A row that leaves the list is not the next one any more. */
  walked = NONE
  private setNext = new Int32Array(FIRST)
  private setPrevious = new Int32Array(FIRST)
  private top = 0
  private free = NONE
  private total = 0
  private readonly growth = new Growth(FIRST, [
    (capacity) => {
      this.dest = grownInt32(this.dest, capacity)
    },
    (capacity) => {
      this.set = grownInt32(this.set, capacity)
    },
    (capacity) => {
      this.used = grownInt32(this.used, capacity)
    },
    (capacity) => {
      this.rest = grownInt32(this.rest, capacity)
    },
    (capacity) => {
      this.next = grownInt32(this.next, capacity)
    },
    (capacity) => {
      this.since = grownInt32(this.since, capacity)
    },
    (capacity) => {
      this.setNext = grownInt32(this.setNext, capacity)
    },
    (capacity) => {
      this.setPrevious = grownInt32(this.setPrevious, capacity)
    },
    (capacity) => {
      this.flags = grownUint8(this.flags, capacity)
    },
    (capacity) => {
      if (this.received === null) return
      const from = this.received.length
      this.received = grownInt32(this.received, capacity)
      this.received.fill(NONE, from)
    },
  ])

  /** Rows in use. */
  get size(): number {
    return this.total
  }

  get memory(): number {
    return 8 * this.dest.byteLength + this.flags.byteLength + (this.received?.byteLength ?? 0)
  }

  /** Takes a free row; its columns hold anything. */
  take(): number {
    this.total++
    if (this.free !== NONE) {
      const row = this.free
      this.free = this.next[row]!
      return row
    }
    while (this.top >= this.growth.due) this.growth.next()
    return this.top++
  }

  /** Frees a row, which must be in no list any more. */
  release(row: number): void {
    this.next[row] = this.free
    this.free = row
    this.total--
  }

  /** The rest as the peer sent it. */
  receivedRest(row: number): number {
    const other = this.otherRest(row)
    return other === NONE ? this.rest[row]! : other
  }

  /** The rest as the peer sent it where import has made another one of it, else -1. */
  otherRest(row: number): number {
    return this.received === null ? NONE : this.received[row]!
  }

  /** Notes the rest as the peer sent it; -1: it is `rest`. */
  setOtherRest(row: number, rest: number): void {
    if (this.received === null) {
      if (rest === NONE) return
      this.received = new Int32Array(this.dest.length).fill(NONE)
    }
    this.received[row] = rest
  }

  /** Puts a row in front of the list of its attribute set. Hot. */
  link(row: number, set: SetId, { head }: AttributeSets): void {
    const next = head[set]!
    this.setNext[row] = next
    this.setPrevious[row] = NONE
    if (next !== NONE) this.setPrevious[next] = row
    head[set] = row
  }

  /** Takes a row out of the list of its attribute set. Hot. */
  unlink(row: number, set: SetId, { head }: AttributeSets): void {
    const next = this.setNext[row]!
    const previous = this.setPrevious[row]!
    if (row === this.walked) this.walked = next
    if (next !== NONE) this.setPrevious[next] = previous
    if (previous !== NONE) this.setNext[previous] = next
    else head[set] = next
  }

  /** Next row of the list of its attribute set, or -1. */
  nextOfSet(row: number): number {
    return this.setNext[row]!
  }
}
