/**
 * The Adj-RIBs-In of all peers, used or not: NLRI are read here and judged by import, and routes are learned, withdrawn, kept as stale or forgotten with their peer.
 * It is built on `Paths` rather than holding it, as `Rib` is on it: one object serves every route, and none stands in the way.
 */
import { KEY_START } from '../bytes/byte-key.ts'
import { u8 } from '../bytes/octets.ts'
import { routeClass } from '../wire/nlri/route-class.ts'
import { Paths } from './paths.ts'
import { NO_JUDGE, type RouteJudge } from './route-judge.ts'
import { STALE, UNHEARD } from './rows.ts'
import { NO_SET, type SetId, type Verdict } from './verdict.ts'

const NONE = -1

export class AdjRibIn extends Paths {
  /** Routes that the last `learn` took. */
  learned = 0
  /** Judges the routes of sets that are judged by route. */
  routeJudge: RouteJudge = NO_JUDGE
  /** Called for an announced NLRI that cannot be used; its route is withdrawn (RFC 7606 §2). */
  onBadNlri: (peer: number, why: string) => void = () => {}

  /**
   * Learns every NLRI in octets `from`..`to` with attribute set `set`, whose import verdict is known. `typeVerdicts` by route class
   * (see `classOf`): a refusing verdict keeps routes of that type out of use whatever their attributes; 0 leaves it to the set. Returns the octet behind
   * the last NLRI that could be measured: `to`, or less when one overruns the field. `ageSeconds`, `stale`: of routes that nobody tells anew. Hot: allocates nothing per NLRI.
   */
  learn(
    peer: number,
    set: SetId,
    typeVerdicts: Int32Array | null,
    bytes: Uint8Array,
    from: number,
    to: number,
    ageSeconds = 0,
    stale = false,
  ): number {
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
        const verdict = typeVerdict < 0 ? typeVerdict : judge === null ? setVerdict : judge.judge(bytes, at, size, ageSeconds, stale)
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

  /** Asks anew about the path of a peer to a destination, by the verdict on its set and whoever judges its route. */
  reconsider(dest: number, peer: number, typeVerdicts: Int32Array | null): void {
    const row = this.rowOf(dest, peer)
    if (row === NONE) return
    const { rows } = this
    const marks = rows.flags[row]! & (STALE | UNHEARD)
    const since = rows.since[row]!
    const to = this.writeReceived(row, this.scratch, 0)
    this.learn(peer, rows.set[row]!, typeVerdicts, this.scratch, 0, to, this.ageOf(row), this.isStale(row))
    // It is not the peer that has said it again.
    const kept = this.rowOf(dest, peer)
    if (kept === NONE) return
    rows.flags[kept]! |= marks
    rows.since[kept] = since
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

  /** Takes back unheard paths of a peer, as `dropStale` does stale ones. */
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

  /** Withdraws the path of `peer` to the destination whose key is sealed. */
  private drop(peer: number): void {
    const dest = this.destinations.find(this.key)
    if (dest === NONE) return
    const row = this.rowOf(dest, peer)
    if (row !== NONE) this.removeRow(row)
  }
}
