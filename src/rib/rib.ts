/**
 * The RIB of one address family: every path learned (Adj-RIB-In), the best of each destination (Loc-RIB) and what the destination was last
 * advertised with, from which every Adj-RIB-Out follows by the export rules of its update group.
 *
 * Rows are indices into typed columns. A destination is its key octets; a path is a row that names its destination, the attribute set it came
 * with, the set it is used with after import policy, and its rest (the NLRI octets that are not key, interned: routes of one VN share them).
 */
import { ByteKey, KEY_START } from '../bytes/byte-key.ts'
import { ByteTable } from '../bytes/byte-table.ts'
import { Growth, grownInt32, grownUint8 } from '../bytes/columns.ts'
import { u8 } from '../bytes/octets.ts'
import type { NlriFamily } from '../wire/nlri/family.ts'
import { routeClass } from '../wire/nlri/route-class.ts'
import { type Admission, NOT_KEPT } from './admission.ts'
import { type AttributeSets, NO_SET, type SetId, type Verdict } from './attribute-sets.ts'
import type { Changes } from './changes.ts'
import { DirtyQueue } from './dirty-queue.ts'
import { ImportCounts } from './import-counts.ts'
import { Ranking } from './ranking.ts'
import { Rests } from './rests.ts'
import type { RibPeer } from './rib-peer.ts'
import { CHANGED, Rows, STALE } from './rows.ts'

const FIRST = 16
const NONE = -1
/** Octets of all columns of a destination. */
const DEST_OCTETS = 13
const DEST_SEGMENT_BITS = 10
/** Bits of `destFlags`. */
const DIRTY = 1
const GHOST = 2
const MAC_IP = 2

/** Judges routes of which the attribute set alone does not tell whether and how they are used. `open` and `close` stand around the routes of one set. */
export interface RouteJudge {
  open(peer: number, set: SetId): void
  /** The verdict on the route whose NLRI is the `size` octets at `at`. A set that it names need not be held. */
  /**
   * Looks at the routes in octets `from`..`to` between `open` and the first `judge`: what is asked of many of them in one go takes less time than amid the work
   * of storing them. They may end earlier, with one that overruns `to`.
   */
  lookAhead(family: NlriFamily, nlri: Uint8Array, from: number, to: number): void
  judge(nlri: Uint8Array, at: number, size: number): Verdict
  /** The NLRI that the route judged last is used with, `size` octets at 0: other path data, the same key. null: it is used with its own. */
  readonly made: Uint8Array | null
  close(): void
}

const NO_JUDGE: RouteJudge = { open() {}, lookAhead() {}, judge: () => NO_SET, made: null, close() {} }

export class Rib {
  readonly family: NlriFamily
  readonly sets: AttributeSets
  /** Peers by id. */
  readonly peers: (RibPeer | undefined)[] = []
  /** Called before a path is taken out, while it is still whole; null: nobody wants to know. */
  onRemove: ((row: number) => void) | null = null
  /** Routes that the last `learn` took. */
  learned = 0
  /** Judges the routes of sets that are judged by route. */
  routeJudge: RouteJudge = NO_JUDGE
  /** Who has the last word on paths with MAC mobility of peers of which nobody else has it; null: nobody. */
  mobilityAdmission: Admission | null = null
  /** Called for an announced NLRI that cannot be used; its route is withdrawn (RFC 7606 §2). */
  onBadNlri: (peer: number, why: string) => void = () => {}
  /** The time, in whole seconds on any clock that never goes back: told by whoever hands in routes. */
  nowSeconds = 0
  /** While above 0, destinations that lose their last path keep their id and key, for peers that still have to hear of it. */
  keepGhosts = 0

