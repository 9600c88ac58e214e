import type { AttributeSets } from '../../rib/attribute-sets.ts'
import { NO_SET, type SetId, type Verdict } from '../../rib/verdict.ts'
import type { AttributeContext } from '../../wire/attribute/attribute.ts'
import type { AddressFamily } from '../../wire/negotiated.ts'
import type { FaultCounts } from '../faults/fault-counts.ts'
import type { FaultReach } from '../faults/fault-ring.ts'

/** One Established session, as the intake sees it. */
export class Inbound {
  /** Peer id in the RIB. */
  readonly peer: number
  readonly context: AttributeContext
  readonly families: readonly AddressFamily[]
  /** Verdict on a set of this peer: the set to use, or a refusal. Asked once per set. */
  readonly judge: (set: SetId) => Verdict
  readonly typeVerdicts: Int32Array | null
  /** Told how many routes of a set came; null: nobody counts. */
  counted: ((set: SetId, routes: number) => void) | null = null
  /** What the verdict on a set would be without policy. */
  base: (set: SetId) => Verdict = (set) => set
  /** Number of the rules that sets are judged by. */
  rules = 0
  /** What was wrong in the UPDATE being read, with the widest reach; null: nothing. */
  noted: { reach: FaultReach; why: string } | null = null
  /** Counts an attribute that was left out. */
  readonly discarded = (why: string): void => this.fault('attribute-discard', why)
  private readonly counts: FaultCounts
  /** Set of the last UPDATE (held), and the octets it was made of. */
  lastSet: SetId = NO_SET
  last = new Uint8Array(256)
  lastLength = -1
  lastNextHopLength = 0
  updates = 0

  constructor(
    peer: number,
    context: AttributeContext,
    families: readonly AddressFamily[],
    judge: (set: SetId) => Verdict,
    typeVerdicts: Int32Array | null,
    counts: FaultCounts,
  ) {
    this.peer = peer
    this.context = context
    this.families = families
    this.judge = judge
    this.typeVerdicts = typeVerdicts
    this.counts = counts
  }

  /** Other rules hold from now on: sets are judged anew. */
  changeRules(): void {
    this.rules++
    // The set of the next UPDATE is looked at again, even if it is that of the last one.
    this.lastLength = -1
  }

  /** Judges a set by the rules that hold now. */
  rejudge(sets: AttributeSets, set: SetId): void {
    sets.judgedByRoute[set] = 0
    sets.setImported(set, this.judge(set), this.rules)
  }

  /** Counts what was left out or taken back: never lost silently. */
  fault(reach: FaultReach, why: string): void {
    this.counts.add(reach, why)
    if (this.noted === null || reach === 'treat-as-withdraw') this.noted = { reach, why }
  }
}
