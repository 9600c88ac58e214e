/** What policy makes of routes on their way in: once for an attribute set, or for each of its routes where the set does not tell all. */
import type { Gate } from '../policy/gate.ts'
import type { Origin } from '../policy/modules/module.ts'
import { refusal } from '../policy/refusal.ts'
import { NOBODY, RouteDraft } from '../policy/route-draft.ts'
import { SetPlans } from '../policy/set-plans.ts'
import { type AttributeSets, NO_SET, type SetId, type Verdict } from '../rib/attribute-sets.ts'
import type { RouteJudge } from '../rib/rib.ts'

const REFUSED = refusal('policy')
const TOO_LONG = refusal('attributes-too-long')

/** What is known of the session that a route came from. */
export interface Passage {
  readonly gate: Gate | null
  readonly origin: Origin
}

export class ImportPolicy implements RouteJudge {
  private readonly sets: AttributeSets
  private readonly passageOf: (peer: number) => Passage | undefined
  private readonly draft = new RouteDraft()
  private readonly plans = new SetPlans()
  /** What is open: a gate, a plan of it, and the set the routes begin with. */
  private gate: Gate | null = null
  private plan = 0
  private set: SetId = NO_SET
  /** The NLRI with other VNIs in it. */
  made: Uint8Array | null = null
  /** The sets that the states of the draft come to; `NO_SET`: not asked for yet. Held. */
  private readonly byState: SetId[] = []

  constructor(sets: AttributeSets, passageOf: (peer: number) => Passage | undefined) {
    this.sets = sets
    this.passageOf = passageOf
  }

  /**
   * The verdict on a set that came, of which `used` is what would be used without policy. Where it hangs on the route, this is `used` itself, and the set is
   * marked.
   */
  judgeSet(gate: Gate, set: SetId, used: SetId): Verdict {
    const { sets, draft } = this
    this.begin(used)
    const plan = gate.plan(draft)
    this.plans.remember(set, plan)
    const decision = gate.decisionOf(plan)
    let verdict: Verdict = used
    if (decision === null || draft.vnis.length > 0) sets.judgedByRoute[set] = 1
    else if (decision.judgement === 'reject') verdict = REFUSED
    else verdict = this.result(used)
    // What the boundary made for this is needed no more.
    if (used !== set && used !== verdict) sets.discard(used)
    return verdict
  }

  /** The set is refused whatever policy would say. */
  passOver(set: SetId): void {
    this.plans.passOver(set)
  }

  /** Counts routes of a set that was judged as a whole. */
  count(gate: Gate, set: SetId, routes: number): void {
    if (this.sets.judgedByRoute[set] === 0) this.plans.count(gate, set, routes)
  }

  open(peer: number, set: SetId): void {
    this.gate = this.passageOf(peer)?.gate ?? null
    this.plan = this.plans.of(set)
    this.set = this.sets.imported[set]!
    this.begin(this.set)
    if (this.gate !== null) this.plan = this.gate.resume(this.plan, this.draft)
  }

  /** `ageSeconds`: since the route last changed. Hot. */
  judge(nlri: Uint8Array, at: number, size: number, ageSeconds = 0, stale = false): Verdict {
    const { draft, gate } = this
    this.made = null
    if (gate === null) return this.set
    draft.beginRoute(nlri, at, size, ageSeconds, stale)
    if (gate.pass(this.plan, draft).judgement === 'reject') return REFUSED
    if (draft.vnis.length > 0) this.made = draft.nlri
    const { state } = draft
    if (state < 0) return this.result(this.set)
    const known = this.byState[state] ?? NO_SET
    if (known !== NO_SET) return known
    while (this.byState.length <= state) this.byState.push(NO_SET)
    const result = this.result(this.set)
    if (result >= 0) this.sets.hold(result)
    this.byState[state] = result
    return result
  }

  close(): void {
    for (const set of this.byState) if (set >= 0) this.sets.release(set)
    this.byState.length = 0
    this.gate = null
  }

  private begin(set: SetId): void {
    const { sets } = this
    const origin = this.passageOf(sets.peer[set]!)?.origin ?? NOBODY
    this.draft.begin(sets.octetsOf(set), origin)
  }

  private result(from: SetId): Verdict {
    return usedAs(this.sets, this.draft, from)
  }
}

/** The set of what a draft has become; `from`: what it began with. Not held. */
export function usedAs(sets: AttributeSets, draft: RouteDraft, from: SetId): Verdict {
  if (draft.tooLong) return TOO_LONG
  if (!draft.edited) return from
  const set = sets.deriveFrom(from, draft)
  return set === NO_SET ? TOO_LONG : set
}
