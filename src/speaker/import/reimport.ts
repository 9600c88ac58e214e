/** Asks import again about the routes that peers have sent, because other rules hold: in slices, and without a word to the peers. */

import type { Foreseen } from '../../policy/gate/foresee.ts'
import type { Rib } from '../../rib/rib.ts'
import { NO_SET, type SetId, type Verdict } from '../../rib/verdict.ts'
import { LONGEST_NLRI } from '../../wire/nlri/family.ts'
import type { ImportPolicy } from './import-policy.ts'
import type { Inbound } from './inbound.ts'

const NONE = -1
/** Most routes that modules of the operator's are asked about in one go. */
const TOGETHER_MOST = 64

/** Attribute sets on which the verdict may be another one by now, although the rules are the same. */
export interface DoubtfulSets {
  /** Whether there is any, or may be. */
  readonly any: boolean
  /** The next one, which has been judged before; `NO_SET`: it took a step, and has found none yet. */
  take(): SetId
}

export class Reimport {
  /** Who knows of sets to be judged anew; null: nobody does. */
  doubtful: DoubtfulSets | null = null
  private readonly rib: Rib
  private readonly policy: ImportPolicy
  private readonly inboundOf: (peer: number) => Inbound | undefined
  private readonly nlri = new Uint8Array(TOGETHER_MOST * LONGEST_NLRI)
  /** Peer ids whose routes are asked about. */
  private readonly peers = new Set<number>()
  private position = 0

  constructor(rib: Rib, policy: ImportPolicy, inboundOf: (peer: number) => Inbound | undefined) {
    this.rib = rib
    this.policy = policy
    this.inboundOf = inboundOf
  }

  get pending(): boolean {
    return this.peers.size > 0 || this.inDoubt
  }

  private get inDoubt(): boolean {
    return this.rib.rows.walked !== NONE || this.doubtful?.any === true
  }

  /** Begins with the routes of these peers; of others that are not done yet from the beginning again. */
  begin(inbound: Inbound): void {
    inbound.changeRules()
    this.peers.add(inbound.peer)
    this.position = 0
  }

  /** Asks about up to `limit` more routes of sets in doubt, or about those to so many more destinations. */
  advance(limit: number): void {
    const left = this.settleDoubts(limit)
    if (left > 0 && this.peers.size > 0) this.askAll(left)
  }

  /** Judges sets in doubt anew, and where that gives another verdict asks about their routes: no others cost anything. Returns how many more may be asked about. */
  private settleDoubts(limit: number): number {
    const { rib } = this
    const { rows, sets } = rib
    let left = limit
    for (; left > 0 && this.inDoubt; left--) {
      const row = rows.walked
      if (row === NONE) {
        const set = this.doubtful?.take() ?? NO_SET
        if (set !== NO_SET && this.judgesOtherwise(set)) rows.walked = sets.head[set]!
        continue
      }
      rows.walked = rows.nextOfSet(row)
      const verdict = this.ask(rows.dest[row]!, row)
      if (verdict !== NO_SET) rib.use(row, verdict)
    }
    return left
  }

  /** Judges a set anew. Returns whether the verdict is another one. */
  private judgesOtherwise(set: SetId): boolean {
    const { sets } = this.rib
    const inbound = this.inboundOf(sets.peer[set]!)
    const before = sets.imported[set]!
    if (inbound === undefined || before === NO_SET) return false
    inbound.rejudge(sets, set)
    return sets.imported[set] !== before
  }

  private askAll(limit: number): void {
    const { rib, peers } = this
    const end = Math.min(this.position + limit, rib.destinations.capacity)
    for (let dest = this.position; dest < end; dest++) {
      if (!rib.destinations.isLive(dest)) continue
      const together = this.askTogether(dest, end)
      if (together > 0) {
        dest += together - 1
        continue
      }
      for (let row = rib.firstRow(dest), next = -1; row >= 0; row = next) {
        next = rib.nextRow(row)
        if (!peers.has(rib.peerOf(row))) continue
        const verdict = this.ask(dest, row)
        if (verdict !== NO_SET) rib.use(row, verdict)
      }
    }
    this.position = end
    if (end === rib.destinations.capacity) peers.clear()
  }

  /**
   * Asks about the only paths to destinations `dest` and on, if they came with one set of which modules of the operator's are asked about each route: about all
   * in one go. Returns how many there were; 0: it is not so.
   */
  private askTogether(dest: number, end: number): number {
    const { rib, policy, nlri } = this
    const { sets } = rib
    const set = this.setOfOnlyPath(dest)
    const inbound = set === NO_SET ? undefined : this.inboundOf(sets.peer[set]!)
    if (inbound === undefined || !policy.asksModules(inbound.peer) || !this.peers.has(inbound.peer)) return 0
    if (dest + 1 >= end || this.setOfOnlyPath(dest + 1) !== set) return 0
    // Who has the last word may ask about other routes meanwhile.
    if (rib.peers[inbound.peer]?.admission != null || sets.mobility[set] !== 0) return 0
    if (sets.judgedBy[set] !== inbound.rules) inbound.rejudge(sets, set)
    if (sets.judgedByRoute[set] === 0) return 0
    policy.open(inbound.peer, set)
    const routes: (Foreseen & { readonly row: number })[] = []
    if (policy.canForesee) {
      const last = Math.min(end, dest + TOGETHER_MOST)
      for (let next = dest, at = 0; next < last && this.setOfOnlyPath(next) === set; next++) {
        if ((inbound.typeVerdicts?.[rib.destinations.classOf(next)] ?? 0) < 0) break
        const row = rib.firstRow(next)
        const size = rib.writeReceived(row, nlri, at) - at
        routes.push({ row, at, size, ageSeconds: rib.ageOf(row), stale: rib.isStale(row) })
        at += size
      }
      policy.foresee(nlri, routes)
    }
    for (const { row, at, size, ageSeconds, stale } of routes) {
      const verdict = policy.judge(nlri, at, size, ageSeconds, stale)
      rib.use(row, verdict, verdict < 0 ? null : policy.made)
    }
    policy.close()
    return routes.length
  }

  /** The set of the path to a destination that has one alone; `NO_SET`: it has none or several. */
  private setOfOnlyPath(dest: number): SetId {
    const { rib } = this
    const row = rib.destinations.isLive(dest) ? rib.firstRow(dest) : -1
    return row < 0 || rib.nextRow(row) >= 0 ? NO_SET : rib.rows.set[row]!
  }

  /** The verdict to use; `NO_SET`: there is nobody to ask, or it is used already. */
  private ask(dest: number, row: number): Verdict {
    const { rib, policy, nlri } = this
    const { sets, rows } = rib
    const set = rows.set[row]!
    const inbound = this.inboundOf(sets.peer[set]!)
    // A peer that is gone takes its routes with it.
    if (inbound === undefined) return NO_SET
    if (sets.judgedBy[set] !== inbound.rules) inbound.rejudge(sets, set)
    const byType = inbound.typeVerdicts?.[rib.destinations.classOf(dest)] ?? 0
    if (byType < 0) return byType
    if (sets.judgedByRoute[set] === 0) {
      inbound.counted?.(set, 1)
      return sets.imported[set]!
    }
    policy.open(inbound.peer, set)
    const verdict = policy.judge(nlri, 0, rib.writeReceived(row, nlri, 0), rib.ageOf(row), rib.isStale(row))
    // Closing lets go of a set that is not held yet.
    rib.use(row, verdict, verdict < 0 ? null : policy.made)
    policy.close()
    return NO_SET
  }
}
