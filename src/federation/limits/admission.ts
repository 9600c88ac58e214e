/**
 * The last word on every route of one other domain, after the agreement on VNs and after policy: whether its labels are those that were agreed, whether its MAC may move,
 * and whether there is not too much of it (`sent-routes.ts`). What is refused is counted, and listed with its reason in the Adj-RIB-In. Pure: the time is handed in.
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
import type { Breakers } from './breakers.ts'
import { isHeld, SentRoutes } from './sent-routes.ts'
import { type PathOf, TurnedAway } from './turned-away.ts'

export class DomainAdmission implements Admission {
  private readonly rib: Rib
  private readonly membership: Membership
  private readonly fit: Fit
  private readonly turnedAway = new TurnedAway()
  private readonly sent: SentRoutes

  /** `vns`: those of the agreement, by name. */
  constructor(rib: Rib, domain: FederatedDomain, vns: ReadonlyMap<string, VnSettings>, typeVerdicts: Int32Array, now: number) {
    this.rib = rib
    const shares = domain.share.flatMap((share) => {
      const vn = vns.get(share.vn)
      return vn === undefined ? [] : [{ vn, vni: share.vni, tunnelType: share.tunnelType }]
    })
    this.membership = new Membership(
      shares.map(({ vn }) => vn),
      rib.sets,
    )
    this.fit = new Fit(shares, rib.sets)
    const reconsider = (dest: number, peer: number) => rib.reconsider(dest, peer, typeVerdicts)
    this.sent = new SentRoutes(rib, this.membership, this, reconsider, now)
    this.limit(domain)
  }

  /** These limits from now on. What is in use stays in use. */
  limit(domain: FederatedDomain): void {
    this.sent.limit(domain)
  }

  get breakers(): Breakers {
    return this.sent.breakers
  }

  /** Called when a breaker opens or closes. */
  set onChange(hear: (breaker: Breaker) => void) {
    this.sent.onChange = hear
  }

  /** Time of what comes next, in ms: told by whoever hands in routes. */
  get now(): number {
    return this.sent.now
  }

  set now(now: number) {
    this.sent.now = now
  }

  /** Something was not kept for which there is room again: the other side is to be asked for all of it. */
  get wantsRefresh(): boolean {
    return this.sent.wantsRefresh
  }

  set wantsRefresh(wants: boolean) {
    this.sent.wantsRefresh = wants
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
    if (same && !this.sent.waited && (before === used || isHeld(before))) return before
    const members = this.membership.vnsOf(used)
    const misfit = this.fit.check(members, used, nlri, at, size)
    const { mobilityAdmission: moves, sets } = this.rib
    let fitting: Verdict = used
    if (misfit !== null) fitting = refusal(misfit)
    else if (moves !== null && sets.mobility[used] !== 0) fitting = moves.admit(dest, peer, before, used, same, nlri, at, size)
    const verdict = fitting < 0 ? this.refuse(dest, peer, before, fitting) : this.sent.admit(dest, peer, before, used, members)
    if (verdict < 0 && verdict !== NOT_KEPT) this.turnedAway.add(dest, peer, members, verdict)
    else if (before < 0) this.turnedAway.remove(dest, peer)
    return verdict
  }

  misfit(used: SetId, nlri: Uint8Array, at: number, size: number): Verdict {
    const misfit = this.fit.check(this.membership.vnsOf(used), used, nlri, at, size)
    return misfit === null ? 0 : refusal(misfit)
  }

  ended(dest: number, peer: number, before: Verdict): void {
    this.rib.mobilityAdmission?.ended(dest, peer, before)
    this.over(dest, peer, before)
  }

  /** Whether there is something to do in time. */
  get busy(): boolean {
    return this.sent.busy
  }

  tick(now: number): void {
    this.sent.tick(now)
  }

  close(): void {
    this.membership.close()
  }

  private over(dest: number, peer: number, before: Verdict): void {
    if (before < 0) this.turnedAway.remove(dest, peer)
    this.sent.ended(dest, peer, before)
  }

  /** Refused for another reason than its amount. */
  private refuse(dest: number, peer: number, before: Verdict, verdict: Verdict): Verdict {
    if (before !== NO_SET) this.over(dest, peer, before)
    return verdict
  }
}
