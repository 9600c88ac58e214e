/** Numbers for paths, a peer's to a destination, so that what is known of some of them stands in columns. Key octets, big endian: destination (4) | peer (2). */
import { ByteKey, KEY_START } from '../../bytes/byte-key.ts'
import { ByteTable } from '../../bytes/byte-table.ts'
import { capacityFor, grownInt32, grownUint16 } from '../../bytes/columns.ts'
import { put16, put32 } from '../../bytes/octets.ts'

const FIRST = 64
const NOBODY = -1
/** A table of many grows a part at a time. */
const SEGMENT_BITS = 6

export class PathIds {
  private readonly table = new ByteTable(SEGMENT_BITS)
  private readonly key = new ByteKey(6)
  private dest = new Int32Array(FIRST)
  private peer = new Uint16Array(FIRST)

  get size(): number {
    return this.table.size
  }

  /** The number of a path; -1: it has none. Hot. */
  find(dest: number, peer: number): number {
    this.write(dest, peer)
    return this.table.find(this.key)
  }

  /** The number of a path, a new one if it has none. Hot. */
  add(dest: number, peer: number): number {
    this.write(dest, peer)
    const id = this.table.upsert(this.key)
    if (id >= this.dest.length) {
      const capacity = capacityFor(id, this.dest.length)
      this.dest = grownInt32(this.dest, capacity)
      this.peer = grownUint16(this.peer, capacity)
    }
    this.dest[id] = dest
    this.peer[id] = peer
    return id
  }

  /** The number means nothing any more, and may be given out again. Hot. */
  remove(id: number): void {
    this.table.remove(id)
    this.dest[id] = NOBODY
  }

  /** All numbers that mean something. */
  *[Symbol.iterator](): Iterator<number> {
    for (let id = 0; id < this.table.capacity; id++) if (this.dest[id] !== NOBODY) yield id
  }

  destOf(id: number): number {
    return this.dest[id]!
  }

  peerOf(id: number): number {
    return this.peer[id]!
  }

  private write(dest: number, peer: number): void {
    this.key.seal(put16(this.key.octets, put32(this.key.octets, KEY_START, dest), peer))
  }
}
