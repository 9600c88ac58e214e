/** What other import policies would make of the paths that are held: as `reimport.ts` asks, but that nothing is noted anywhere. */

import { capacityFor, grownInt32 } from '../../bytes/columns.ts'
import type { Gate } from '../../policy/gate/gate.ts'
import { refusal } from '../../policy/refusal.ts'
import { RouteDraft } from '../../policy/route-draft.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId, Verdict } from '../../rib/verdict.ts'
import { LONGEST_NLRI } from '../../wire/nlri/family.ts'
import { usedAs } from '../import/import-policy.ts'
import type { Attachment } from '../sources/attachment.ts'

const REFUSED = refusal('policy')
/** Plans are kept with this added; 0: the gate has not been asked about the set. */
const KNOWN = 2

export class ImportForecast {
  private readonly rib: Rib
  private readonly draft = new RouteDraft()
  private readonly nlri = new Uint8Array(LONGEST_NLRI)
  private readonly plans = new Map<Gate, Int32Array<ArrayBuffer>>()
  /** Sets that were made for an answer; held until `release`. */
  private readonly held: SetId[] = []
  /** The NLRI that the path judged last would be used with; null: that which it came with. */
  made: Uint8Array | null = null

  constructor(rib: Rib) {
    this.rib = rib
  }

  /** The verdict on the path in `row` of a session with this gate. A set in it is held until `release`. */
  judge(row: number, session: Attachment, gate: Gate | null): Verdict {
    const { rib, nlri } = this
    this.made = null
    const verdict = this.policed(row, session, gate)
    const admission = rib.peers[session.inbound.peer]?.admission
    if (verdict < 0 || admission === undefined) return verdict
    const misfit = admission.misfit(verdict, nlri, 0, rib.writeReceived(row, nlri, 0))
    return misfit === 0 ? verdict : misfit
  }

  /** As far as boundary and policy have a say. */
  private policed(row: number, { inbound, origin }: Attachment, gate: Gate | null): Verdict {
    const { rib, draft, nlri } = this
    const { sets, rows } = rib
    const byType = inbound.typeVerdicts?.[rib.destinations.classOf(rows.dest[row]!)] ?? 0
    if (byType < 0) return byType
    const base = this.keep(inbound.base(rows.set[row]!))
    if (base < 0 || gate === null) return base
    const plan = this.planOf(gate, base, origin)
    if (gate.decisionOf(plan)?.judgement === 'reject') return REFUSED
    draft.begin(sets.octetsOf(base), origin)
    const asking = gate.resume(plan, draft)
    draft.beginRoute(nlri, 0, rib.writeReceived(row, nlri, 0), rib.ageOf(row), rib.isStale(row))
    if (gate.pass(asking, draft).judgement === 'reject') return REFUSED
    if (draft.vnis.length > 0) this.made = draft.nlri
    return this.keep(usedAs(sets, draft, base))
  }

  /** Lets go what was held for answers. */
  release(): void {
    for (const set of this.held) this.rib.sets.release(set)
    this.held.length = 0
  }

  /** A set id names a new set. */
  forget(set: SetId): void {
    for (const plans of this.plans.values()) if (set < plans.length) plans[set] = 0
  }

  private keep(verdict: Verdict): Verdict {
    if (verdict >= 0) {
      this.rib.sets.hold(verdict)
      this.held.push(verdict)
    }
    return verdict
  }

  private planOf(gate: Gate, set: SetId, origin: Attachment['origin']): number {
    let plans = this.plans.get(gate) ?? new Int32Array(1024)
    if (set >= plans.length) plans = grownInt32(plans, capacityFor(set, plans.length))
    this.plans.set(gate, plans)
    if (plans[set] === 0) {
      this.draft.begin(this.rib.sets.octetsOf(set), origin)
      plans[set] = gate.plan(this.draft) + KNOWN
    }
    return plans[set]! - KNOWN
  }
}
