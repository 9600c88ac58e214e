/**
 * The last word on every route of one other domain, after the agreement on VNs and after policy: whether its labels are those that were agreed, and whether there is
 * not too much of it. Limits are on all its routes, on those of a VN, of a type and of a rate class; what is too much is counted, and listed with its reason in the
 * Adj-RIB-In. What several NVAs of the domain say alike counts once. Pure: the time is handed in.
 */

import { Membership } from '../../domain/membership.ts'
import type { VnSettings } from '../../domain/settings.ts'
import { refusal } from '../../policy/refusal.ts'
import { type Admission, NOT_KEPT } from '../../rib/admission.ts'
import type { Rib } from '../../rib/rib.ts'
import { NO_SET, type SetId, type Verdict } from '../../rib/verdict.ts'
import { Fit } from '../agreement/fit.ts'
import type { FederatedDomain } from '../settings.ts'
import type { Breaker } from './breaker.ts'
import { Breakers, limitsOnSent } from './breakers.ts'
import { HeldRoutes } from './held-routes.ts'
import { EXCESS, type Excess } from './limits.ts'
import { type PathOf, TurnedAway } from './turned-away.ts'

const HELD = refusal('held-by-limit')
const SUSPENDED = refusal('suspended-by-limit')
/** Routes asked anew in one go, for one breaker, and destinations looked at in one go when one suspends. */
const SLICE = 1024
const SWEEP = 16_384

export class DomainAdmission implements Admission {
  /** Time of what comes next, in ms: told by whoever hands in routes. */
  now: number
  /** Called when a breaker opens or closes. */
  onChange: (breaker: Breaker) => void = () => {}
  /** Something was not kept for which there is room again: the other side is to be asked for all of it. */
  wantsRefresh = false
  readonly breakers: Breakers
  private readonly rib: Rib
  private readonly typeVerdicts: Int32Array
  private readonly membership: Membership
  private readonly fit: Fit
  private readonly turnedAway = new TurnedAway()
  private readonly held = new HeldRoutes()
  /** The route being asked about has waited. */
  private waited = false
  /** Next destination whose routes are looked at because of a suspension; -1: none. */
  private sweeping = -1

  /** `vns`: those of the agreement, by name. */
  constructor(rib: Rib, domain: FederatedDomain, vns: ReadonlyMap<string, VnSettings>, typeVerdicts: Int32Array, now: number) {
    this.rib = rib
    this.now = now
    this.typeVerdicts = typeVerdicts
    const shares = domain.share.flatMap((share) => {
      const vn = vns.get(share.vn)
      return vn === undefined ? [] : [{ vn, vni: share.vni, tunnelType: share.tunnelType }]
    })
    this.membership = new Membership(
      shares.map(({ vn }) => vn),
      rib.sets,
    )
    this.breakers = new Breakers('in', this.membership.vns)
    this.fit = new Fit(shares, rib.sets)
    this.limit(domain)
  }

  /** These limits from now on. What is in use stays in use. */
  limit(domain: FederatedDomain): void {
    const gone = this.breakers.limit(limitsOnSent(domain), this.now)
    this.recount()
    for (const breaker of gone) this.letGo(breaker)
  }

  /** Routes of a VN of the agreement that stand unused by the last word, by verdict. */
  turnedAwayOf(vn: string): ReadonlyMap<Verdict, number> {
    return this.turnedAway.of(this.membership.vns.findIndex(({ name }) => name === vn))
  }

  /** One route of them with this verdict. */
  turnedAwayExample(vn: string, verdict: Verdict): PathOf | null {
    return this.turnedAway.exampleOf(
      this.membership.vns.findIndex(({ name }) => name === vn),
      verdict,
    )
  }

