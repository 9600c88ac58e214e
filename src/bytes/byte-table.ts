import { Arena, chunkOf, wordOf } from './arena.ts'
import { type ByteKey, finished, GROUP_WORDS, KEY_START, mixed } from './byte-key.ts'
import { grownInt32 } from './columns.ts'

const NONE = -1

/** Slots of the whole table to begin with. */
const FIRST_SLOTS = 1024
const LEAST_SLOTS = 8
/** Not a power of two, as the capacities of the columns that callers keep by id are: not everything has to grow at one entry. */
const FIRST_ADDRESSES = 20

/**
 * Octet strings to small numbers (ids) and back: open addressing over `Int32Array`s of `[hash, id + 1]` pairs, keys in an arena.
 * Ids are dense and given out again after `remove`, so that callers keep their data in columns indexed by id.
 *
 * The index is cut into segments by the first words of the key, and each grows by itself. Keys that begin alike (routes of one RD) come together and
 * lie in one segment, which then is in the cache; and no growth has to move a million entries at once.
 */
export class ByteTable {
  /** Whether the last `upsert` made a new entry. */
  inserted = false
  private readonly arena = new Arena()
  private readonly segments: Int32Array[] = []
  /** Entries in each segment. */
  private readonly filled: Int32Array
  /** `group >>> shift` is the segment. */
  private readonly shift: number
  /** Slots of a segment that is empty. */
  private readonly leastSlots: number
  private indexWords = 0
  private address = new Int32Array(FIRST_ADDRESSES)
  private freeId = NONE
  private top = 0
  private count = 0

  /** `segmentBits`: 2 to this power segments, 0..16. For tables of a million keys 10. */
  constructor(segmentBits = 0) {
    const count = 1 << segmentBits
    // A shift of 32 is one of 0 in this language: one segment shifts twice (see `segmentOf`).
    this.shift = 31 - segmentBits
    this.filled = new Int32Array(count)
    const slots = Math.max(LEAST_SLOTS, FIRST_SLOTS >>> segmentBits)
    this.leastSlots = slots
    for (let i = 0; i < count; i++) this.segments.push(new Int32Array(2 * slots))
    this.indexWords = 2 * slots * count
  }

  /** Entries held. */
  get size(): number {
    return this.count
  }

  /** One more than the greatest id ever given out: the size that columns must have. */
  get capacity(): number {
    return this.top
  }

  /** The id of a sealed key, or -1. Hot. */
  find(key: ByteKey): number {
    const { hash } = key
    const index = this.segments[this.segmentOf(key.group)]!
    const mask = (index.length >>> 1) - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = index[2 * slot + 1]!
      if (entry === 0) return NONE
      if (index[2 * slot] === hash && this.equals(entry - 1, key)) return entry - 1
    }
  }

  /** The id of a sealed key, made when it is not there; `inserted` tells which. Hot: allocates only when the table grows. */
  upsert(key: ByteKey): number {
    const { hash } = key
    const segment = this.segmentOf(key.group)
    const index = this.segments[segment]!
    const mask = (index.length >>> 1) - 1
    let slot = hash & mask
    for (; ; slot = (slot + 1) & mask) {
      const entry = index[2 * slot + 1]!
      if (entry === 0) break
      if (index[2 * slot] === hash && this.equals(entry - 1, key)) {
        this.inserted = false
        return entry - 1
      }
    }
    this.inserted = true
    const id = this.newId()
    const at = this.arena.allocate(key.size)
    this.address[id] = at
    const words = this.arena.words[chunkOf(at)]!
    const from = wordOf(at)
    for (let i = 0; i < key.size; i++) words[from + i] = key.words[i]!
    index[2 * slot] = hash
    index[2 * slot + 1] = id + 1
    this.count++
    if (++this.filled[segment]! * 4 > (mask + 1) * 3) this.resize(segment, 2 * (mask + 1))
    return id
  }

  /** Takes an entry out; its id may be given out again at once. */
  remove(id: number): void {
    const at = this.address[id]!
    const words = this.arena.words[chunkOf(at)]!
    const from = wordOf(at)
    const size = sizeOf(words[from]!)
    const first = size < GROUP_WORDS ? size : GROUP_WORDS
    const group = mixed(size, words, from, from + first)
    const segment = this.segmentOf(finished(group))
    const index = this.segments[segment]!
    const mask = (index.length >>> 1) - 1
    let slot = finished(mixed(group, words, from + first, from + size)) & mask
    while (index[2 * slot + 1] !== id + 1) slot = (slot + 1) & mask
    // Close the gap: an entry further on moves into it unless its home slot lies behind the gap.
    let gap = slot
    for (let next = (gap + 1) & mask; index[2 * next + 1] !== 0; next = (next + 1) & mask) {
      const home = index[2 * next]! & mask
      if (((next - home) & mask) < ((next - gap) & mask)) continue
      index[2 * gap] = index[2 * next]!
      index[2 * gap + 1] = index[2 * next + 1]!
      gap = next
    }
    index[2 * gap] = 0
    index[2 * gap + 1] = 0
    this.arena.release(at, size)
    this.address[id] = this.freeId
    this.freeId = -2 - id
    this.count--
    // Keys that come and go under ever new beginnings would leave every segment at its widest.
    if (--this.filled[segment]! * 8 < mask && mask >= this.leastSlots) this.resize(segment, (mask + 1) / 2)
  }

  /** Octets memory that holds the key of `id`; valid until the next `upsert` or `remove`. */
  octets(id: number): Uint8Array {
    return this.arena.octets[chunkOf(this.address[id]!)]!
  }

  /** Where in `octets(id)` the key starts. */
  start(id: number): number {
    return wordOf(this.address[id]!) * 4 + KEY_START
  }

  /** Octets of the key. */
  length(id: number): number {
    const octets = this.octets(id)
    const at = wordOf(this.address[id]!) * 4
    return octets[at]! | (octets[at + 1]! << 8)
  }

  /** Octets held by keys and index. */
  get memory(): number {
    return this.arena.memory.held + 4 * this.indexWords + this.address.byteLength
  }

  private equals(id: number, key: ByteKey): boolean {
    const at = this.address[id]!
    const words = this.arena.words[chunkOf(at)]!
    const from = wordOf(at)
    const mine = key.words
    for (let i = 0; i < key.size; i++) if (words[from + i] !== mine[i]) return false
    return true
  }

  private segmentOf(group: number): number {
    return (group >>> 1) >>> this.shift
  }

  private newId(): number {
    if (this.freeId !== NONE) {
      const id = -2 - this.freeId
      this.freeId = this.address[id]!
      return id
    }
    if (this.top === this.address.length) this.address = grownInt32(this.address, 2 * this.top)
    return this.top++
  }

  /** Moves a segment to an index of `slots`. */
  private resize(segment: number, slots: number): void {
    const old = this.segments[segment]!
    const index = new Int32Array(2 * slots)
    const mask = slots - 1
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue
      let slot = old[from]! & mask
      while (index[2 * slot + 1] !== 0) slot = (slot + 1) & mask
      index[2 * slot] = old[from]!
      index[2 * slot + 1] = old[from + 1]!
    }
    this.segments[segment] = index
    this.indexWords += index.length - old.length
  }
}

/** Words of a key from its first word: the length stands in its low 16 bits on the little-endian machines Node runs on. */
function sizeOf(firstWord: number): number {
  return ((firstWord & 0xffff) + KEY_START + 3) >>> 2
}
