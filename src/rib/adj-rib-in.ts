/**
 * Every path learned, used or not: the Adj-RIBs-In of all peers. A path is a row of typed columns that names its destination, the attribute set it came with, the set
 * it is used with after import policy, and its rest (the NLRI octets that are not key, interned: routes of one VN share them).
 */
import { ByteKey, KEY_START } from '../bytes/byte-key.ts'
import { u8 } from '../bytes/octets.ts'
import type { NlriFamily } from '../wire/nlri/family.ts'
import { routeClass } from '../wire/nlri/route-class.ts'
import { type Admission, NOT_KEPT } from './admission.ts'
import type { AttributeSets } from './attribute-sets.ts'
import { Destinations } from './destinations.ts'
import { ImportCounts } from './import-counts.ts'
import { Rests } from './rests.ts'
import type { RibPeer } from './rib-peer.ts'
import { NO_JUDGE, type RouteJudge } from './route-judge.ts'
import { CHANGED, Rows, STALE, UNHEARD } from './rows.ts'
import { NO_SET, type SetId, type Verdict } from './verdict.ts'

const NONE = -1

export class AdjRibIn {
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

  readonly destinations = new Destinations()
  readonly rows = new Rows()
  readonly rests = new Rests()
  private readonly key = new ByteKey(512)
  /** For an NLRI that is looked at again. */
  private readonly scratch = new Uint8Array(512)
  private readonly counts = new ImportCounts()

  constructor(family: NlriFamily, sets: AttributeSets) {
    this.family = family
    this.sets = sets
  }

  /** Paths held. */
  get paths(): number {
    return this.rows.size
  }

  /** Octets held by tables and columns, those of the attribute sets too. */
  get memory(): number {
    const { destinations, rests, sets, rows, counts } = this
    return destinations.memory + rests.memory + sets.memory + rows.memory + counts.memory
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
    this.destinations.mark(rows.dest[row]!)
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
    this.destinations.mark(rows.dest[row]!)
  }

  /** Asks anew about the path of a peer to a destination, by the verdict on its set and whoever judges its route. */
  reconsider(dest: number, peer: number, typeVerdicts: Int32Array | null): void {
    const row = this.rowOf(dest, peer)
    if (row === NONE) return
    const marks = this.rows.flags[row]! & (STALE | UNHEARD)
    this.learn(peer, this.rows.set[row]!, typeVerdicts, this.scratch, 0, this.writeReceived(row, this.scratch, 0))
    // It is not the peer that has said it again.
    const kept = marks === 0 ? NONE : this.rowOf(dest, peer)
    if (kept !== NONE) this.rows.flags[kept]! |= marks
  }

  /** The verdict on the path of a peer to a destination, `NO_SET` when there is none. */
  verdictOn(dest: number, peer: number): Verdict {
    const row = this.rowOf(dest, peer)
    return row === NONE ? NO_SET : this.rows.used[row]!
  }

  /** All paths of a peer are stale from now on; each is until it is learned again. They are used as before. */
  markStale(peer: number): void {
    this.mark(peer, STALE)
  }

  /** All paths of a peer are unheard from now on; each is until it is learned again. They are used as before. */
  markUnheard(peer: number): void {
    this.mark(peer, UNHEARD)
  }

  /**
   * Takes back stale paths of a peer, `most` at most, to destinations from id `from` on, of which it looks at `look` at most. Returns the id to go on with, or -1
   * at the end.
   */
  dropStale(peer: number, from: number, look: number, most: number): number {
    return this.dropMarked(peer, STALE, from, look, most)
  }

  /** The same for those unheard. */
  dropUnheard(peer: number, from: number, look: number, most: number): number {
    return this.dropMarked(peer, UNHEARD, from, look, most)
  }

  private mark(peer: number, flag: number): void {
    const { sets, rows } = this
    for (let set = sets.firstSetOf(peer); set !== NONE; set = sets.nextOfPeer(set)) {
      for (let row = sets.head[set]!; row !== NONE; row = rows.nextOfSet(row)) rows.flags[row]! |= flag
    }
  }

  private dropMarked(peer: number, flag: number, from: number, look: number, most: number): number {
    const end = Math.min(from + look, this.destinations.capacity)
    let left = most
    let dest = from
    for (; dest < end && left > 0; dest++) {
      const row = this.destinations.isLive(dest) ? this.rowOf(dest, peer) : NONE
      if (row === NONE || (this.rows.flags[row]! & flag) === 0) continue
      this.removeRow(row)
      left--
    }
    return dest < this.destinations.capacity ? dest : NONE
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

  /** First row of a destination, or -1; go on with `nextRow`. */
  firstRow(dest: number): number {
    return this.destinations.first[dest]!
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
    const dest = destinations.open(this.key)
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
      rows.next[row] = destinations.first[dest]!
      destinations.first[dest] = row
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
        rows.flags[row]! &= ~(STALE | UNHEARD)
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
    this.destinations.mark(dest)
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
    else if (this.destinations.first[dest] === NONE) this.destinations.mark(dest)
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
    const { rows, sets } = this
    const { first } = this.destinations
    const dest = rows.dest[row]!
    const set = rows.set[row]!
    const used = rows.used[row]!
    if (first[dest] === row) first[dest] = rows.next[row]!
    else {
      let before = first[dest]!
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
    this.destinations.mark(dest)
  }

  private admissionOf(peer: number, set: SetId): Admission | null {
    return this.peers[peer]?.admission ?? (this.sets.mobility[set] === 0 ? null : this.mobilityAdmission)
  }

  private rowOf(dest: number, peer: number): number {
    const { next, set } = this.rows
    const peerOf = this.sets.peer
    let row = this.destinations.first[dest]!
    while (row !== NONE && peerOf[set[row]!] !== peer) row = next[row]!
    return row
  }
}
