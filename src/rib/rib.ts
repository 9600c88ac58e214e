/**
 * The RIB of one address family: every path learned (Adj-RIB-In), the best of each destination (Loc-RIB) and what the destination was last
 * advertised with, from which every Adj-RIB-Out follows by the export rules of its update group.
 *
 * Rows are indices into typed columns. A destination is its key octets; a path is a row that names its destination, the attribute set it came
 * with, the set it is used with after import policy, and its rest (the NLRI octets that are not key, interned: routes of one VN share them).
 */
import { ByteKey, KEY_START } from '../bytes/byte-key.ts'
import { ByteTable } from '../bytes/byte-table.ts'
import { grownInt32, grownUint8 } from '../bytes/columns.ts'
import { u8 } from '../bytes/octets.ts'
import type { NlriFamily } from '../wire/nlri/family.ts'
import { routeClass } from '../wire/nlri/route-class.ts'
import { type AttributeSets, NO_SET, reasonOf, type SetId, type Verdict } from './attribute-sets.ts'
import type { Changes } from './changes.ts'
import { compare } from './decision.ts'
import type { RibPeer } from './rib-peer.ts'

const FIRST = 1024
const NONE = -1
/** Octets of all columns of a destination, and of a row. */
const DEST_OCTETS = 13
const ROW_OCTETS = 29
/** Bits of `destFlags`. */
const DIRTY = 1
const GHOST = 2
/** Bits of `rowFlags`. */
const CHANGED = 1
/** Most refusal reasons counted apart. */
export const MAX_REASONS = 32
const MAC_IP = 2

export class Rib {
  readonly family: NlriFamily
  readonly sets: AttributeSets
  /** Peers by id. */
  readonly peers: (RibPeer | undefined)[] = []
  /** Called for an announced NLRI that cannot be used; its route is withdrawn (RFC 7606 §2). */
  onBadNlri: (peer: number, why: string) => void = () => {}
  /** While above 0, destinations that lose their last path keep their id and key, for peers that still have to hear of it. */
  keepGhosts = 0

  readonly destinations = new ByteTable()
  private readonly rests = new ByteTable()
  private restRefs = new Int32Array(FIRST)
  private readonly key = new ByteKey(512)
  private readonly restKey = new ByteKey(512)

  destFirst = new Int32Array(FIRST)
  /** Row of the best path as of the last settling, or -1. */
  destBest = new Int32Array(FIRST)
  /** Set last advertised, or -1. */
  destAdvertised = new Int32Array(FIRST)
  private destFlags = new Uint8Array(FIRST)

  rowDest = new Int32Array(FIRST)
  rowSet = new Int32Array(FIRST)
  rowUsed = new Int32Array(FIRST)
  private rowRest = new Int32Array(FIRST)
  private rowNext = new Int32Array(FIRST)
  private rowSetNext = new Int32Array(FIRST)
  private rowSetPrevious = new Int32Array(FIRST)
  private rowFlags = new Uint8Array(FIRST)
  private rowTop = 0
  private rowFree = NONE
  private rowCount = 0

  /** Destinations to settle, first come first served: `dirtyHead`..`dirtyTop`. */
  private dirty = new Int32Array(FIRST)
  private dirtyHead = 0
  private dirtyTop = 0
  private readonly ghosts: number[] = []
  private bestTotal = 0

  private received = new Int32Array(64)
  private refusals = new Int32Array(64 * MAX_REASONS)

  constructor(family: NlriFamily, sets: AttributeSets) {
    this.family = family
    this.sets = sets
  }

  /** Paths held. */
  get paths(): number {
    return this.rowCount
  }

  /** Destinations with a best path, as of the last settling. */
  get best(): number {
    return this.bestTotal
  }

  /** Destinations waiting for `settle`. */
  get unsettled(): number {
    return this.dirtyTop - this.dirtyHead
  }

  /** One more than the greatest destination id. */
  get destCapacity(): number {
    return this.destinations.capacity
  }

