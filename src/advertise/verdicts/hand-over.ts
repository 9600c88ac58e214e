/**
 * Hands over to a new admission what a group told before there was one: a slice at a time, and always before any of it changes.
 */

import type { Changes } from '../../rib/changes.ts'
import type { Rib } from '../../rib/rib.ts'
import { NO_SET, type SetId } from '../../rib/verdict.ts'
import type { AdmittedRoutes } from './admitted-routes.ts'

export class HandOver {
  private readonly rib: Rib
  private readonly admitted: AdmittedRoutes
  private readonly tells: (dest: number, set: SetId) => boolean
  /** Destinations below are handed over; those from `end` on have become known since, and are none of it. */
  private position = 0
  private readonly end: number

  /** `tells`: whether the group tells a route to `dest` with this set, as far as others have a say. */
  constructor(rib: Rib, admitted: AdmittedRoutes, end: number, tells: (dest: number, set: SetId) => boolean) {
    this.rib = rib
    this.admitted = admitted
    this.end = end
    this.tells = tells
  }

  /** Goes on with up to `limit` destinations. Everything must be settled. Returns whether that were all. */
  advance(limit: number): boolean {
    const { destinations } = this.rib
    const to = Math.min(this.position + limit, this.end)
    for (let dest = this.position; dest < to; dest++) this.one(dest, destinations.advertised[dest]!)
    this.position = to
    if (to < this.end) return false
    this.admitted.handedOver()
    return true
  }

  /** What a batch is about to change. */
  before({ count, dest, before }: Changes): void {
    for (let i = 0; i < count; i++) this.one(dest[i]!, before[i]!)
  }

  /** The group is no more. */
  stop(): void {
    this.admitted.handedOver()
  }

  private one(dest: number, set: SetId): void {
    if (this.admitted.isAtHand(dest)) this.admitted.handOver(dest, set, set !== NO_SET && this.tells(dest, set))
  }
}
