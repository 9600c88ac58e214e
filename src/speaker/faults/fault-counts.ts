import type { FaultReach } from './fault-ring.ts'

/** Most reasons told apart: a peer chooses some of the words. */
const MOST_REASONS = 64
const OTHER = 'other reasons'

/** How often what was wrong with the messages of one peer, by reason; kept from session to session. */
export class FaultCounts {
  readonly byReason = new Map<string, number>()

  add(reach: FaultReach, why: string): void {
    const reason = `${reach}: ${why}`
    const known = this.byReason.has(reason) || this.byReason.size < MOST_REASONS ? reason : OTHER
    this.byReason.set(known, (this.byReason.get(known) ?? 0) + 1)
  }
}