  readonly destinations = new ByteTable(DEST_SEGMENT_BITS)
  readonly rows = new Rows()
  /** First row of the destination, or -1. */
  destFirst = new Int32Array(FIRST)
  /** Row of the best path as of the last settling, or -1. */
  destBest = new Int32Array(FIRST)
  /** Set last advertised, or -1. */
  destAdvertised = new Int32Array(FIRST)
  private destFlags = new Uint8Array(FIRST)
  private readonly destGrowth = new Growth(FIRST, [
    (capacity) => {
      this.destFirst = grownInt32(this.destFirst, capacity)
    },
    (capacity) => {
      this.destBest = grownInt32(this.destBest, capacity)
    },
    (capacity) => {
      this.destAdvertised = grownInt32(this.destAdvertised, capacity)
    },
    (capacity) => {
      this.destFlags = grownUint8(this.destFlags, capacity)
    },
  ])
  readonly rests = new Rests()
  private readonly key = new ByteKey(512)
  /** For an NLRI that is looked at again. */
  private readonly scratch = new Uint8Array(512)
  private readonly ranking: Ranking
  private readonly dirty = new DirtyQueue()
  private readonly counts = new ImportCounts()
  private readonly ghosts: number[] = []
  private bestTotal = 0

  constructor(family: NlriFamily, sets: AttributeSets) {
    this.family = family
    this.sets = sets
    this.ranking = new Ranking(this.rows, sets, this.peers)
  }

  /** Paths held. */
  get paths(): number {
    return this.rows.size
  }

  /** Destinations with a best path, as of the last settling. */
  get best(): number {
    return this.bestTotal
  }

  /** Destinations waiting for `settle`. */
  get unsettled(): number {
    return this.dirty.size
  }

  /** One more than the greatest destination id. */
  get destCapacity(): number {
    return this.destinations.capacity
  }

  /** Octets held by tables and columns, those of the attribute sets too. */
  get memory(): number {
    const { destinations, rests, sets, rows, dirty, counts, destFirst } = this
    return destinations.memory + rests.memory + sets.memory + rows.memory + dirty.memory + counts.memory + destFirst.length * DEST_OCTETS
  }

  /** Paths in the Adj-RIB-In of a peer. */
  receivedFrom(peer: number): number {
    return this.counts.receivedFrom(peer)
  }

  /** Paths of a peer that import refused, for one reason. */
  refusedFrom(peer: number, reason: number): number {
    return this.counts.refusedFrom(peer, reason)
  }

  addPeer(peer: RibPeer): void {
    this.peers[peer.id] = peer
    this.counts.admit(peer.id)
  }

