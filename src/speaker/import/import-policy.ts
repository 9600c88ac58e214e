/** What policy makes of routes on their way in: once for an attribute set, or for each of its routes where the set does not tell all. */
import type { Foreseen } from '../../policy/gate/foresee.ts'
import type { Gate } from '../../policy/gate/gate.ts'
import { SetPlans } from '../../policy/gate/set-plans.ts'
import type { Origin } from '../../policy/modules/module.ts'
import { refusal } from '../../policy/refusal.ts'
import { NOBODY, RouteDraft } from '../../policy/route-draft.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { RouteJudge } from '../../rib/route-judge.ts'
import { NO_SET, type SetId, type Verdict } from '../../rib/verdict.ts'
import type { NlriFamily } from '../../wire/nlri/family.ts'

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
  /** The sets that the states of the draft come to; `NO_SET`: not asked for yet. Held. Of as many states as have been asked for; the rest is of others. */
  private readonly byState: SetId[] = []
  private states = 0
  /** What becomes of routes that are as the plan supposes; `NO_SET`: none has come yet. And how many have come since. */
  private usual: Verdict = NO_SET
  private usuals = 0
  /** The set that the draft has begun with, and the one for which it holds the states of `readyPlan`, a plan of `readyGate`. */
  private begun: SetId = NO_SET
  private ready: SetId = NO_SET
  private readyGate: Gate | null = null
  private readyPlan = 0
  /** 1 at the offset of each route that was looked at and is as the plan supposes, from that of the first one on. */
  private readonly usualAt = new Uint8Array(1 << 16)
  private firstAt = 0
  /** Whether any have been looked at. */
  private looked = false
  /** Whether modules of the operator's have been asked about several. */
  private foreseen = false

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
    this.getReady(gate, plan)
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
    if (this.gate === null) return
    // The states of the draft are as planning or the last routes have left them.
    if (this.ready === this.set && this.readyGate === this.gate) this.plan = this.readyPlan
    else {
      this.begin(this.set)
      this.getReady(this.gate, this.gate.resume(this.plan, this.draft))
    }
  }

  /** Hot. */
  lookAhead(family: NlriFamily, nlri: Uint8Array, from: number, to: number): void {
    const { draft, gate, plan, usualAt } = this
    let at = from + Math.max(0, family.sizeOf(nlri, from, to))
    if (gate === null || at === from || at === to) return
    if (gate.canForesee(plan)) this.foreseeAll(family, nlri, from, to)
    // What is usual is known when the first route has been judged.
    this.looked = true
    this.firstAt = from
    usualAt[0] = 0
    for (let size = 0; at < to; at += size) {
      size = family.sizeOf(nlri, at, to)
      if (size < 0) return
      draft.beginRoute(nlri, at, size, 0, false)
      usualAt[at - from] = gate.isUsual(plan, draft) ? 1 : 0
    }
  }

  /** Whether routes of a peer may be asked about in one go at all. */
  asksModules(peer: number): boolean {
    return this.passageOf(peer)?.gate?.hasModules === true
  }

  /** Whether it is of use to tell of many routes of the set that is open (`foresee`) before each is judged. */
  get canForesee(): boolean {
    return this.gate?.canForesee(this.plan) === true
  }

  /** Asks modules of the operator's about these routes in one go: they are in another thread. */
  foresee(nlri: Uint8Array, routes: readonly Foreseen[]): void {
    this.gate?.foresee(this.plan, this.draft, nlri, routes)
    this.foreseen = true
  }

  private foreseeAll(family: NlriFamily, nlri: Uint8Array, from: number, to: number): void {
    const routes: Foreseen[] = []
    for (let at = from, size = 0; at < to; at += size) {
      size = family.sizeOf(nlri, at, to)
      if (size < 0) break
      if (family.check(nlri, at, size) === null) routes.push({ at, size, ageSeconds: 0, stale: false })
    }
    this.foresee(nlri, routes)
  }

  /** `ageSeconds`: since the route last changed. Hot. */
  judge(nlri: Uint8Array, at: number, size: number, ageSeconds = 0, stale = false): Verdict {
    const { draft, gate } = this
    this.made = null
    if (gate === null) return this.set
    if (this.usual !== NO_SET && this.looked && this.usualAt[at - this.firstAt] === 1) {
      this.usuals++
      return this.usual
    }
    draft.beginRoute(nlri, at, size, ageSeconds, stale)
    const verdict = this.pass(gate)
    // Where other VNIs are written into routes no route is used like another one.
    if (gate.wasUsual && this.made === null) this.usual = verdict
    return verdict
  }

  private pass(gate: Gate): Verdict {
    const { draft } = this
    if (gate.pass(this.plan, draft).judgement === 'reject') return REFUSED
    if (draft.vnis.length > 0) this.made = draft.nlri
    const { state } = draft
    if (state < 0) return this.result(this.set)
    const known = state < this.states ? this.byState[state]! : NO_SET
    if (known !== NO_SET) return known
    for (; this.states <= state; this.states++) this.byState[this.states] = NO_SET
    const result = this.result(this.set)
    if (result >= 0) this.sets.hold(result)
    this.byState[state] = result
    return result
  }

  close(): void {
    // An array cut to no length at all would be made anew for the next set.
    for (let state = 0; state < this.states; state++) if (this.byState[state]! >= 0) this.sets.release(this.byState[state]!)
    this.states = 0
    if (this.foreseen) this.gate?.forgetForeseen(this.plan)
    this.foreseen = false
    if (this.usuals > 0) this.gate?.count(this.plan, this.usuals)
    this.usual = NO_SET
    this.usuals = 0
    this.looked = false
    this.gate = null
  }

  /** The draft has begun with a set and holds the states of a plan. */
  private getReady(gate: Gate, plan: number): void {
    this.ready = this.begun
    this.readyGate = gate
    this.readyPlan = plan
    this.plan = plan
  }

  private begin(set: SetId): void {
    const { sets } = this
    this.ready = NO_SET
    this.begun = set
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
  if (!draft.edited && draft.rateClass === 0) return from
  const set = sets.deriveFrom(from, draft)
  return set === NO_SET ? TOO_LONG : set
}
