/**
 * The mapping table of what crosses through gateways: under each key (what will be one route outside) the destinations of the RIB that stand behind
 * it: several by multihoming, several reflectors, a move in progress. Keys and links are columns; a destination may stand under several keys (a VN
 * shared with two domains, a route of two VNs).
 */
import { ByteKey } from '../../bytes/byte-key.ts'
import { ByteTable } from '../../bytes/byte-table.ts'
import { grownInt32, grownUint8, grownUint32 } from '../../bytes/columns.ts'
import { DirtyQueue } from '../../rib/dirty-queue.ts'

const FIRST = 256
/** No link, no entry. Links are counted from 1, so that new columns say so by themselves. */
const NONE = 0
/** Bits of `state`. */
const DIRTY = 1
const TOLD = 2
/** Dirty, and only because something else has changed. */
const ECHO = 4

export class MappingTable {
  /** Where a key is put together, from `KEY_START` on. */
  readonly key = new ByteKey(64)
  /** Keys to entry ids. */
  readonly keys = new ByteTable()
  private firstLink = new Int32Array(FIRST)
  private state = new Uint8Array(FIRST)
  /** MAC mobility sequence that is told. */
  private sequence = new Uint32Array(FIRST)
  private linkDest = new Int32Array(FIRST)
  private linkEntry = new Int32Array(FIRST)
  private linkNext = new Int32Array(FIRST)
  private linkPrevious = new Int32Array(FIRST)
  /** Next link of the same destination; of free links the next free one. */
  private linkSibling = new Int32Array(FIRST)
  private linkOfDest = new Int32Array(FIRST)
  private freeLink = NONE
  private topLink = 1
  private readonly dirty = new DirtyQueue()

  /** Entries waiting for `takeDirty`. */
  get waiting(): number {
    return this.dirty.size
  }

  /** Puts a destination under the key whose octets end before `end`. */
  link(dest: number, end: number): void {
    this.key.seal(end)
    const entry = this.keys.upsert(this.key)
    if (this.keys.inserted) this.open(entry)
    const link = this.newLink()
    const next = this.firstLink[entry]!
    this.linkDest[link] = dest
    this.linkEntry[link] = entry
    this.linkNext[link] = next
    this.linkPrevious[link] = NONE
    if (next !== NONE) this.linkPrevious[next] = link
    this.firstLink[entry] = link
    if (dest >= this.linkOfDest.length) this.linkOfDest = grownInt32(this.linkOfDest, 2 * dest)
    this.linkSibling[link] = this.linkOfDest[dest]!
    this.linkOfDest[dest] = link
    this.mark(entry)
  }

  /** The entry of the key whose octets end before `end`, or -1. */
  find(end: number): number {
    this.key.seal(end)
    return this.keys.find(this.key)
  }

  /** Takes a destination out from under all its keys. */
  unlink(dest: number): void {
    if (dest >= this.linkOfDest.length) return
    let link = this.linkOfDest[dest]!
    this.linkOfDest[dest] = NONE
    while (link !== NONE) {
      const sibling = this.linkSibling[link]!
      const entry = this.linkEntry[link]!
      const next = this.linkNext[link]!
      const previous = this.linkPrevious[link]!
      if (next !== NONE) this.linkPrevious[next] = previous
      if (previous !== NONE) this.linkNext[previous] = next
      else this.firstLink[entry] = next
      this.linkSibling[link] = this.freeLink
      this.freeLink = link
      this.mark(entry)
      link = sibling
    }
  }

  /** Marks an entry that has changed, to be looked at. */
  mark(entry: number): void {
    this.state[entry]! &= ~ECHO
    if (this.state[entry]! & DIRTY) return
    this.state[entry]! |= DIRTY
    this.dirty.push(entry)
  }

  /** Marks an entry to be looked at although it has not changed itself: `echo` is true when it is taken. */
  markEcho(entry: number): void {
    if (this.state[entry]! & DIRTY) return
    this.state[entry]! |= DIRTY | ECHO
    this.dirty.push(entry)
  }

  /** Whether the entry taken last was marked by `markEcho` alone. */
  echo = false

  /** An entry that has changed. Ask only when some are `waiting`. */
  takeDirty(): number {
    const entry = this.dirty.take()
    this.echo = (this.state[entry]! & ECHO) !== 0
    this.state[entry]! &= ~(DIRTY | ECHO)
    return entry
  }

  /** Whether a route is told for the entry; `told` and `untold` say so. */
  isTold(entry: number): boolean {
    return (this.state[entry]! & TOLD) !== 0
  }

  /** The MAC mobility sequence that is told for the entry; 0 when it is told without one, -1 when nothing is told. */
  toldSequence(entry: number): number {
    return this.isTold(entry) ? this.sequence[entry]! : -1
  }

  /** `sequence`: of MAC mobility, as it is told. */
  told(entry: number, sequence: number): void {
    this.state[entry]! |= TOLD
    this.sequence[entry] = sequence
  }

  untold(entry: number): void {
    this.state[entry]! &= ~TOLD
  }

  /** First link under an entry, 0: none; go on with `next`. */
  first(entry: number): number {
    return this.firstLink[entry]!
  }

  next(link: number): number {
    return this.linkNext[link]!
  }

  destOf(link: number): number {
    return this.linkDest[link]!
  }

  /** Whether the id names an entry with destinations. */
  isLive(entry: number): boolean {
    return entry >= 0 && entry < this.firstLink.length && this.firstLink[entry] !== NONE
  }

  /** Lets an entry go that has no destination and is told no more. */
  drop(entry: number): void {
    this.keys.remove(entry)
  }

  private open(entry: number): void {
    if (entry >= this.firstLink.length) {
      this.firstLink = grownInt32(this.firstLink, 2 * entry)
      this.state = grownUint8(this.state, 2 * entry)
      this.sequence = grownUint32(this.sequence, 2 * entry)
    }
    this.firstLink[entry] = NONE
    this.state[entry] = 0
  }

  private newLink(): number {
    if (this.freeLink !== NONE) {
      const link = this.freeLink
      this.freeLink = this.linkSibling[link]!
      return link
    }
    if (this.topLink === this.linkDest.length) {
      const capacity = 2 * this.topLink
      this.linkDest = grownInt32(this.linkDest, capacity)
      this.linkEntry = grownInt32(this.linkEntry, capacity)
      this.linkNext = grownInt32(this.linkNext, capacity)
      this.linkPrevious = grownInt32(this.linkPrevious, capacity)
      this.linkSibling = grownInt32(this.linkSibling, capacity)
    }
    return this.topLink++
  }
}
