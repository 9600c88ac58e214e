import type { AttributeSets } from './attribute-sets.ts'
import { compare } from './decision.ts'
import type { RibPeer } from './rib-peer.ts'
import type { Rows } from './rows.ts'

const NONE = -1

/** The best of several paths to one destination, where `compare` (`decision.ts`) says which of two is better. */
export class Ranking {
  private readonly rows: Rows
  private readonly sets: AttributeSets
  private readonly peers: readonly (RibPeer | undefined)[]

  /** `peers` by id. */
  constructor(rows: Rows, sets: AttributeSets, peers: readonly (RibPeer | undefined)[]) {
    this.rows = rows
    this.sets = sets
    this.peers = peers
  }

  /** The best row of the list that begins with `first`, or -1 when none is in use. `macIp`: MAC mobility comes first. Hot. */
  best(first: number, macIp: boolean): number {
    const { rows } = this
    const { med } = this.sets
    let found = NONE
    let usable = 0
    let withMed = false
    for (let row = first; row !== NONE; row = rows.next[row]!) {
      const used = rows.used[row]!
      if (used < 0) continue
      usable++
      if (med[used] !== 0) withMed = true
      if (found === NONE || this.beats(row, found, macIp)) found = row
    }
    return withMed && usable > 2 ? this.bestByNeighbor(first, macIp) : found
  }

  /**
   * The best row where MEDs count. They rank only the paths of one neighbour AS, so "better" is no order across several ASes and the outcome would depend on
   * which came first. So: the best of each neighbour AS first, then the best of those (RFC 4271 §9.1.2.2 c).
   */
  private bestByNeighbor(first: number, macIp: boolean): number {
    const { rows } = this
    let found = NONE
    for (let row = first; row !== NONE; row = rows.next[row]!) {
      if (rows.used[row]! < 0 || this.beatenByNeighbor(row, first, macIp)) continue
      if (found === NONE || this.beats(row, found, macIp)) found = row
    }
    return found
  }

  private beatenByNeighbor(row: number, first: number, macIp: boolean): boolean {
    const { rows } = this
    const { neighborAs } = this.sets
    const neighbor = neighborAs[rows.used[row]!]
    for (let other = first; other !== NONE; other = rows.next[other]!) {
      const used = rows.used[other]!
      if (used >= 0 && other !== row && neighborAs[used] === neighbor && this.beats(other, row, macIp)) return true
    }
    return false
  }

  private beats(row: number, other: number, macIp: boolean): boolean {
    const { sets, peers } = this
    const a = this.rows.used[row]!
    const b = this.rows.used[other]!
    return compare(sets, a, b, peers[sets.peer[a]!]!, peers[sets.peer[b]!]!, macIp) > 0
  }
}
