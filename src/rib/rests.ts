import { ByteKey, KEY_START } from '../bytes/byte-key.ts'
import { ByteTable } from '../bytes/byte-table.ts'
import { grownInt32 } from '../bytes/columns.ts'
import { same } from '../bytes/octets.ts'
import type { NlriFamily } from '../wire/nlri/family.ts'

const FIRST = 1024
const NONE = -1

/** The octets of NLRI that are not key (ESI, labels, gateway), interned and counted: routes of one VN share them. */
export class Rests {
  readonly table = new ByteTable()
  private refs = new Int32Array(FIRST)
  private key = new ByteKey(512)
  /** The rest asked for last, sealed, and its id (-1: gone): the next route of an UPDATE usually has the same one. */
  private lastKey = new ByteKey(512)
  private last = NONE

  /** The id of the rest of an NLRI, held once more. Hot. */
  hold(family: NlriFamily, bytes: Uint8Array, at: number, size: number): number {
    const { key, lastKey, table } = this
    const end = family.restInto(bytes, at, size, key.octets, KEY_START)
    if (
      this.last !== NONE &&
      end - KEY_START === lastKey.length &&
      same(key.octets, KEY_START, lastKey.octets, KEY_START, lastKey.length)
    ) {
      this.refs[this.last]!++
      return this.last
    }
    key.seal(end)
    const rest = table.upsert(key)
    if (table.inserted) {
      if (rest >= this.refs.length) this.refs = grownInt32(this.refs, 2 * rest)
      this.refs[rest] = 0
    }
    this.refs[rest]!++
    this.lastKey = key
    this.key = lastKey
    this.last = rest
    return rest
  }

  release(rest: number): void {
    if (--this.refs[rest]! > 0) return
    this.table.remove(rest)
    if (rest === this.last) this.last = NONE
  }

  /** Different rests held. */
  get size(): number {
    return this.table.size
  }

  get memory(): number {
    return this.table.memory + this.refs.byteLength
  }
}
