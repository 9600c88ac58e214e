/**
 * The destinations: for each its key octets and, in columns by id, its paths, the best of them, and what was last advertised. Also which of them have changed and
 * wait to be settled, and which are gone but keep their id because some peer has still to be told (ghosts).
 */
import type { ByteKey } from '../bytes/byte-key.ts'
import { ByteTable } from '../bytes/byte-table.ts'
import { Growth, grownInt32, grownUint8 } from '../bytes/columns.ts'
import { u8 } from '../bytes/octets.ts'
import { routeClass } from '../wire/nlri/route-class.ts'
import { DirtyQueue } from './dirty-queue.ts'
import { NO_SET } from './verdict.ts'

const FIRST = 16
const NONE = -1
/** Octets of all columns of a destination. */
const COLUMN_OCTETS = 13
const SEGMENT_BITS = 10
/** Bits of `flags`. */
const DIRTY = 1
const GHOST = 2

export class Destinations {
  /** First row of the destination, or -1. */
  first = new Int32Array(FIRST)
  /** Row of the best path as of the last settling, or -1. */
  best = new Int32Array(FIRST)
  /** Set last advertised, or -1. */
  advertised = new Int32Array(FIRST)
  /** While above 0, destinations that lose their last path keep their id and key, for peers that have still to be told. */
  keepGhosts = 0
  private flags = new Uint8Array(FIRST)
  private readonly growth = new Growth(FIRST, [
    (capacity) => {
      this.first = grownInt32(this.first, capacity)
    },
    (capacity) => {
      this.best = grownInt32(this.best, capacity)
    },
    (capacity) => {
      this.advertised = grownInt32(this.advertised, capacity)
    },
    (capacity) => {
      this.flags = grownUint8(this.flags, capacity)
    },
  ])
  private readonly keys = new ByteTable(SEGMENT_BITS)
  private readonly dirty = new DirtyQueue()
  private readonly ghosts: number[] = []

  /** Destinations that have an id. */
  get size(): number {
    return this.keys.size
  }

  /** One more than the greatest id. */
  get capacity(): number {
    return this.keys.capacity
  }

  /** Octets held. */
  get memory(): number {
    return this.keys.memory + this.dirty.memory + this.first.length * COLUMN_OCTETS
  }

  /** The id of a key, -1 when it has none. */
  find(key: ByteKey): number {
    return this.keys.find(key)
  }

  /** The id of a key; one that had none has one now, and no paths. Hot. */
  open(key: ByteKey): number {
    const { keys } = this
    const dest = keys.upsert(key)
    if (!keys.inserted) return dest
    while (dest >= this.growth.due) this.growth.next()
    this.first[dest] = NONE
    this.best[dest] = NONE
    this.advertised[dest] = NO_SET
    this.flags[dest] = 0
    return dest
  }

  /** Whether a destination has paths: false for ids that are free or ghosts. */
  isLive(dest: number): boolean {
    return this.first[dest] !== NONE
  }

  /** Octets that hold the key of a destination: `length` of them, from `start` on. */
  octets(dest: number): Uint8Array {
    return this.keys.octets(dest)
  }

  start(dest: number): number {
    return this.keys.start(dest)
  }

  length(dest: number): number {
    return this.keys.length(dest)
  }

  /** First key octet: the EVPN route type. */
  typeOf(dest: number): number {
    return u8(this.keys.octets(dest), this.keys.start(dest))
  }

  /** Route class, see `wire/nlri/route-class.ts`. */
  classOf(dest: number): number {
    return routeClass(this.typeOf(dest), this.keys.length(dest))
  }

  /** Destinations that wait to be settled. */
  get unsettled(): number {
    return this.dirty.size
  }

  /** Makes a destination wait to be settled. */
  mark(dest: number): void {
    if (this.flags[dest]! & DIRTY) return
    this.flags[dest]! |= DIRTY
    this.dirty.push(dest)
  }

  /** Takes the destination that has waited longest to be settled. There must be one. */
  takeUnsettled(): number {
    const dest = this.dirty.take()
    this.flags[dest]! &= ~DIRTY
    return dest
  }

  /** Frees the id of a destination if it has no paths and does not wait to be settled. */
  letGo(dest: number): void {
    if (this.first[dest] !== NONE || (this.flags[dest]! & DIRTY) !== 0) return
    if (this.keepGhosts > 0) {
      if ((this.flags[dest]! & GHOST) === 0) this.ghosts.push(dest)
      this.flags[dest]! |= GHOST
      return
    }
    this.flags[dest] = 0
    this.keys.remove(dest)
  }

  /** Destinations that keep their id only for peers that have still to be told that they are gone; some may have come back. */
  get ghostCount(): number {
    return this.ghosts.length
  }

  /** Frees the ghosts, once nobody needs them any more (`keepGhosts` is 0). */
  dropGhosts(): void {
    for (const dest of this.ghosts) {
      this.flags[dest]! &= ~GHOST
      if (this.first[dest] === NONE && (this.flags[dest]! & DIRTY) === 0) this.keys.remove(dest)
    }
    this.ghosts.length = 0
  }
}
