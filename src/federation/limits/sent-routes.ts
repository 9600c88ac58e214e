/**
 * How much of what one other domain sends is used, and what waits because it would be too much. Limits are on all its routes, on those of a VN, of a type and of a rate class
 * (`limits.ts`). What several NVAs of the domain say alike counts once. What is used already when there are other limits is counted a slice in each tick: until all of it is,
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

const HELD = refusal('held-by-limit')
const SUSPENDED = refusal('suspended-by-limit')
/** Routes asked anew in one go, for one breaker; destinations looked at in one go when one suspends; and counted in one go: about 5 ms of work each. */
const SLICE = 1024
const SWEEP = 16_384
const COUNT = 32_768
/** Beyond every destination id. */
const ALL = Number.MAX_SAFE_INTEGER

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
  private readonly admission: Admission
  private readonly reconsider: (dest: number, peer: number) => void
  private readonly objections = new Objections((breaker) => this.turned(breaker))
  private readonly held = new HeldRoutes()
  /** So many that wait longest for a breaker are asked about anew, whether it has room or not. */
  private readonly anew = new Map<Breaker, number>()
  /** For what is used and a suspension is on. */
  private readonly sweep = new Sweep()
  /** Destinations below are counted. */
  private countedTo = ALL

  /** `admission` has the last word on its sessions' routes; `reconsider` has it asked again about one. `now`: ms. */
  constructor(rib: Rib, membership: Membership, admission: Admission, reconsider: (dest: number, peer: number) => void, now: number) {
    this.rib = rib
    this.membership = membership
    this.admission = admission
    this.reconsider = reconsider
    this.now = now
    this.breakers = new Breakers('in', membership.vns)
  }

  /** These limits from now on. What is in use stays in use, and is counted again. */
  limit(domain: FederatedDomain): void {
    const gone = this.breakers.limit(limitsOnSent(domain), this.now)
    for (const breaker of gone) this.askAnew(breaker)
    for (const breaker of this.breakers.all) breaker.used = 0
    this.countedTo = this.breakers.none || this.rib.destinations.capacity === 0 ? ALL : 0
  }

  /** A route of these VNs that fits: whether there is not too much of its like. See `Admission.admit`. Hot. */
  admit(dest: number, peer: number, before: Verdict, used: SetId, members: readonly number[]): Verdict {
    if (this.breakers.none) {
      if (this.held.size > 0 && before < 0) this.held.release(dest, peer)
      return used
    }
    const passage = this.passageOf(dest, used, members)
    const copy = this.hasCopy(dest, peer, used, members) && !passage.some(isSuspended)
    const verdict = copy ? used : this.ask(dest, peer, before < 0, passage, used)
    if (verdict < 0) {
      if (before >= 0) this.count(dest, before, -1, peer)
      return verdict
    }
    this.held.release(dest, peer)
    if (before >= 0) this.count(dest, before, -1, peer)
    if (!copy && dest < this.countedTo) for (const breaker of passage) breaker.used++
    return used
  }

  /** A route that stood with this verdict is gone, or is refused for another reason than its amount. */
  ended(dest: number, peer: number, before: Verdict): void {
    if (before < 0) {
      if (this.held.size > 0) this.held.release(dest, peer)
      return
    }
    if (this.breakers.none) return
    this.count(dest, before, -1, peer)
    for (const breaker of this.passageOf(dest, before, this.membership.vnsOf(before))) breaker.spend(this.now)
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
    return this.countedTo !== ALL
  }

  /** Counts what is used at up to `limit` destinations. */
  countUsed(limit: number): void {
    const { rib } = this
    const { capacity } = rib.destinations
    const end = Math.min(this.countedTo + limit, capacity)
    for (let dest = this.countedTo; dest < end; dest++) if (rib.destinations.isLive(dest)) this.countAt(dest)
    this.countedTo = end < capacity ? end : ALL
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

  /** A path in use more or less, unless another NVA of the domain says the same. What is not counted yet will be as it is then. */
  private count(dest: number, used: SetId, by: 1 | -1, peer: number): void {
    if (dest >= this.countedTo) return
    const members = this.membership.vnsOf(used)
    if (this.hasCopy(dest, peer, used, members)) return
    for (const breaker of this.passageOf(dest, used, members)) breaker.used += by
  }

  private countAt(dest: number): void {
    const { rib } = this
    const counted: (readonly Breaker[])[] = []
    for (let row = rib.firstRow(dest); row >= 0; row = rib.nextRow(row)) {
      const used = rib.rows.used[row]!
      if (used < 0 || !this.isOurs(rib.peerOf(row))) continue
      const passage = this.passageOf(dest, used, this.membership.vnsOf(used))
      if (counted.includes(passage)) continue
      counted.push(passage)
      for (const breaker of passage) breaker.used++
    }
  }

  /** What a route has to pass that is used with this set, whose VNs are `members`. */
  private passageOf(dest: number, used: SetId, members: readonly number[]): readonly Breaker[] {
    return this.breakers.of(members, this.rib.destinations.typeOf(dest), this.rib.sets.rateClass(used))
  }

  private isOurs(peer: number): boolean {
    return this.rib.peers[peer]?.admission === this.admission
  }

  /** Whether another session of the domain has a path in use to the destination that counts as the same: in the same VNs and rate class as `as`. */
  private hasCopy(dest: number, peer: number, as: SetId, members: readonly number[]): boolean {
    const { rib } = this
    const rateClass = rib.sets.rateClass(as)
    for (let row = rib.firstRow(dest); row >= 0; row = rib.nextRow(row)) {
      const used = rib.rows.used[row]!
      if (used < 0) continue
      const other = rib.peerOf(row)
      if (other === peer || !this.isOurs(other) || this.membership.vnsOf(used) !== members) continue
      if (rib.sets.rateClass(used) === rateClass) return true
    }
    return false
  }

  /** Takes routes out of use that a suspended breaker is on, a slice at a time. */
  private takeOut(): void {
    const { rib } = this
    let asked = 0
    this.sweep.advance(SWEEP, rib.destinations.capacity, (dest) => {
      if (!rib.destinations.isLive(dest)) return true
      for (let row = rib.firstRow(dest), next = -1; row >= 0; row = next) {
        next = rib.nextRow(row)
        const peer = rib.peerOf(row)
        const used = rib.rows.used[row]!
        if (used < 0 || !this.isOurs(peer) || !this.passageOf(dest, used, this.membership.vnsOf(used)).some(isSuspended)) continue
        this.reconsider(dest, peer)
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
