/**
 * Interned, immutable attribute sets. A set belongs to the peer it came from and holds the next hop and every path attribute but MP_REACH_NLRI
 * and MP_UNREACH_NLRI, canonical: ascending type codes, shortest lengths, 4-octet AS numbers. Key octets in the table:
 *
 *     peer id (2, little endian) | next hop length (1), bit 7: derived, bit 6: marked | next hop | path attributes | rate class (1), if marked
 *
 * A set that import policy made (`derive`) is never the same as one that came from the peer, whatever its octets: a set that came is judged for
 * itself, and sets can hold what is derived from them without ever holding each other.
 * What the decision process asks is read once, when the set is made. Sets are counted: a set lives while a path, an advertised destination or a
 * set derived from it (by import policy) needs it.
 */
import { ByteKey, KEY_START, MAX_KEY } from '../bytes/byte-key.ts'
import { ByteTable } from '../bytes/byte-table.ts'
import { Growth, grownInt32, grownUint8, grownUint16 } from '../bytes/columns.ts'
import { copy, put8, same, u8 } from '../bytes/octets.ts'
import { DecisionFacts, FACT_OCTETS, FIRST } from './decision-facts.ts'
import { NO_SET, type SetId, type Verdict } from './verdict.ts'

/** Next hop and canonical path attributes, somewhere in memory. */
export interface SetOctets {
  readonly bytes: Uint8Array
  readonly nextHopAt: number
  readonly nextHopLength: number
  readonly from: number
  readonly to: number
  /** Where they stand in the octets of a key as that of a set does, with room for what is before and behind them: it may be written there. null or nothing: not so. */
  readonly key?: ByteKey | null
  /** Rate class with which policy has marked it, 1..255; 0 or nothing: none. It is no attribute, and nobody is told of it. */
  readonly rateClass?: number
}

/** Octets of all columns of a set but the facts. */
const COLUMN_OCTETS = 27
const NONE = -1
/** Bits of the next hop length octet, and the length in it. */
const DERIVED = 0x80
const MARKED = 0x40
const LENGTH = 0x3f

export class AttributeSets extends DecisionFacts {
  /** Called for every new set before it is used, so that what is cached by set id is forgotten. */
  readonly onMade: ((set: SetId) => void)[] = []
  /** Called for every set that nobody needs any more, while its octets still stand. */
  readonly onGone: ((set: SetId) => void)[] = []
  /** Whether any set has ever been marked with a rate class. */
  marks = false
  readonly table = new ByteTable()
  peer = new Uint16Array(FIRST)
  refs = new Int32Array(FIRST)
  /** First path row of the set in the Adj-RIB-In, or -1; the list runs through the RIB's columns. */
  head = new Int32Array(FIRST)
  /** Import verdict: the set as the Loc-RIB uses it, or the refusal; `NO_SET` until judged. */
  imported = new Int32Array(FIRST)
  /** Which rules `imported` was judged by: the judge numbers them. */
  judgedBy = new Int32Array(FIRST)
  /** 1: `imported` is only what import begins with, and every route of the set is judged by itself. */
  judgedByRoute = new Uint8Array(FIRST)
  private previous = new Int32Array(FIRST)
  private next = new Int32Array(FIRST)
  private readonly growth = new Growth(FIRST, [
    (capacity) => {
      this.peer = grownUint16(this.peer, capacity)
    },
    (capacity) => {
      this.refs = grownInt32(this.refs, capacity)
    },
    (capacity) => {
      this.head = grownInt32(this.head, capacity)
    },
    (capacity) => {
      this.imported = grownInt32(this.imported, capacity)
    },
    (capacity) => {
      this.judgedBy = grownInt32(this.judgedBy, capacity)
    },
    (capacity) => {
      this.judgedByRoute = grownUint8(this.judgedByRoute, capacity)
    },
    ...this.factColumns,
    (capacity) => {
      this.previous = grownInt32(this.previous, capacity)
    },
    (capacity) => {
      this.next = grownInt32(this.next, capacity)
    },
  ])
  private readonly firstOfPeer: number[] = []
  /** Twice the longest message: a rewrite may lengthen. */
  private readonly scratch = new ByteKey(2 * 65535)