  /** Octets held by tables and columns, those of the attribute sets too. */
  get memory(): number {
    const tables = this.destinations.memory + this.rests.memory + this.sets.memory
    const columns = this.destFirst.length * DEST_OCTETS + this.rowDest.length * ROW_OCTETS
    return tables + columns + 4 * (this.restRefs.length + this.dirty.length + this.received.length + this.refusals.length)
  }

  /** Paths in the Adj-RIB-In of a peer. */
  receivedFrom(peer: number): number {
    return this.received[peer] ?? 0
  }

  /** Paths of a peer that import refused, for one reason. */
  refusedFrom(peer: number, reason: number): number {
    return this.refusals[peer * MAX_REASONS + reason] ?? 0
  }

  addPeer(peer: RibPeer): void {
    this.peers[peer.id] = peer
    if (peer.id >= this.received.length) {
      let capacity = this.received.length
      while (capacity <= peer.id) capacity *= 2
      this.received = grownInt32(this.received, capacity)
      this.refusals = grownInt32(this.refusals, capacity * MAX_REASONS)
    }
  }

  /**
   * Learns every NLRI in octets `from`..`to` with attribute set `set`, whose import verdict is known. `typeVerdicts` by route class
   * (see `classOf`): a refusing verdict keeps routes of that type out of use whatever their attributes; 0 leaves it to the set. Returns the octet behind
   * the last NLRI that could be measured: `to`, or less when one overruns the field. Hot: allocates nothing per NLRI.
   */
  learn(peer: number, set: SetId, typeVerdicts: Int32Array | null, bytes: Uint8Array, from: number, to: number): number {
    const { family, key } = this
    const setVerdict = this.sets.imported[set]!
    for (let at = from; at < to; ) {
      const size = family.sizeOf(bytes, at, to)
      if (size < 0) return at
      key.seal(family.keyInto(bytes, at, size, key.octets, KEY_START))
      const why = family.check(bytes, at, size)
      if (why !== null) {
        this.onBadNlri(peer, why)
        this.drop(peer)
      } else {
        const typeVerdict = typeVerdicts === null ? 0 : typeVerdicts[routeClass(u8(key.octets, KEY_START), key.length)]!
        this.store(peer, set, typeVerdict < 0 ? typeVerdict : setVerdict, bytes, at, size)
      }
      at += size
    }
    return to
  }

  /** Takes back every NLRI in octets `from`..`to`. Returns as `learn` does. Hot: allocates nothing per NLRI. */
  withdraw(peer: number, bytes: Uint8Array, from: number, to: number): number {
    const { family, key } = this
    for (let at = from; at < to; ) {
      const size = family.sizeOf(bytes, at, to)
      if (size < 0) return at
      key.seal(family.keyInto(bytes, at, size, key.octets, KEY_START))
      this.drop(peer)
      at += size
    }
    return to
  }

  /** Takes back up to `budget` paths of a peer. Returns true when it has none left. */
  forget(peer: number, budget: number): boolean {
    let left = budget
    const { sets } = this
    let set = sets.firstSetOf(peer)
    if (set !== NONE) sets.hold(set)
    while (set !== NONE) {
      while (left > 0 && sets.head[set] !== NONE) {
        this.removeRow(sets.head[set]!)
        left--
      }
      const more = sets.head[set] !== NONE
      const next = more ? NONE : sets.nextOfPeer(set)
      // Letting go of a set may free what is derived from it, and that may be the next one.
      if (next !== NONE) sets.hold(next)
      sets.release(set)
      if (more) return false
      set = next
    }
    return true
  }