  admit(dest: number, peer: number, before: Verdict, used: SetId, same: boolean, nlri: Uint8Array, at: number, size: number): Verdict {
    if (same && !this.waited && (before === used || isHeld(before))) return before
    const members = this.membership.vnsOf(used)
    const misfit = this.fit.check(members, used, nlri, at, size)
    const { mobilityAdmission: moves, sets } = this.rib
    let fitting: Verdict = used
    if (misfit !== null) fitting = refusal(misfit)
    else if (moves !== null && sets.mobility[used] !== 0) fitting = moves.admit(dest, peer, before, used, same, nlri, at, size)
    const verdict = fitting < 0 ? this.refuse(dest, peer, before, fitting) : this.pass(dest, peer, before, used, members)
    if (verdict < 0 && verdict !== NOT_KEPT) this.turnedAway.add(dest, peer, members, verdict)
    else if (before < 0) this.turnedAway.remove(dest, peer)
    return verdict
  }

  misfit(used: SetId, nlri: Uint8Array, at: number, size: number): Verdict {
    const misfit = this.fit.check(this.membership.vnsOf(used), used, nlri, at, size)
    return misfit === null ? 0 : refusal(misfit)
  }

  /** A route that fits: whether there is not too much of its like. */
  private pass(dest: number, peer: number, before: Verdict, used: SetId, members: readonly number[]): Verdict {
    if (this.breakers.none) return used
    const passage = this.passageOf(dest, used, members)
    const copy = this.hasCopy(dest, peer, used, members) && !passage.some(isSuspended)
    const verdict = copy ? used : this.ask(dest, peer, before < 0, passage, used)
    if (verdict < 0) {
      if (before >= 0) this.count(dest, before, -1, peer)
      return verdict
    }
    this.held.release(dest, peer)
    if (before >= 0) this.count(dest, before, -1, peer)
    if (!copy) for (const breaker of passage) breaker.used++
    return used
  }

  ended(dest: number, peer: number, before: Verdict): void {
    this.rib.mobilityAdmission?.ended(dest, peer, before)
    this.over(dest, peer, before)
  }

  private over(dest: number, peer: number, before: Verdict): void {
    if (before < 0) this.turnedAway.remove(dest, peer)
    if (this.breakers.none) return
    if (before < 0) {
      this.held.release(dest, peer)
      return
    }
    this.count(dest, before, -1, peer)
    for (const breaker of this.passageOf(dest, before, this.membership.vnsOf(before))) breaker.spend(this.now)
  }

  /** Whether there is something to do in time. */
  get busy(): boolean {
    if (this.sweeping >= 0 || this.held.size > 0) return true
    for (const { state } of this.breakers.all) if (state !== 'well') return true
    return false
  }

  /** Lets in what has waited long enough, takes out what a suspension is on, and closes breakers. */
  tick(now: number): void {
    this.now = now
    this.sweep()
    this.waited = true
    for (const breaker of this.breakers.all) {
      if (breaker.state === 'suspended') continue
      this.held.each(
        breaker,
        SLICE,
        () => breaker.hasRoom(now),
        (dest, peer) => this.rib.reconsider(dest, peer, this.typeVerdicts),
      )
    }
    this.waited = false
    for (const breaker of this.breakers.all) {
      const was = breaker.state
      if (!breaker.recover(now)) continue
      if (was === 'shedding') this.wantsRefresh = true
      this.onChange(breaker)
    }
  }

  close(): void {
    this.membership.close()
  }

  private ask(dest: number, peer: number, grows: boolean, passage: readonly Breaker[], used: SetId): Verdict {
    const { now } = this
    let strictest = -1
    let who: Breaker | null = null
    for (const breaker of passage) {
      const what = breaker.object(grows, this.waited, now)
      if (what === null) continue
      // One that has waited is not counted again.
      if (!this.waited) this.exceeded(breaker, what)
      const how = EXCESS.indexOf(what)
      if (how > strictest) {
        strictest = how
        who = breaker
      }
    }
    const what = EXCESS[strictest] ?? 'warn'
    if (who === null || what === 'warn') {
      for (const breaker of passage) breaker.spend(now)
      return used
    }
    if (what === 'suspend') for (const breaker of passage) if (breaker.state === 'suspended') breaker.spend(now)
    if (what === 'shed' || !who.mayWait) {
      who.shed++
      this.held.release(dest, peer)
      return NOT_KEPT
    }
    this.held.hold(dest, peer, who)
    return what === 'suspend' ? SUSPENDED : HELD
  }

