/**
 * What one other domain sends and is used: what each route of it has to pass, and how much of it stands behind each breaker. What several NVAs of the domain say alike counts once.
 * What is used already when there are other limits is counted in slices.
 */
import type { Membership } from '../../domain/membership.ts'
import type { Admission } from '../../rib/admission.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId } from '../../rib/verdict.ts'
import type { Breaker } from './breaker.ts'
import type { Breakers } from './breakers.ts'

/** Beyond every destination id. */
const ALL = Number.MAX_SAFE_INTEGER

export class UsedRoutes {
  private readonly rib: Rib
  private readonly membership: Membership
  private readonly admission: Admission
  private readonly breakers: Breakers
  /** Destinations below are counted. */
  private countedTo = ALL

  /** `admission` has the last word on the routes of the domain's sessions. */
  constructor(rib: Rib, membership: Membership, admission: Admission, breakers: Breakers) {
    this.rib = rib
    this.membership = membership
    this.admission = admission
    this.breakers = breakers
  }

  /** What is used is to be counted anew. */
  begin(): void {
    for (const breaker of this.breakers.all) breaker.used = 0
    this.countedTo = this.breakers.none || this.rib.destinations.capacity === 0 ? ALL : 0
  }

  /** Whether not all that is used is counted yet. */
  get counting(): boolean {
    return this.countedTo !== ALL
  }

  /** Counts what is used at up to `limit` destinations. */
  count(limit: number): void {
    const { rib } = this
    const { capacity } = rib.destinations
    const end = Math.min(this.countedTo + limit, capacity)
    for (let dest = this.countedTo; dest < end; dest++) if (rib.destinations.isLive(dest)) this.countAt(dest)
    this.countedTo = end < capacity ? end : ALL
  }

  /** What a route has to pass that is used with this set, whose VNs are `members`. Hot. */
  passageOf(dest: number, used: SetId, members: readonly number[]): readonly Breaker[] {
    return this.breakers.of(members, this.rib.destinations.typeOf(dest), this.rib.sets.rateClass(used))
  }

  /** A path is used that passes there, and no other session of the domain says the same. What is not counted yet will be as it is then. Hot. */
  add(dest: number, passage: readonly Breaker[]): void {
    if (dest < this.countedTo) for (const breaker of passage) breaker.used++
  }

  /** A path that was used with this set is used no more, unless another NVA of the domain says the same. Hot. */
  remove(dest: number, used: SetId, peer: number): void {
    if (dest >= this.countedTo) return
    const members = this.membership.vnsOf(used)
    if (this.hasCopy(dest, peer, used, members)) return
    for (const breaker of this.passageOf(dest, used, members)) breaker.used--
  }

  /** Whether another session of the domain has a path in use to the destination that counts as the same: in the same VNs and rate class as `as`. Hot. */
  hasCopy(dest: number, peer: number, as: SetId, members: readonly number[]): boolean {
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

  /** What the route in `row` has to pass if it is one of the domain's and is used; null: it is not. */
  passageAt(dest: number, row: number): readonly Breaker[] | null {
    const used = this.rib.rows.used[row]!
    return used < 0 || !this.isOurs(this.rib.peerOf(row)) ? null : this.passageOf(dest, used, this.membership.vnsOf(used))
  }

  private countAt(dest: number): void {
    const { rib } = this
    const counted: (readonly Breaker[])[] = []
    for (let row = rib.firstRow(dest); row >= 0; row = rib.nextRow(row)) {
      const passage = this.passageAt(dest, row)
      if (passage === null || counted.includes(passage)) continue
      counted.push(passage)
      for (const breaker of passage) breaker.used++
    }
  }

  private isOurs(peer: number): boolean {
    return this.rib.peers[peer]?.admission === this.admission
  }
}
