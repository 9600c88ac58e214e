/**
 * How fast a session with another domain is told what changes: a mistake of ours is not to be the flood of others. What is too much waits, and when its turn comes
 * it is told as it is then, not as it was meanwhile.
 */
import type { Pace } from '../../advertise/members/member.ts'
import type { RateSettings } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

export class OutgoingPace implements Pace {
  /** Routes told although they were too much, since more would have had to be remembered than may be. */
  exceeded = 0
  private readonly settings: () => RateSettings | null
  private readonly now: () => number
  /** Of these settings. */
  private bucket: TokenBucket | null = null
  private of: RateSettings | null = null

  /** `settings`: as they are now; null: no limit. `now`: ms. */
  constructor(settings: () => RateSettings | null, now: () => number) {
    this.settings = settings
    this.now = now
  }

  get left(): number {
    return this.current()?.available(this.now()) ?? Number.POSITIVE_INFINITY
  }

  take(routes: number): void {
    this.current()?.take(this.now(), routes)
  }

  exceed(routes: number): void {
    this.exceeded += routes
    this.current()?.take(this.now(), -routes)
  }

  private current(): TokenBucket | null {
    const settings = this.settings()
    if (settings === this.of) return this.bucket
    const same = settings?.changesPerSecond === this.of?.changesPerSecond && settings?.burst === this.of?.burst
    this.of = settings
    if (!same) {
      this.bucket = settings === null ? null : new TokenBucket(settings.changesPerSecond, settings.burst, this.now())
    }
    return this.bucket
  }
}