  /**
   * Runs the decision process for up to `limit` destinations that changed and appends to `changes` those that must be advertised anew. Call
   * `finish` with the batch when it has been written.
   */
  settle(changes: Changes, limit: number): void {
    const { sets } = this
    while (this.dirtyHead < this.dirtyTop && changes.count < limit) {
      const dest = this.dirty[this.dirtyHead++]!
      this.destFlags[dest]! &= ~DIRTY
      const before = this.destAdvertised[dest]!
      const row = this.decide(dest)
      const after = row === NONE ? NO_SET : this.rowUsed[row]!
      const same = after === before && (row === NONE || (this.rowFlags[row]! & CHANGED) === 0)
      if (row !== NONE) this.rowFlags[row]! &= ~CHANGED
      if ((this.destBest[dest] === NONE) !== (row === NONE)) this.bestTotal += row === NONE ? -1 : 1
      this.destBest[dest] = row
      if (same) {
        if (this.destFirst[dest] === NONE) this.freeDest(dest)
        continue
      }
      if (after !== NO_SET) sets.hold(after)
      this.destAdvertised[dest] = after
      changes.add(dest, before, after, row)
    }
    if (this.dirtyHead === this.dirtyTop) {
      this.dirtyHead = 0
      this.dirtyTop = 0
    }
  }

  /** Lets go what a written batch kept alive. */
  finish(changes: Changes): void {
    for (let i = 0; i < changes.count; i++) {
      const before = changes.before[i]!
      if (before >= 0) this.sets.release(before)
      const dest = changes.dest[i]!
      if (this.destFirst[dest] === NONE && (this.destFlags[dest]! & DIRTY) === 0) this.freeDest(dest)
    }
    changes.clear()
  }

  /**
   * Appends to `changes` the current state of destinations from id `from` on, at most `limit` of them, as if each had just become known, for
   * somebody who has none of it. Returns the id to go on with, or -1 at the end. Everything must be settled. Do not `finish` the batch.
   */
  snapshot(changes: Changes, from: number, limit: number): number {
    const end = this.destCapacity
    for (let dest = from; dest < end; dest++) {
      if (changes.count === limit) return dest
      const set = this.isLive(dest) ? this.destAdvertised[dest]! : NO_SET
      if (set !== NO_SET) changes.add(dest, NO_SET, set, this.destBest[dest]!)
    }
    return NONE
  }

  /** Whether a destination has paths: false for ids that are free or ghosts. */
  isLive(dest: number): boolean {
    return this.destFirst[dest] !== NONE
  }

  /** Gives ghosts free once nobody needs them any more (`keepGhosts` is 0). */
  dropGhosts(): void {
    for (const dest of this.ghosts) {
      this.destFlags[dest]! &= ~GHOST
      if (this.destFirst[dest] === NONE && (this.destFlags[dest]! & DIRTY) === 0) this.destinations.remove(dest)
    }
    this.ghosts.length = 0
  }

  /** First row of a destination, or -1; go on with `nextRow`. */
  firstRow(dest: number): number {
    return this.destFirst[dest]!
  }

  nextRow(row: number): number {
    return this.rowNext[row]!
  }

  peerOf(row: number): number {
    return this.sets.peer[this.rowSet[row]!]!
  }

  /** Writes the NLRI of a row at `to`; returns the offset behind. Hot. */
  writeNlri(row: number, out: Uint8Array, to: number): number {
    const dest = this.rowDest[row]!
    const { destinations, rests } = this
    const rest = this.rowRest[row]!
    return this.family.join(
      destinations.octets(dest),
      destinations.start(dest),
      destinations.length(dest),
      rests.octets(rest),
      rests.start(rest),
      rests.length(rest),
      out,
      to,
    )
  }

  /** Writes an NLRI that withdraws a destination at `to`; returns the offset behind. Hot. */
  writeWithdrawn(dest: number, out: Uint8Array, to: number): number {
    const { destinations } = this
    return this.family.joinWithdrawn(destinations.octets(dest), destinations.start(dest), destinations.length(dest), out, to)
  }

  /** Route class of a destination, see `wire/nlri/route-class.ts`. */
  classOf(dest: number): number {
    return routeClass(this.typeOf(dest), this.destinations.length(dest))
  }

  /** First key octet of a destination: the EVPN route type. */
  typeOf(dest: number): number {
    return u8(this.destinations.octets(dest), this.destinations.start(dest))
  }