  private exceeded(breaker: Breaker, what: Excess): void {
    const was = breaker.state
    breaker.exceeded(what, this.now)
    if (breaker.state === was) return
    if (breaker.state === 'suspended') this.sweeping = 0
    this.onChange(breaker)
  }

  /** Refused for another reason than its amount. */
  private refuse(dest: number, peer: number, before: Verdict, verdict: Verdict): Verdict {
    if (before !== NO_SET) this.over(dest, peer, before)
    return verdict
  }

  /** A path in use more or less, unless another NVA of the domain says the same. */
  private count(dest: number, used: SetId, by: 1 | -1, peer: number): void {
    const members = this.membership.vnsOf(used)
    if (this.hasCopy(dest, peer, used, members)) return
    for (const breaker of this.passageOf(dest, used, members)) breaker.used += by
  }

  /** What a route has to pass that is used with this set, whose VNs are `members`. */
  private passageOf(dest: number, used: SetId, members: readonly number[]): readonly Breaker[] {
    return this.breakers.of(members, this.rib.destinations.typeOf(dest), this.rib.sets.rateClass(used))
  }

  /** Whether another session of the domain has a path in use to the destination that counts as the same: in the same VNs and rate class as `as`. */
  private hasCopy(dest: number, peer: number, as: SetId, members: readonly number[]): boolean {
    const { rib } = this
    const rateClass = rib.sets.rateClass(as)
    for (let row = rib.firstRow(dest); row >= 0; row = rib.nextRow(row)) {
      const used = rib.rows.used[row]!
      if (used < 0) continue
      const other = rib.peerOf(row)
      if (other === peer || rib.peers[other]?.admission !== this || this.membership.vnsOf(used) !== members) continue
      if (rib.sets.rateClass(used) === rateClass) return true
    }
    return false
  }

  /** Takes routes out of use that a suspended breaker is on, a slice at a time. */
  private sweep(): void {
    if (this.sweeping < 0) return
    const { rib } = this
    const end = Math.min(this.sweeping + SWEEP, rib.destinations.capacity)
    let asked = 0
    let dest = this.sweeping
    this.waited = true
    for (; dest < end && asked < SLICE; dest++) {
      if (!rib.destinations.isLive(dest)) continue
      for (let row = rib.firstRow(dest), next = -1; row >= 0; row = next) {
        next = rib.nextRow(row)
        const peer = rib.peerOf(row)
        const used = rib.rows.used[row]!
        if (used < 0 || rib.peers[peer]?.admission !== this) continue
        const passage = this.passageOf(dest, used, this.membership.vnsOf(used))
        if (!passage.some(isSuspended)) continue
        rib.reconsider(dest, peer, this.typeVerdicts)
        asked++
      }
    }
    this.waited = false
    this.sweeping = dest < rib.destinations.capacity ? dest : -1
  }

  /** What waited for a limit that is no more is asked anew. */
  private letGo(breaker: Breaker): void {
    this.waited = true
    this.held.each(
      breaker,
      Number.POSITIVE_INFINITY,
      () => true,
      (dest, peer) => this.rib.reconsider(dest, peer, this.typeVerdicts),
    )
    this.waited = false
  }

  /** Counts what is in use from scratch. */
  private recount(): void {
    const { rib } = this
    for (const breaker of this.breakers.all) breaker.used = 0
    if (this.breakers.none) return
    for (let dest = 0; dest < rib.destinations.capacity; dest++) {
      if (!rib.destinations.isLive(dest)) continue
      const counted: (readonly Breaker[])[] = []
      for (let row = rib.firstRow(dest); row >= 0; row = rib.nextRow(row)) {
        const used = rib.rows.used[row]!
        if (used < 0 || rib.peers[rib.peerOf(row)]?.admission !== this) continue
        const passage = this.passageOf(dest, used, this.membership.vnsOf(used))
        if (counted.includes(passage)) continue
        counted.push(passage)
        for (const breaker of passage) breaker.used++
      }
    }
  }
}

function isSuspended({ state }: Breaker): boolean {
  return state === 'suspended'
}

function isHeld(verdict: Verdict): boolean {
  return verdict === HELD || verdict === SUSPENDED
}
