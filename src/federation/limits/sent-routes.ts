/**
 * How much of what one other domain sends is used, and what waits because it would be too much. Limits are on all its routes, on those of a VN, of a type and of a rate class
 * (`limits.ts`). What is used already when there are other limits is counted (`used-routes.ts`) a slice in each tick: until all of it is,
 * what would be used anew of what is limited in routes waits. Pure: the time is handed in.
 */
import type { Membership } from '../../domain/membership.ts'
import { refusal } from '../../policy/refusal.ts'
import { type Admission, NOT_KEPT } from '../../rib/admission.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId, Verdict } from '../../rib/verdict.ts'
import type { FederatedDomain } from '../settings.ts'
import type { Breaker } from './breaker.ts'
import { Breakers, limitsOnSent } from './breakers.ts'
import { HeldRoutes } from './held-routes.ts'
import type { Excess } from './limits.ts'
import { isSuspended, Objections } from './objections.ts'
import { Sweep } from './sweep.ts'
import { UsedRoutes } from './used-routes.ts'

const HELD = refusal('held-by-limit')
const SUSPENDED = refusal('suspended-by-limit')
/** Routes asked anew in one go, for one breaker; destinations looked at in one go when one suspends; and counted in one go: about 5 ms of work each. */
const SLICE = 1024
const SWEEP = 16_384
const COUNT = 32_768

export class SentRoutes {
  /** Time of what comes next, in ms: told by whoever hands in routes. */
  now: number
  /** Called when a breaker opens or closes. */
  onChange: (breaker: Breaker) => void = () => {}
  /** Something was not kept for which there is room again: the other side is to be asked for all of it. */
  wantsRefresh = false
  /** The route being asked about has waited. */
  waited = false
  readonly breakers: Breakers
  private readonly rib: Rib
  private readonly membership: Membership
  private readonly reconsider: (dest: number, peer: number) => void
  private readonly objections = new Objections((breaker) => this.turned(breaker))
  private readonly held = new HeldRoutes()
  /** So many that wait longest for a breaker are asked about anew, whether it has room or not. */
  private readonly anew = new Map<Breaker, number>()
  /** For what is used and a suspension is on. */
  private readonly sweep = new Sweep()
  private readonly used: UsedRoutes

  /** `admission` has the last word on its sessions' routes; `reconsider` has it asked again about one. `now`: ms. */
  constructor(rib: Rib, membership: Membership, admission: Admission, reconsider: (dest: number, peer: number) => void, now: number) {
    this.rib = rib
    this.membership = membership
    this.reconsider = reconsider
    this.now = now
    this.breakers = new Breakers('in', membership.vns)
    this.used = new UsedRoutes(rib, membership, admission, this.breakers)
  }

  /** These limits from now on. What is in use stays in use, and is counted again. */
  limit(domain: FederatedDomain): void {
    const gone = this.breakers.limit(limitsOnSent(domain), this.now)
    for (const breaker of gone) this.askAnew(breaker)
    this.used.begin()
  }

  /** A route of these VNs that fits: whether there is not too much of its like. See `Admission.admit`. Hot. */
  admit(dest: number, peer: number, before: Verdict, used: SetId, members: readonly number[]): Verdict {
    if (this.breakers.none) {
      if (this.held.size > 0 && before < 0) this.held.release(dest, peer)
      return used
    }
    const passage = this.used.passageOf(dest, used, members)
    const copy = this.used.hasCopy(dest, peer, used, members) && !passage.some(isSuspended)
    const verdict = copy ? used : this.ask(dest, peer, before < 0, passage, used)
    if (before >= 0) this.used.remove(dest, before, peer)
    if (verdict < 0) return verdict
    this.held.release(dest, peer)
    if (!copy) this.used.add(dest, passage)
    return used
  }

  /** A route that stood with this verdict is gone, or is refused for another reason than its amount. */
  ended(dest: number, peer: number, before: Verdict): void {
    if (before < 0) {
      if (this.held.size > 0) this.held.release(dest, peer)
      return
    }
    if (this.breakers.none) return
    this.used.remove(dest, before, peer)
    for (const breaker of this.used.passageOf(dest, before, this.membership.vnsOf(before))) breaker.spend(this.now)
  }

