/** Cold code takes up to ten times as long as the same code warm. */
const COLD = 8
const LEAST = 64

/**
 * How many things to do at a time so that it takes about as long as it may: few at first, when code is cold and nobody knows how long each takes, then by the clock.
 * Under a clock that stands still, as many as allowed.
 */
export class Slice {
  private readonly most: number
  private readonly ms: number
  private readonly now: () => number
  private size: number

  /** `most` at once at most, for `ms` about; `now` in ms. */
  constructor(most: number, ms: number, now: () => number) {
    this.most = most
    this.ms = ms
    this.now = now
    this.size = most / COLD
  }

  /** Few at first again: the work that comes next may be cold. */
  reset(): void {
    this.size = this.most / COLD
  }

  /** Has `work` do as many as fit, and learns from how long it took. */
  do(work: (many: number) => void): void {
    const { size, ms } = this
    const since = this.now()
    work(size)
    const took = this.now() - since
    if (took > ms) this.size = Math.max(LEAST, Math.floor((size * ms) / took))
    else if (took < ms / 2) this.size = Math.min(this.most, 2 * size)
  }
}