  /** The best row of a destination, or -1, by the decision process. Hot. */
  decide(dest: number): number {
    let best = this.destFirst[dest]!
    if (best === NONE) return NONE
    if (this.rowNext[best] === NONE) return this.rowUsed[best]! >= 0 ? best : NONE
    const { med } = this.sets
    const macIp = this.typeOf(dest) === MAC_IP
    let found = NONE
    let usable = 0
    let withMed = false
    for (; best !== NONE; best = this.rowNext[best]!) {
      const used = this.rowUsed[best]!
      if (used < 0) continue
      usable++
      if (med[used] !== 0) withMed = true
      if (found === NONE || this.beats(best, found, macIp)) found = best
    }
    return withMed && usable > 2 ? this.decideByNeighbor(dest, macIp) : found
  }

  /**
   * The same where MEDs count: they rank the paths of one neighbour AS only, so that "better" is no order among several ASes and the outcome would
   * hang on who came first. First the best of each neighbour AS, then the best of those (RFC 4271 §9.1.2.2 c).
   */
  private decideByNeighbor(dest: number, macIp: boolean): number {
    let found = NONE
    for (let row = this.destFirst[dest]!; row !== NONE; row = this.rowNext[row]!) {
      if (this.rowUsed[row]! < 0 || this.beatenByNeighbor(row, dest, macIp)) continue
      if (found === NONE || this.beats(row, found, macIp)) found = row
    }
    return found
  }

  private beatenByNeighbor(row: number, dest: number, macIp: boolean): boolean {
    const { neighborAs } = this.sets
    const neighbor = neighborAs[this.rowUsed[row]!]
    for (let other = this.destFirst[dest]!; other !== NONE; other = this.rowNext[other]!) {
      const used = this.rowUsed[other]!
      if (used >= 0 && other !== row && neighborAs[used] === neighbor && this.beats(other, row, macIp)) return true
    }
    return false
  }

  private beats(row: number, other: number, macIp: boolean): boolean {
    const { sets, peers } = this
    const a = this.rowUsed[row]!
    const b = this.rowUsed[other]!
    return compare(sets, a, b, peers[sets.peer[a]!]!, peers[sets.peer[b]!]!, macIp) > 0
  }

  private store(peer: number, set: SetId, used: Verdict, bytes: Uint8Array, at: number, size: number): void {
    const { destinations, restKey, rests, sets } = this
    const dest = destinations.upsert(this.key)
    if (destinations.inserted) this.openDest(dest)
    restKey.seal(this.family.restInto(bytes, at, size, restKey.octets, KEY_START))
    const rest = rests.upsert(restKey)
    if (rests.inserted) {
      if (rest >= this.restRefs.length) this.restRefs = grownInt32(this.restRefs, 2 * rest)
      this.restRefs[rest] = 0
    }
    // Hold the new before letting the old go: they may be the same.
    sets.hold(set)
    this.restRefs[rest]!++
    let row = this.rowOf(dest, peer)
    if (row === NONE) {
      row = this.newRow()
      this.rowDest[row] = dest
      this.rowNext[row] = this.destFirst[dest]!
      this.destFirst[dest] = row
      this.received[peer]!++
    } else {
      const oldSet = this.rowSet[row]!
      const oldRest = this.rowRest[row]!
      const changed = oldSet !== set || oldRest !== rest || this.rowUsed[row] !== used
      if (changed) {
        this.uncount(peer, row)
        this.unlink(row, oldSet)
      }
      sets.release(oldSet)
      this.releaseRest(oldRest)
      if (!changed) return
    }
    this.rowRest[row] = rest
    this.rowSet[row] = set
    this.rowUsed[row] = used
    this.rowFlags[row] = CHANGED
    this.link(row, set)
    if (used < 0) this.refusals[peer * MAX_REASONS + reasonOf(used)]!++
    this.mark(dest)
  }

  /** Withdraws the path of `peer` to the destination whose key is sealed. */
  private drop(peer: number): void {
    const dest = this.destinations.find(this.key)
    if (dest === NONE) return
    const row = this.rowOf(dest, peer)
    if (row !== NONE) this.removeRow(row)
  }