  /** The id of the set whose key is sealed in `key`; made with no references when new. `table.inserted` tells which. */
  intern(key: ByteKey): SetId {
    const set = this.table.upsert(key)
    if (!this.table.inserted) return set
    while (set >= this.growth.due) this.growth.next()
    const peer = u8(key.octets, KEY_START) | (u8(key.octets, KEY_START + 1) << 8)
    this.peer[set] = peer
    this.refs[set] = 0
    this.head[set] = NONE
    this.imported[set] = NO_SET
    this.judgedByRoute[set] = 0
    while (this.firstOfPeer.length <= peer) this.firstOfPeer.push(NONE)
    const first = this.firstOfPeer[peer]!
    this.next[set] = first
    this.previous[set] = NONE
    if (first !== NONE) this.previous[first] = set
    this.firstOfPeer[peer] = set
    this.readFacts(set, this.octets(set), this.attributesAt(set), this.attributesEnd(set))
    for (const made of this.onMade) made(set)
    return set
  }

  /**
   * The set of the same peer and next hop with attributes that `write` makes of the old ones: `set` itself when they are the same, `NO_SET` when
   * they have become too many octets. Not held.
   */
  derive(set: SetId, write: (bytes: Uint8Array, from: number, to: number, out: Uint8Array, at: number) => number): SetId {
    const { octets } = this.scratch
    const attributesAt = this.attributesAt(set)
    const bytes = this.octets(set)
    const attributesEnd = this.attributesEnd(set)
    const at = copy(bytes, this.table.start(set), attributesAt, octets, KEY_START)
    const end = write(bytes, attributesAt, attributesEnd, octets, at)
    if (end - at === attributesEnd - attributesAt && same(octets, at, bytes, attributesAt, end - at)) return set
    if (end - KEY_START > MAX_KEY) return NO_SET
    // What is made of a marked set is not marked: it is made before policy says anything.
    put8(octets, KEY_START + 2, (u8(octets, KEY_START + 2) & LENGTH) | DERIVED)
    this.scratch.seal(end)
    return this.intern(this.scratch)
  }

  /**
   * The set of the same peer with this next hop and these canonical attributes: `set` itself when they are its own and it need not be another one
   * (`anew`), `NO_SET` when they are too many octets. Not held.
   */
  deriveFrom(set: SetId, octets: SetOctets, anew = false): SetId {
    const { bytes, nextHopAt, nextHopLength, from, to, key = null, rateClass = 0 } = octets
    const own = this.table.octets(set)
    const start = this.table.start(set)
    const marked = rateClass === 0 ? 0 : MARKED
    if (3 + nextHopLength + to - from + (marked === 0 ? 0 : 1) > MAX_KEY) return NO_SET
    if (!anew && this.isMadeOf(set, octets)) return set
    const made = key ?? this.scratch
    const out = made.octets
    let at = put8(out, copy(own, start, start + 2, out, KEY_START), nextHopLength | DERIVED | marked)
    if (key === null) at = copy(bytes, from, to, out, copy(bytes, nextHopAt, nextHopAt + nextHopLength, out, at))
    else at = to
    if (marked !== 0) {
      at = put8(out, at, rateClass)
      this.marks = true
    }
    made.seal(at)
    return this.intern(made)
  }

  private isMadeOf(set: SetId, { bytes, nextHopAt, nextHopLength, from, to, rateClass = 0 }: SetOctets): boolean {
    const own = this.table.octets(set)
    const start = this.table.start(set)
    const head = u8(own, start + 2)
    const length = to - from
    // The quickest first: what policy has changed is mostly as long as before.
    if ((head & LENGTH) !== nextHopLength || this.table.length(set) - ((head & MARKED) === 0 ? 0 : 1) !== 3 + nextHopLength + length)
      return false
    const attributesAt = start + 3 + nextHopLength
    if (!same(own, attributesAt, bytes, from, length) || !same(own, start + 3, bytes, nextHopAt, nextHopLength)) return false
    return rateClass === this.rateClass(set)
  }

  /** Sets the import verdict of a set, by the rules of this number, and releases the one before. */
  setImported(set: SetId, verdict: Verdict, rules: number): void {
    const before = this.imported[set]!
    if (verdict >= 0 && verdict !== set) this.hold(verdict)
    this.imported[set] = verdict
    this.judgedBy[set] = rules
    if (before >= 0 && before !== set) this.release(before)
  }

