/**
 * Which MACs have moved of late, and between whom. Kept for MACs with MAC mobility alone, for as many as there is room for, those longest at rest leaving first:
 * what forgets a MAC too early freezes it later, and never wrongly. A MAC is a row, known by a number until it is dropped; sides are numbers (`sides.ts`).
 */
import type { ByteKey } from '../../bytes/byte-key.ts'
import { ByteTable } from '../../bytes/byte-table.ts'
import { Chains } from '../../bytes/chains.ts'
import { capacityFor, grownFloat64, grownInt32, grownUint32 } from '../../bytes/columns.ts'

const NONE = -1
/** All are on one list. */
const ALL = 0
const FIRST = 64
/** Sides of one MAC of which it is remembered what they said. */
const MOST_CLAIMS = 16
/** Rows looked at for each that begins: more than one, so that those at rest become fewer. */
const LEAVING = 2

export class WatchedMacs {
  /** MACs that had to make room although they had moved of late. */
  forgotten = 0
  private readonly most: number
  private readonly table = new ByteTable()
  private side = new Int32Array(FIRST)
  private sequence = new Uint32Array(FIRST)
  /** When that was heard first, in seconds. */
  private raisedAt = new Float64Array(FIRST)
  /** When it was heard of first, which counts as a move, in seconds. */
  private begunAt = new Float64Array(FIRST)
  private claims = new Int32Array(FIRST)
  /** In the order of `raisedAt`. */
  private readonly order = new Chains()
  /** Of those that have moved since: when, in seconds, oldest first. */
  private readonly moves = new Map<number, number[]>()
  /** What sides said last, rows of lists: the side, the destination in the RIB, the next row; free ones are a list too. */
  private claimSide = new Int32Array(FIRST)
  private claimDest = new Int32Array(FIRST)
  private claimNext = new Int32Array(FIRST)
  private claimTop = 0
  private freeClaim = NONE

  constructor(most: number) {
    this.most = most
  }

  get size(): number {
    return this.table.size
  }

  /** The MAC of a sealed key; -1 when nothing is known of it, or nothing has happened for longer than `restSeconds`. Hot. */
  find(key: ByteKey, now: number, restSeconds: number): number {
    const mac = this.table.find(key)
    if (mac < 0 || now - this.raisedAt[mac]! <= restSeconds) return mac
    this.drop(mac)
    return NONE
  }

  /** Begins to watch a MAC that has come, moved, with this sequence. Where it was before nobody knows: it counts as moved once. Hot. */
  begin(key: ByteKey, side: number, sequence: number, now: number, restSeconds: number): number {
    for (let leaving = 0; leaving < LEAVING && this.size > 0; leaving++) {
      const oldest = this.order.firstOf(ALL)
      const atRest = now - this.raisedAt[oldest]! > restSeconds
      if (!atRest && this.size < this.most) break
      if (!atRest) this.forgotten++
      this.drop(oldest)
    }
    const mac = this.table.upsert(key)
    if (mac >= this.side.length) this.grow(mac)
    this.side[mac] = side
    this.sequence[mac] = sequence
    this.raisedAt[mac] = now
    this.begunAt[mac] = now
    this.claims[mac] = NONE
    this.order.append(mac, ALL)
    return mac
  }

  /** A higher sequence from where the MAC is, or from another side: that is a move. */
  raise(mac: number, side: number, sequence: number, now: number): void {
    this.side[mac] = side
    this.sequence[mac] = sequence
    this.raisedAt[mac] = now
    this.order.remove(mac)
    this.order.append(mac, ALL)
  }

  drop(mac: number): void {
    this.order.remove(mac)
    this.moves.delete(mac)
    for (let claim = this.claims[mac]!; claim !== NONE; ) {
      const next = this.claimNext[claim]!
      this.claimNext[claim] = this.freeClaim
      this.freeClaim = claim
      claim = next
    }
    this.table.remove(mac)
  }

  clear(): void {
    while (this.size > 0) this.drop(this.order.firstOf(ALL))
  }

  /** Where it is. */
  sideOf(mac: number): number {
    return this.side[mac]!
  }

  /** Highest sequence heard. */
  sequenceOf(mac: number): number {
    return this.sequence[mac]!
  }

  /** It moves from domain to domain. Returns how often it has within so many seconds, this time too. */
  moved(mac: number, now: number, withinSeconds: number): number {
    const before = this.moves.get(mac) ?? [this.begunAt[mac]!]
    const moves = before.filter((at) => now - at <= withinSeconds)
    moves.push(now)
    this.moves.set(mac, moves)
    return moves.length
  }

  /** Its oldest move does not count any more. */
  forgetMove(mac: number): void {
    this.moves.get(mac)?.shift()
  }

  /** What a side says of it is about this destination from now on; of no more than some sides. Hot. */
  claim(mac: number, side: number, dest: number): void {
    let sides = 0
    for (let claim = this.claims[mac]!; claim !== NONE; claim = this.claimNext[claim]!) {
      if (this.claimSide[claim] === side) {
        this.claimDest[claim] = dest
        return
      }
      sides++
    }
    if (sides === MOST_CLAIMS) return
    const claim = this.newClaim()
    this.claimSide[claim] = side
    this.claimDest[claim] = dest
    this.claimNext[claim] = this.claims[mac]!
    this.claims[mac] = claim
  }

  /** The destination of what a side said last; -1: nothing. */
  claimOf(mac: number, side: number): number {
    for (let claim = this.claims[mac]!; claim !== NONE; claim = this.claimNext[claim]!)
      if (this.claimSide[claim] === side) return this.claimDest[claim]!
    return NONE
  }

  /** All sides that have said something of it, first ones first. */
  sidesOf(mac: number): number[] {
    const sides: number[] = []
    for (let claim = this.claims[mac]!; claim !== NONE; claim = this.claimNext[claim]!) sides.unshift(this.claimSide[claim]!)
    return sides
  }

  private newClaim(): number {
    const free = this.freeClaim
    if (free !== NONE) {
      this.freeClaim = this.claimNext[free]!
      return free
    }
    if (this.claimTop === this.claimNext.length) {
      const capacity = 2 * this.claimTop
      this.claimSide = grownInt32(this.claimSide, capacity)
      this.claimDest = grownInt32(this.claimDest, capacity)
      this.claimNext = grownInt32(this.claimNext, capacity)
    }
    return this.claimTop++
  }

  private grow(mac: number): void {
    const capacity = capacityFor(mac, this.side.length)
    this.side = grownInt32(this.side, capacity)
    this.sequence = grownUint32(this.sequence, capacity)
    this.raisedAt = grownFloat64(this.raisedAt, capacity)
    this.begunAt = grownFloat64(this.begunAt, capacity)
    this.claims = grownInt32(this.claims, capacity)
  }
}