  private removeRow(row: number): void {
    const dest = this.rowDest[row]!
    const set = this.rowSet[row]!
    const peer = this.sets.peer[set]!
    if (this.destFirst[dest] === row) this.destFirst[dest] = this.rowNext[row]!
    else {
      let before = this.destFirst[dest]!
      while (this.rowNext[before] !== row) before = this.rowNext[before]!
      this.rowNext[before] = this.rowNext[row]!
    }
    this.uncount(peer, row)
    this.received[peer]!--
    this.unlink(row, set)
    this.sets.release(set)
    this.releaseRest(this.rowRest[row]!)
    this.rowNext[row] = this.rowFree
    this.rowFree = row
    this.rowCount--
    this.mark(dest)
  }

  private uncount(peer: number, row: number): void {
    const used = this.rowUsed[row]!
    if (used < 0) this.refusals[peer * MAX_REASONS + reasonOf(used)]!--
  }

  private rowOf(dest: number, peer: number): number {
    const { rowNext, rowSet } = this
    const peerOf = this.sets.peer
    let row = this.destFirst[dest]!
    while (row !== NONE && peerOf[rowSet[row]!] !== peer) row = rowNext[row]!
    return row
  }

  private releaseRest(rest: number): void {
    if (--this.restRefs[rest]! === 0) this.rests.remove(rest)
  }

  private link(row: number, set: SetId): void {
    const { head } = this.sets
    const next = head[set]!
    this.rowSetNext[row] = next
    this.rowSetPrevious[row] = NONE
    if (next !== NONE) this.rowSetPrevious[next] = row
    head[set] = row
  }

  private unlink(row: number, set: SetId): void {
    const next = this.rowSetNext[row]!
    const previous = this.rowSetPrevious[row]!
    if (next !== NONE) this.rowSetPrevious[next] = previous
    if (previous !== NONE) this.rowSetNext[previous] = next
    else this.sets.head[set] = next
  }

  private mark(dest: number): void {
    if (this.destFlags[dest]! & DIRTY) return
    this.destFlags[dest]! |= DIRTY
    if (this.dirtyTop === this.dirty.length) this.makeRoom()
    this.dirty[this.dirtyTop++] = dest
  }

  private makeRoom(): void {
    if (this.dirtyHead > this.dirtyTop / 2) {
      this.dirty.copyWithin(0, this.dirtyHead, this.dirtyTop)
      this.dirtyTop -= this.dirtyHead
      this.dirtyHead = 0
    } else this.dirty = grownInt32(this.dirty, 2 * this.dirtyTop)
  }

  private openDest(dest: number): void {
    if (dest >= this.destFirst.length) {
      const capacity = 2 * this.destFirst.length
      this.destFirst = grownInt32(this.destFirst, capacity)
      this.destBest = grownInt32(this.destBest, capacity)
      this.destAdvertised = grownInt32(this.destAdvertised, capacity)
      this.destFlags = grownUint8(this.destFlags, capacity)
    }
    this.destFirst[dest] = NONE
    this.destBest[dest] = NONE
    this.destAdvertised[dest] = NO_SET
    this.destFlags[dest] = 0
  }

  private freeDest(dest: number): void {
    if (this.keepGhosts > 0) {
      if ((this.destFlags[dest]! & GHOST) === 0) this.ghosts.push(dest)
      this.destFlags[dest]! |= GHOST
      return
    }
    this.destFlags[dest] = 0
    this.destinations.remove(dest)
  }

  private newRow(): number {
    this.rowCount++
    if (this.rowFree !== NONE) {
      const row = this.rowFree
      this.rowFree = this.rowNext[row]!
      return row
    }
    if (this.rowTop === this.rowDest.length) {
      const capacity = 2 * this.rowTop
      this.rowDest = grownInt32(this.rowDest, capacity)
      this.rowSet = grownInt32(this.rowSet, capacity)
      this.rowUsed = grownInt32(this.rowUsed, capacity)
      this.rowRest = grownInt32(this.rowRest, capacity)
      this.rowNext = grownInt32(this.rowNext, capacity)
      this.rowSetNext = grownInt32(this.rowSetNext, capacity)
      this.rowSetPrevious = grownInt32(this.rowSetPrevious, capacity)
      this.rowFlags = grownUint8(this.rowFlags, capacity)
    }
    return this.rowTop++
  }
}
