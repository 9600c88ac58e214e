/** A token bucket: so many changes a second, and a burst after a quiet time. Pure: the time in ms is handed in. */
export class TokenBucket {
  readonly perSecond: number
  readonly burst: number
  private tokens: number
  private at: number

  constructor(perSecond: number, burst: number, now: number) {
    this.perSecond = perSecond
    this.burst = burst
    this.tokens = burst
    this.at = now
  }

  /** Whole tokens there are; below 0 when more was taken than there were. */
  available(now: number): number {
    this.fill(now)
    return Math.floor(this.tokens)
  }

  /** Takes so many whether there are so many or not; the debt is at most a burst. Less than 0: gives some, more than a burst if need be, for now. */
  take(now: number, count = 1): void {
    this.fill(now)
    this.tokens = Math.max(this.tokens - count, -this.burst)
  }

  /** Whether there is nearly a whole burst again: it has been quiet. */
  calm(now: number): boolean {
    this.fill(now)
    return this.tokens >= 0.9 * this.burst
  }

  private fill(now: number): void {
    const { tokens, burst } = this
    if (tokens < burst) this.tokens = Math.min(burst, tokens + ((now - this.at) * this.perSecond) / 1000)
    this.at = now
  }
}
