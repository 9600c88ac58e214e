/**
 * How long work keeps everything else waiting: keepalives, answers of the API, octets that have come. While there is work, a timer of a millisecond
 * is set again and again, and what it is late by is how long the event loop was blocked, to a millisecond. Without work there is no timer, so that
 * an idle process stays idle.
 */
import type { World } from '../speaker/world.ts'

const TICK_MS = 1
const SECONDS = 60

/** Milliseconds. */
export interface LongestBlock {
  /** In this second and the one before. */
  readonly lastSecond: number
  readonly lastMinute: number
  /** Since the start. */
  readonly ever: number
}

export class LoopWatch {
  private readonly world: Pick<World, 'now' | 'after'>
  /** The longest of each of the last 60 seconds, and which second that was. */
  private readonly longest = new Float64Array(SECONDS)
  private readonly second = new Float64Array(SECONDS).fill(Number.NEGATIVE_INFINITY)
  private ever = 0
  private armed = false
  private moreWork = false

  constructor(world: Pick<World, 'now' | 'after'>) {
    this.world = world
  }

  /** There is work to do: how long it takes is measured from now on. */
  working(): void {
    if (this.armed) this.moreWork = true
    else this.arm()
  }

  read(): LongestBlock {
    const second = this.currentSecond()
    return { lastSecond: this.since(second - 1), lastMinute: this.since(second - SECONDS + 1), ever: rounded(this.ever) }
  }

  private arm(): void {
    const armedAt = this.world.now()
    this.armed = true
    this.moreWork = false
    this.world.after(TICK_MS, () => {
      this.record(this.world.now() - armedAt - TICK_MS)
      this.armed = false
      if (this.moreWork) this.arm()
    })
  }

  private record(blocked: number): void {
    if (blocked <= 0) return
    const second = this.currentSecond()
    const place = second % SECONDS
    if (this.second[place] !== second) this.longest[place] = 0
    this.second[place] = second
    this.longest[place] = Math.max(this.longest[place] ?? 0, blocked)
    this.ever = Math.max(this.ever, blocked)
  }

  private since(first: number): number {
    return rounded(this.longest.reduce((most, blocked, place) => ((this.second[place] ?? 0) < first ? most : Math.max(most, blocked)), 0))
  }

  private currentSecond(): number {
    return Math.floor(this.world.now() / 1000)
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}
