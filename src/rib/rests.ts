import { ByteKey, KEY_START } from '../bytes/byte-key.ts'
import { ByteTable } from '../bytes/byte-table.ts'
import { grownInt32 } from '../bytes/columns.ts'
import type { NlriFamily } from '../wire/nlri/family.ts'

const FIRST = 1024

/** The octets of NLRI that are not key (ESI, labels, gateway), interned and counted: routes of one VN share them. */
export class Rests {
  readonly table = new ByteTable()
  private refs = new Int32Array(FIRST)
  private readonly key = new ByteKey(512)

  /** The id of the rest of an NLRI, held once more. Hot. */
  hold(family: NlriFamily, bytes: Uint8Array, at: number, size: number): number {
    const { key, table } = this
    key.seal(family.restInto(bytes, at, size, key.octets, KEY_START))
    const rest = table.upsert(key)
    if (table.inserted) {
      if (rest >= this.refs.length) this.refs = grownInt32(this.refs, 2 * rest)
      this.refs[rest] = 0
    }
    this.refs[rest]!++
    return rest
  }

  release(rest: number): void {
    if (--this.refs[rest]! === 0) this.table.remove(rest)
  }

  /** Different rests held. */
  get size(): number {
    return this.table.size
  }

  get memory(): number {
    return this.table.memory + this.refs.byteLength
  }
}
