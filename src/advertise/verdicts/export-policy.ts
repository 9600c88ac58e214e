/**
 * What policy makes of routes on their way to the members of one update group. Where the decision depends on the route itself and not on its set alone, it is
 * remembered which routes are told: once a route is gone, policy can no longer be asked about it.
 */

import { Bitmap } from '../../bytes/bitmap.ts'
import type { Gate } from '../../policy/gate/gate.ts'
import { SetPlans } from '../../policy/gate/set-plans.ts'
import type { Trace } from '../../policy/gate/trace.ts'
import type { Origin } from '../../policy/modules/module.ts'
import { refusal } from '../../policy/refusal.ts'
import { RouteDraft, type RouteOctets, type VniMap } from '../../policy/route-draft.ts'
import type { Rib } from '../../rib/rib.ts'
import { NO_SET, type SetId, type Verdict } from '../../rib/verdict.ts'
import { LONGEST_NLRI } from '../../wire/nlri/family.ts'
import type { Exporter } from '../exporter/exporter.ts'

const REFUSED = refusal('policy')
const TOO_LONG = refusal('attributes-too-long')
/** What is said of a set. */
export const BY_ROUTE = 1

export class ExportPolicy {
  private readonly rib: Rib
  private readonly exporter: Exporter
  private readonly gate: Gate
  private readonly originOf: (peer: number) => Origin
  private readonly draft = new RouteDraft()
  private readonly nlri = new Uint8Array(LONGEST_NLRI)
  private readonly plans = new SetPlans()
  /** Destinations told to the group, where that depends on the route. */
  private readonly told = new Bitmap()
  /** Destinations that policy would tell and that no message has room for. */
  private readonly tooLong = new Bitmap()
  /** The set the draft has begun with; `NO_SET`: none that `shape` may go on with. */
  private begun: SetId = NO_SET
  /** What `Gate.resume` has given for that set. */
  private plan = 0
  /** What `shape` has made of VNIs. */
  vnis: readonly VniMap[] = []

  constructor(rib: Rib, exporter: Exporter, gate: Gate, originOf: (peer: number) => Origin) {
    this.rib = rib
    this.exporter = exporter
    this.gate = gate
    this.originOf = originOf
  }

  /** 0: routes of the set may be told; a refusing verdict; or `BY_ROUTE`. Called once per set. `edited` tells whether they leave as others than they are. */
  judge(set: SetId): number {
    this.begin(set)
    const plan = this.gate.plan(this.draft)
    this.plans.remember(set, plan)
    const decision = this.gate.decisionOf(plan)
    if (decision === null) return BY_ROUTE
    if (decision.judgement === 'reject') return REFUSED
    return this.draft.tooLong ? TOO_LONG : 0
  }

  /** The set is kept from the group whatever policy would say. */
  passOver(set: SetId): void {
    this.plans.passOver(set)
  }

  /** Whether the set judged last leaves as another one. */
  get edited(): boolean {
    return this.draft.edited || this.draft.vnis.length > 0
  }

  /** Decides whether a route is told, where that hangs on the route, and remembers it. Returns 0 or the refusal. */
  decide(dest: number, set: SetId, row: number): Verdict {
    const accepted = this.run(set, row)
    if (accepted && this.draft.tooLong) return this.outgrown(dest)
    this.tooLong.remove(dest)
    if (accepted) this.told.add(dest)
    else this.told.remove(dest)
    return accepted ? 0 : REFUSED
  }

  /** A route that was decided to be told is not: no message has room for it. Returns the refusal. */
  outgrown(dest: number): Verdict {
    this.told.remove(dest)
    this.tooLong.add(dest)
    return TOO_LONG
  }

  /** What has become of the set, or the route, that was asked about last. */
  get shapedOctets(): RouteOctets {
    return this.draft
  }

  /** Why a route passes or not. */
  trace(set: SetId, row: number): Trace {
    const { draft, rib, nlri } = this
    this.begin(set)
    draft.beginRoute(nlri, 0, rib.writeNlri(row, nlri, 0), rib.ageOf(row), rib.isStale(row))
    const traced = this.gate.trace(draft)
    draft.withoutRoute()
    return traced
  }

  /** What has been decided. */
  standing(dest: number): Verdict {
    if (this.told.has(dest)) return 0
    return this.tooLong.has(dest) ? TOO_LONG : REFUSED
  }

  /** The set that a route of `set` leaves with, `vnis` what is done to its VNIs: of the route asked last, if `row` is it. Not held. */
  shape(set: SetId, row: number): SetId {
    this.run(set, row)
    return this.shaped(set)
  }

  /** The set of the route that was decided last. Not held. */
  shaped(set: SetId): SetId {
    const { draft } = this
    this.vnis = draft.vnis
    if (!draft.edited || draft.tooLong) return set
    const made = this.rib.sets.deriveFrom(set, draft, true)
    return made === NO_SET ? set : made
  }

  count(set: SetId, routes: number): void {
    this.plans.count(this.gate, set, routes)
  }

  /** Whether the route passes; the draft is what has become of it. */
  private run(set: SetId, row: number): boolean {
    const { rib, draft, gate, nlri } = this
    if (this.begun !== set) {
      this.begin(set)
      this.plan = gate.resume(this.plans.of(set), draft)
      this.begun = set
    }
    draft.beginRoute(nlri, 0, rib.writeNlri(row, nlri, 0), rib.ageOf(row), rib.isStale(row))
    return gate.pass(this.plan, draft).judgement === 'accept'
  }

  /** Forgets for which set the draft was used: its id may name another set by the next call. */
  forgetDraft(): void {
    this.begun = NO_SET
  }

  private begin(set: SetId): void {
    const { sets } = this.rib
    this.begun = NO_SET
    this.draft.begin(sets.octetsOf(set), this.originOf(sets.peer[set]!), this.exporter.beforePolicy)
  }
}