  /** Whether there is something to do in time. */
  get busy(): boolean {
    if (this.sweep.pending || this.counting || this.held.size > 0) return true
    for (const { state } of this.breakers.all) if (state !== 'well') return true
    return false
  }

  /** Lets in what has waited long enough, takes out what a suspension is on, and closes breakers. */
  tick(now: number): void {
    this.now = now
    if (this.counting) {
      this.countUsed(COUNT)
      return
    }
    this.waited = true
    this.takeOut()
    for (const [breaker, left] of this.anew) {
      this.held.each(breaker, Math.min(SLICE, left), () => true, this.reconsider)
      if (left > SLICE) this.anew.set(breaker, left - SLICE)
      else this.anew.delete(breaker)
    }
    for (const breaker of this.breakers.all) {
      if (!isSuspended(breaker)) this.held.each(breaker, SLICE, () => breaker.hasRoom(now), this.reconsider)
    }
    this.waited = false
    for (const breaker of this.breakers.all) {
      const was = breaker.state
      if (!breaker.recover(now)) continue
      if (was === 'shedding') this.wantsRefresh = true
      this.onChange(breaker)
    }
  }

  /** Whether not all that is used is counted yet. */
  get counting(): boolean {
    return this.used.counting
  }

  /** Counts what is used at up to `limit` destinations. */
  countUsed(limit: number): void {
    this.used.count(limit)
    if (this.counting) return
    // What has waited for this is asked about: its limits may have had nothing to object.
    for (const breaker of this.breakers.all) if (breaker.state === 'well') this.askAnew(breaker)
    this.objections.judge(this.breakers.all, this.now)
  }

  private ask(dest: number, peer: number, grows: boolean, passage: readonly Breaker[], used: SetId): Verdict {
    const { now, objections } = this
    if (grows && this.counting && !passage.some(isSuspended)) {
      const uncounted = passage.find(({ mustCount }) => mustCount)
      if (uncounted !== undefined) return this.wait(dest, peer, 'hold', uncounted)
    }
    const what = objections.of(passage, grows, this.waited, now)
    if (what === null || objections.objector === null) {
      for (const breaker of passage) breaker.spend(now)
      return used
    }
    if (what === 'suspend') for (const breaker of passage) if (isSuspended(breaker)) breaker.spend(now)
    return this.wait(dest, peer, what, objections.objector)
  }

  private wait(dest: number, peer: number, what: Excess, objector: Breaker): Verdict {
    if (what === 'shed' || !objector.mayWait) {
      objector.shed++
      this.held.release(dest, peer)
      return NOT_KEPT
    }
    this.held.hold(dest, peer, objector)
    return what === 'suspend' ? SUSPENDED : HELD
  }

  private askAnew(breaker: Breaker): void {
    if (breaker.held > 0) this.anew.set(breaker, breaker.held)
  }

  /** A breaker does something else about excess from now on. */
  private turned(breaker: Breaker): void {
    if (isSuspended(breaker)) this.sweep.start()
    this.onChange(breaker)
  }

  /** Takes routes out of use that a suspended breaker is on, a slice at a time. */
  private takeOut(): void {
    const { rib, used } = this
    let asked = 0
    this.sweep.advance(SWEEP, rib.destinations.capacity, (dest) => {
      if (!rib.destinations.isLive(dest)) return true
      for (let row = rib.firstRow(dest), next = -1; row >= 0; row = next) {
        next = rib.nextRow(row)
        if (used.passageAt(dest, row)?.some(isSuspended) !== true) continue
        this.reconsider(dest, rib.peerOf(row))
        asked++
      }
      return asked < SLICE
    })
  }
}

/** Whether a verdict says that a route waits for its turn. */
export function isHeld(verdict: Verdict): boolean {
  return verdict === HELD || verdict === SUSPENDED
}
