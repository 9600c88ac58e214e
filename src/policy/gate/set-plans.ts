/** The plan of every attribute set, by set id: what a gate has made of the set, to be asked or counted again when its routes come. */
import { capacityFor, grownInt32 } from '../../bytes/columns.ts'
import type { Gate } from './gate.ts'

/** In place of a plan: the set is refused whatever policy would say, and policy has not been asked. */
const UNASKED = -2

export class SetPlans {
  private plans = new Int32Array(1024)

  /** Number of the plan of a set, in the gate that has been asked about it. */
  of(set: number): number {
    return this.plans[set]!
  }

  remember(set: number, plan: number): void {
    if (set >= this.plans.length) this.plans = grownInt32(this.plans, capacityFor(set, this.plans.length))
    this.plans[set] = plan
  }

  /** The set is refused whatever policy would say: it has no plan. */
  passOver(set: number): void {
    this.remember(set, UNASKED)
  }

  /** Counts routes of a set that `gate` was asked about as a whole; of one it was not asked about, none. */
  count(gate: Gate, set: number, routes: number): void {
    const plan = this.of(set)
    if (plan !== UNASKED) gate.count(plan, routes)
  }
}
