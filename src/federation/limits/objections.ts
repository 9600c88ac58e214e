/** What the breakers that a route has to pass say of it: the strictest objection, and whose it is. */
import type { Breaker } from './breaker.ts'
import { EXCESS, type Excess } from './limits.ts'

export class Objections {
  /** Who has made the objection that was returned last; null: there was none. */
  objector: Breaker | null = null
  /** Called when a breaker does something else about excess from now on. */
  private readonly turned: (breaker: Breaker) => void

  constructor(turned: (breaker: Breaker) => void) {
    this.turned = turned
  }

  /** `grows`, `waited`: see `Breaker.object`. `now`: ms. Returns the strictest objection; null: there is none, or only a warning. Hot. */
  of(passage: readonly Breaker[], grows: boolean, waited: boolean, now: number): Excess | null {
    let strictest = 0
    this.objector = null
    for (const breaker of passage) {
      const what = breaker.object(grows, waited, now)
      if (what === null) continue
      // What has waited is not counted again, but whoever is well hears of it.
      if (!waited || breaker.state === 'well') this.exceeded(breaker, what, now)
      const how = EXCESS.indexOf(what)
      if (how <= strictest) continue
      strictest = how
      this.objector = breaker
    }
    return this.objector === null ? null : EXCESS[strictest]!
  }

  /** All that is in use has been counted: breakers of which more is than may be, and which nothing is taken out of use for, say so. */
  judge(breakers: Iterable<Breaker>, now: number): void {
    for (const breaker of breakers) {
      const { onExcess } = breaker.settings
      if (breaker.state === 'well' && breaker.overfull && onExcess !== 'suspend') this.exceeded(breaker, onExcess, now)
    }
  }

  private exceeded(breaker: Breaker, what: Excess, now: number): void {
    const was = breaker.state
    breaker.exceeded(what, now)
    if (breaker.state !== was) this.turned(breaker)
  }
}

export function isSuspended({ state }: Breaker): boolean {
  return state === 'suspended'
}