  hold(set: SetId): void {
    this.refs[set]!++
  }

  /** Frees a set that nobody holds. */
  discard(set: SetId): void {
    this.hold(set)
    this.release(set)
  }

  /** Gives up one reference; frees the set with the last one. */
  release(set: SetId): void {
    if (--this.refs[set]! > 0) return
    for (const gone of this.onGone) gone(set)
    const derived = this.imported[set]!
    const next = this.next[set]!
    const previous = this.previous[set]!
    if (next !== NONE) this.previous[next] = previous
    if (previous !== NONE) this.next[previous] = next
    else this.firstOfPeer[this.peer[set]!] = next
    this.table.remove(set)
    if (derived >= 0 && derived !== set) this.release(derived)
  }

  /** Octets held by the table and the columns. */
  get memory(): number {
    return this.table.memory + this.refs.length * (COLUMN_OCTETS + FACT_OCTETS)
  }

  /** Sets that came from a peer, newest first: walk with `nextOfPeer`. -1: none. */
  firstSetOf(peer: number): SetId {
    return this.firstOfPeer[peer] ?? NONE
  }

  nextOfPeer(set: SetId): SetId {
    return this.next[set]!
  }

  /** Memory in which the set's octets stand; valid until the next `intern` or `release`. */
  octets(set: SetId): Uint8Array {
    return this.table.octets(set)
  }

  /** Where next hop and attributes of the set stand; valid as long as `octets`. */
  octetsOf(set: SetId): SetOctets {
    const bytes = this.table.octets(set)
    const start = this.table.start(set)
    const head = u8(bytes, start + 2)
    const nextHopLength = head & LENGTH
    const to = start + this.table.length(set) - ((head & MARKED) === 0 ? 0 : 1)
    return { bytes, nextHopAt: start + 3, nextHopLength, from: start + 3 + nextHopLength, to }
  }

  /** Whether import has made a set, rather than a peer sent it. */
  isDerived(set: SetId): boolean {
    return (u8(this.table.octets(set), this.table.start(set) + 2) & DERIVED) !== 0
  }

  nextHopLength(set: SetId): number {
    return u8(this.table.octets(set), this.table.start(set) + 2) & LENGTH
  }

  nextHopAt(set: SetId): number {
    return this.table.start(set) + 3
  }

  /** First octet of the path attributes. */
  attributesAt(set: SetId): number {
    return this.table.start(set) + 3 + this.nextHopLength(set)
  }

  /** Behind the last octet of the path attributes. */
  attributesEnd(set: SetId): number {
    const start = this.table.start(set)
    const end = start + this.table.length(set)
    return (u8(this.table.octets(set), start + 2) & MARKED) === 0 ? end : end - 1
  }

  /** The rate class with which policy has marked a set; 0: none. */
  rateClass(set: SetId): number {
    const start = this.table.start(set)
    const octets = this.table.octets(set)
    return (u8(octets, start + 2) & MARKED) === 0 ? 0 : u8(octets, start + this.table.length(set) - 1)
  }

  /** Whether two sets differ at most in their rate class: to other speakers they are the same. */
  sameButMark(a: SetId, b: SetId): boolean {
    if (this.peer[a] !== this.peer[b]) return false
    const octetsA = this.octets(a)
    const octetsB = this.octets(b)
    const atA = this.nextHopAt(a)
    const atB = this.nextHopAt(b)
    const length = this.attributesEnd(a) - atA
    if (this.nextHopLength(a) !== this.nextHopLength(b) || length !== this.attributesEnd(b) - atB) return false
    return same(octetsA, atA, octetsB, atB, length)
  }

  /** Orders two sets by next hop octets, shorter first: the lowest VTEP address of RFC 7432 §15.1. Negative: `a` is lower. */
  compareNextHop(a: SetId, b: SetId): number {
    const lengthA = this.nextHopLength(a)
    const lengthB = this.nextHopLength(b)
    if (lengthA !== lengthB) return lengthA - lengthB
    const octetsA = this.octets(a)
    const octetsB = this.octets(b)
    const atA = this.nextHopAt(a)
    const atB = this.nextHopAt(b)
    for (let i = 0; i < lengthA; i++) {
      const difference = u8(octetsA, atA + i) - u8(octetsB, atB + i)
      if (difference !== 0) return difference
    }
    return 0
  }
}