  /**
   * Learns every NLRI in octets `from`..`to` with attribute set `set`, whose import verdict is known. `typeVerdicts` by route class
   * (see `classOf`): a refusing verdict keeps routes of that type out of use whatever their attributes; 0 leaves it to the set. Returns the octet behind
   * the last NLRI that could be measured: `to`, or less when one overruns the field. Hot: allocates nothing per NLRI.
   */
  learn(peer: number, set: SetId, typeVerdicts: Int32Array | null, bytes: Uint8Array, from: number, to: number): number {
    const { family, key } = this
    const setVerdict = this.sets.imported[set]!
    const judge = this.sets.judgedByRoute[set] === 0 ? null : this.routeJudge
    const admission = this.admissionOf(peer, set)
    if (judge !== null) {
      judge.open(peer, set)
      judge.lookAhead(family, bytes, from, to)
    }
    let learned = 0
    let at = from
    while (at < to) {
      const size = family.sizeOf(bytes, at, to)
      if (size < 0) break
      key.seal(family.keyInto(bytes, at, size, key.octets, KEY_START))
      const why = family.check(bytes, at, size)
      if (why !== null) {
        this.onBadNlri(peer, why)
        this.drop(peer)
      } else {
        const typeVerdict = typeVerdicts === null ? 0 : typeVerdicts[routeClass(u8(key.octets, KEY_START), key.length)]!
        const verdict = typeVerdict < 0 ? typeVerdict : judge === null ? setVerdict : judge.judge(bytes, at, size)
        this.store(peer, set, verdict, judge === null || verdict < 0 ? null : judge.made, admission, bytes, at, size)
        learned++
      }
      at += size
    }
    this.learned = learned
    judge?.close()
    return at
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

  /** Another import verdict on a path that is there already; admission may have it otherwise, and not even keep the path. */
  use(row: number, wanted: Verdict, made: Uint8Array | null = null): void {
    const { rows, sets, counts } = this
    const before = rows.used[row]!
    if (made !== null || rows.otherRest(row) !== NONE) this.useRest(row, made)
    if (before === wanted) return
    const set = rows.set[row]!
    const peer = sets.peer[set]!
    const used = this.admittedAnew(row, peer, before, wanted)
    if (used === NOT_KEPT) {
      this.removeRow(row, false)
      return
    }
    if (before === used) return
    if (used >= 0 && used !== set) sets.hold(used)
    counts.count(peer, before, -1)
    counts.count(peer, used, 1)
    rows.used[row] = used
    if (before >= 0 && before !== set) sets.release(before)
    this.mark(rows.dest[row]!)
  }

  /** Other path data for a path that is there already; null: that which it came with. */
  private useRest(row: number, made: Uint8Array | null): void {
    const { rests, rows, scratch } = this
    const received = rows.receivedRest(row)
    const before = rows.rest[row]!
    const had = rows.otherRest(row) !== NONE
    const rest = made === null ? received : rests.hold(this.family, made, 0, this.writeReceived(row, scratch, 0))
    rows.rest[row] = rest
    rows.setOtherRest(row, made === null ? NONE : received)
    if (had) rests.release(before)
    if (rest === before) return
    rows.flags[row]! |= CHANGED
    this.mark(rows.dest[row]!)
  }

  /** Asks anew about the path of a peer to a destination, by the verdict on its set and whoever judges its route. */
  reconsider(dest: number, peer: number, typeVerdicts: Int32Array | null): void {
    const row = this.rowOf(dest, peer)
    if (row !== NONE) this.learn(peer, this.rows.set[row]!, typeVerdicts, this.scratch, 0, this.writeReceived(row, this.scratch, 0))
  }

  /** The verdict on the path of a peer to a destination, `NO_SET` when there is none. */
  verdictOn(dest: number, peer: number): Verdict {
    const row = this.rowOf(dest, peer)
    return row === NONE ? NO_SET : this.rows.used[row]!
  }

  /** All paths of a peer are stale from now on; each is until it is learned again. They are used as before. */
  markStale(peer: number): void {
    const { sets, rows } = this
    for (let set = sets.firstSetOf(peer); set !== NONE; set = sets.nextOfPeer(set)) {
      for (let row = sets.head[set]!; row !== NONE; row = rows.nextOfSet(row)) rows.flags[row]! |= STALE
    }
  }

  /**
   * Takes back stale paths of a peer, `most` at most, to destinations from id `from` on, of which it looks at `look` at most. Returns the id to go on with, or -1
   * at the end.
   */
  dropStale(peer: number, from: number, look: number, most: number): number {
    const end = Math.min(from + look, this.destCapacity)
    let left = most
    let dest = from
    for (; dest < end && left > 0; dest++) {
      const row = this.isLive(dest) ? this.rowOf(dest, peer) : NONE
      if (row === NONE || (this.rows.flags[row]! & STALE) === 0) continue
      this.removeRow(row)
      left--
    }
    return dest < this.destCapacity ? dest : NONE
  }

  /** Whether a path is stale. */
  isStale(row: number): boolean {
    return (this.rows.flags[row]! & STALE) !== 0
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
    const { sets, rows, dirty } = this
    while (dirty.size > 0 && changes.count < limit) {
      const dest = dirty.take()
      this.destFlags[dest]! &= ~DIRTY
      const before = this.destAdvertised[dest]!
      const row = this.decide(dest)
      const after = row === NONE ? NO_SET : rows.used[row]!
      const changed = row !== NONE && (rows.flags[row]! & CHANGED) !== 0
      const same = after === before && !changed
      if (row !== NONE) rows.flags[row]! &= ~CHANGED
      if ((this.destBest[dest] === NONE) !== (row === NONE)) this.bestTotal += row === NONE ? -1 : 1
      this.destBest[dest] = row
      if (same) {
        if (this.destFirst[dest] === NONE) this.freeDest(dest)
        continue
      }
      if (after !== NO_SET) sets.hold(after)
      this.destAdvertised[dest] = after
      if (sets.marks && before !== after && before !== NO_SET && after !== NO_SET && !changed && sets.sameButMark(before, after)) {
        // A mark is for limits: nobody is told of another one.
        sets.release(before)
        continue
      }
      changes.add(dest, before, after, row)
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

  /** Destinations that keep their id and key only for peers that still have to hear that they are gone; some may have come back. */
  get ghostCount(): number {
    return this.ghosts.length
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
    return this.rows.next[row]!
  }

  peerOf(row: number): number {
    return this.sets.peer[this.rows.set[row]!]!
  }

  /** Writes the NLRI of a row, as it is used, at `to`; returns the offset behind. Hot. */
  writeNlri(row: number, out: Uint8Array, to: number): number {
    return this.writeWith(row, this.rows.rest[row]!, out, to)
  }

  /** The same as the peer sent it. */
  writeReceived(row: number, out: Uint8Array, to: number): number {
    return this.writeWith(row, this.rows.receivedRest(row), out, to)
  }

  private writeWith(row: number, rest: number, out: Uint8Array, to: number): number {
    const { destinations, rows } = this
    const { table } = this.rests
    const dest = rows.dest[row]!
    return this.family.join(
      destinations.octets(dest),
      destinations.start(dest),
      destinations.length(dest),
      table.octets(rest),
      table.start(rest),
      table.length(rest),
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
    const first = this.destFirst[dest]!
    if (first === NONE) return NONE
    if (this.rows.next[first] === NONE) return this.rows.used[first]! >= 0 ? first : NONE
    return this.ranking.best(first, this.typeOf(dest) === MAC_IP)
  }

  private store(
    peer: number,
    set: SetId,
    wanted: Verdict,
    made: Uint8Array | null,
    admission: Admission | null,
    bytes: Uint8Array,
    at: number,
    size: number,
  ): void {
    const { destinations, rests, rows, sets, counts } = this
    const dest = destinations.upsert(this.key)
    if (destinations.inserted) this.openDest(dest)
    // Hold the new before letting the old go: they may be the same.
    const rest = made === null ? rests.hold(this.family, bytes, at, size) : rests.hold(this.family, made, 0, size)
    const received = made === null ? NONE : rests.hold(this.family, bytes, at, size)
    sets.hold(set)
    let row = this.rowOf(dest, peer)
    let used = wanted
    if (admission !== null) {
      used = this.admitted(admission, dest, row, peer, set, rest, wanted, bytes, at, size)
      if (used === NOT_KEPT) {
        if (received !== NONE) rests.release(received)
        this.leaveOut(dest, row, set, rest)
        return
      }
    }
    if (used >= 0 && used !== set) sets.hold(used)
    if (row === NONE) {
      row = rows.take()
      rows.dest[row] = dest
      rows.next[row] = this.destFirst[dest]!
      this.destFirst[dest] = row
    } else {
      const oldSet = rows.set[row]!
      const oldRest = rows.rest[row]!
      const oldUsed = rows.used[row]!
      const oldReceived = rows.otherRest(row)
      const changed = oldSet !== set || oldRest !== rest || oldUsed !== used || oldReceived !== received
      if (changed) {
        counts.count(peer, oldUsed, -1)
        rows.unlink(row, oldSet, sets)
      }
      sets.release(oldSet)
      rests.release(oldRest)
      if (oldReceived !== NONE) rests.release(oldReceived)
      if (oldUsed >= 0 && oldUsed !== oldSet) sets.release(oldUsed)
      if (!changed) {
        rows.flags[row]! &= ~STALE
        return
      }
    }
    rows.rest[row] = rest
    rows.setOtherRest(row, received)
    rows.set[row] = set
    rows.used[row] = used
    rows.since[row] = this.nowSeconds
    rows.flags[row] = CHANGED
    rows.link(row, set, sets)
    counts.count(peer, used, 1)
    this.mark(dest)
  }

  /** What `admission` says of a path to be stored. */
  private admitted(
    admission: Admission,
    dest: number,
    row: number,
    peer: number,
    set: SetId,
    rest: number,
    wanted: Verdict,
    bytes: Uint8Array,
    at: number,
    size: number,
  ): Verdict {
    const { rows, sets } = this
    const before = row === NONE ? NO_SET : rows.used[row]!
    if (wanted < 0) {
      if (before !== NO_SET) admission.ended(dest, peer, before)
      return wanted
    }
    const same = row !== NONE && rows.set[row] === set && rows.rest[row] === rest
    const used = admission.admit(dest, peer, before, wanted, same, bytes, at, size)
    // A set that a judge has made for this route alone is needed no more.
    if (used !== wanted && wanted !== set) sets.discard(wanted)
    return used
  }

  /** The same for a path that is there, and of which import says something else now. */
  private admittedAnew(row: number, peer: number, before: Verdict, wanted: Verdict): Verdict {
    const admission = this.admissionOf(peer, this.rows.set[row]!)
    if (admission === null) return wanted
    const dest = this.rows.dest[row]!
    if (wanted >= 0) return admission.admit(dest, peer, before, wanted, false, this.scratch, 0, this.writeReceived(row, this.scratch, 0))
    admission.ended(dest, peer, before)
    return wanted
  }

  /** A path that is not kept: what stood in its place goes. */
  private leaveOut(dest: number, row: number, set: SetId, rest: number): void {
    this.sets.release(set)
    this.rests.release(rest)
    if (row !== NONE) this.removeRow(row, false)
    else if (this.destFirst[dest] === NONE) this.mark(dest)
  }

  /** Withdraws the path of `peer` to the destination whose key is sealed. */
  private drop(peer: number): void {
    const dest = this.destinations.find(this.key)
    if (dest === NONE) return
    const row = this.rowOf(dest, peer)
    if (row !== NONE) this.removeRow(row)
  }

  /** `told`: whether admission is told of the end of the path. */
  private removeRow(row: number, told = true): void {
    this.onRemove?.(row)
    const { destFirst, rows, sets } = this
    const dest = rows.dest[row]!
    const set = rows.set[row]!
    const used = rows.used[row]!
    if (destFirst[dest] === row) destFirst[dest] = rows.next[row]!
    else {
      let before = destFirst[dest]!
      while (rows.next[before] !== row) before = rows.next[before]!
      rows.next[before] = rows.next[row]!
    }
    const peer = sets.peer[set]!
    this.counts.count(peer, used, -1)
    rows.unlink(row, set, sets)
    // While the sets are still there. Of those that have none of their own, who has the last word is told of what was refused alone.
    if (told) (this.peers[peer]?.admission ?? (used < NO_SET ? this.mobilityAdmission : null))?.ended(dest, peer, used)
    sets.release(set)
    if (used >= 0 && used !== set) sets.release(used)
    this.rests.release(rows.rest[row]!)
    const received = rows.otherRest(row)
    if (received !== NONE) this.rests.release(received)
    rows.setOtherRest(row, NONE)
    rows.release(row)
    this.mark(dest)
  }

  private admissionOf(peer: number, set: SetId): Admission | null {
    return this.peers[peer]?.admission ?? (this.sets.mobility[set] === 0 ? null : this.mobilityAdmission)
  }

  private rowOf(dest: number, peer: number): number {
    const { next, set } = this.rows
    const peerOf = this.sets.peer
    let row = this.destFirst[dest]!
    while (row !== NONE && peerOf[set[row]!] !== peer) row = next[row]!
    return row
  }

  private mark(dest: number): void {
    if (this.destFlags[dest]! & DIRTY) return
    this.destFlags[dest]! |= DIRTY
    this.dirty.push(dest)
  }

  private openDest(dest: number): void {
    while (dest >= this.destGrowth.due) this.destGrowth.next()
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
}
