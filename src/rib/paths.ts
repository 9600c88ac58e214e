/**
 * The paths of all peers to all destinations, as columns. A path is a row (`rows.ts`) that names its destination, the attribute set it came with, the set it is used
 * with after import policy, and its rest (the NLRI octets that are not key, interned: routes of one VN share them). Here paths are put in, changed and taken out,
 * with everything counted and held that goes with them; `adj-rib-in.ts` reads NLRI and says which.
 */
import { ByteKey } from '../bytes/byte-key.ts'
import type { NlriFamily } from '../wire/nlri/family.ts'
import { type Admission, NOT_KEPT } from './admission.ts'
import type { AttributeSets } from './attribute-sets.ts'
import { Destinations } from './destinations.ts'
import { ImportCounts } from './import-counts.ts'
import { Rests } from './rests.ts'
import type { RibPeer } from './rib-peer.ts'
import { CHANGED, Rows, STALE, UNHEARD } from './rows.ts'
import { NO_SET, type SetId, type Verdict } from './verdict.ts'

const NONE = -1

export class Paths {
  readonly family: NlriFamily
  readonly sets: AttributeSets
  /** Peers by id. */
  readonly peers: (RibPeer | undefined)[] = []
  readonly destinations = new Destinations()
  readonly rows = new Rows()
  readonly rests = new Rests()
  /** Called before a path is taken out, while it is still whole; null: nobody wants to know. */
  onRemove: ((row: number) => void) | null = null
  /** Who has the last word on paths with MAC mobility, of peers without an admission of their own; null: nobody. */
  mobilityAdmission: Admission | null = null
  /** The time, in whole seconds on any clock that never goes back: set by whoever hands in routes. */
  nowSeconds = 0
  /** The route key of the NLRI at hand. */
  protected readonly key = new ByteKey(512)
  /** For an NLRI that is looked at again. */
  protected readonly scratch = new Uint8Array(512)
  private readonly counts = new ImportCounts()

  constructor(family: NlriFamily, sets: AttributeSets) {
    this.family = family
    this.sets = sets
  }

  /** Number of paths held. */
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

  /** First row of a destination, or -1; go on with `nextRow`. */
  firstRow(dest: number): number {
    return this.destinations.first[dest]!
  }

  /** Next row of the same destination, or -1. */
  nextRow(row: number): number {
    return this.rows.next[row]!
  }

  /** Peer id of a path. */
  peerOf(row: number): number {
    return this.sets.peer[this.rows.set[row]!]!
  }

  /** Seconds since a path came or last changed. */
  ageOf(row: number): number {
    return Math.max(0, this.nowSeconds - this.rows.since[row]!)
  }

  /** Whether the peer of a path is lost, and has not told the path again since. */
  isStale(row: number): boolean {
    return (this.rows.flags[row]! & STALE) !== 0
  }

  /** Writes the NLRI of a path as it is used, at `to`; returns the offset behind. Hot. */
  writeNlri(row: number, out: Uint8Array, to: number): number {
    return this.writeWith(row, this.rows.rest[row]!, out, to)
  }

  /** Writes the NLRI of a path as the peer sent it, at `to`; returns the offset behind. */
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

  /**
   * Stores the path of a peer to the destination whose key is sealed, in place of the one it had. The NLRI is the `size` octets at `at`; `made`, if not null, the NLRI that
   * the path is used with instead. Hot.
   */
  protected store(
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

  /** Gives a path another import verdict. Admission may decide otherwise, and not even keep the path. */
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

  /** Gives a path other path data, those of the NLRI in `made`; null: its own. */
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

  /** The verdict with which a path is stored, after `admission` has been asked. */
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

  /** The verdict with which a stored path is used from now on, where import wants another one: after admission has been asked. */
  private admittedAnew(row: number, peer: number, before: Verdict, wanted: Verdict): Verdict {
    const admission = this.admissionOf(peer, this.rows.set[row]!)
    if (admission === null) return wanted
    const dest = this.rows.dest[row]!
    if (wanted >= 0) return admission.admit(dest, peer, before, wanted, false, this.scratch, 0, this.writeReceived(row, this.scratch, 0))
    admission.ended(dest, peer, before)
    return wanted
  }

  /** Lets go a new path that admission does not keep, and the one it would have replaced. */
  private leaveOut(dest: number, row: number, set: SetId, rest: number): void {
    this.sets.release(set)
    this.rests.release(rest)
    if (row !== NONE) this.removeRow(row, false)
    else if (this.destinations.first[dest] === NONE) this.destinations.mark(dest)
  }

  /** Takes a path out. `told`: whether admission is told of its end. */
  protected removeRow(row: number, told = true): void {
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
    // While the sets are still there. The admission for MAC mobility is told only of paths that were refused.
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

  /** Who has the last word on paths of a peer with this set; null: nobody. */
  protected admissionOf(peer: number, set: SetId): Admission | null {
    return this.peers[peer]?.admission ?? (this.sets.mobility[set] === 0 ? null : this.mobilityAdmission)
  }

  /** The path of a peer to a destination, or -1. Hot. */
  protected rowOf(dest: number, peer: number): number {
    const { next, set } = this.rows
    const peerOf = this.sets.peer
    let row = this.destinations.first[dest]!
    while (row !== NONE && peerOf[set[row]!] !== peer) row = next[row]!
    return row
  }
}
