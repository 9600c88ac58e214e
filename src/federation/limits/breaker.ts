/**
 * A circuit breaker: one limit on what another domain sends, or on what it is told, of all its routes, those of a VN, of a type or of a rate class. It knows how much is in use and how much waits,
 * what becomes of more, and when all is well again. Pure: the time in ms is handed in.
 */
import type { Excess, LimitSettings } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

export type Way = 'in' | 'out'

/** `well`: within the limit. The others are what is being done about excess. */
export type BreakerState = 'well' | 'warning' | 'holding' | 'shedding' | 'suspended'

const DOING: Readonly<Record<Excess, BreakerState>> = { warn: 'warning', hold: 'holding', shed: 'shedding', suspend: 'suspended' }
/** Below this part of the limit there is room again for somebody who had too much. */
const ROOM = 0.9
/** How long all must have been well before a breaker closes, in ms. */
const QUIET_MS = 10_000
/** A waiting list as long as this is bounded by itself, in routes, and by the limit. */
const LEAST_WAITING = 10_000
const WAITING_PER_ROUTE = 10

export class Breaker {
  /** What it is on: `all routes`, `VN web`, `type 2`, `class 3`. */
  readonly name: string
  /** in: on what is sent to us; out: on what we tell. */
  readonly way: Way
  settings: LimitSettings
  state: BreakerState = 'well'
  /** Since when, in ms. */
  since: number
  /** Routes in use, or told. */
  used = 0
  /** Routes that wait because of this breaker. */
  held = 0
  /** Since the start: changes that were too much; routes that were not kept. */
  excess = 0
  shed = 0
  private bucket: TokenBucket | null
  private quietSince: number | null = null

  constructor(name: string, way: Way, settings: LimitSettings, now: number) {
    this.name = name
    this.way = way
    this.settings = settings
    this.since = now
    this.bucket = bucketOf(settings, now)
  }

  /** Another limit from now on. What is in use stays. */
  adopt(settings: LimitSettings, now: number): void {
    this.bucket = bucketOf(settings, now)
    this.settings = settings
    if (this.state !== 'well') this.turn(DOING[settings.onExcess], now)
  }

  /**
   * What is to be done about a change that would use a route (`grows`: one that is not in use now); null: it may pass. `waited`: it is the turn of one that waits;
   * others that want to grow stand behind those.
   */
  object(grows: boolean, waited: boolean, now: number): Excess | null {
    const { settings, state } = this
    if (state === 'suspended') return 'suspend'
    if (grows && !waited && this.held > 0) return settings.onExcess === 'suspend' ? 'hold' : settings.onExcess
    const full = grows && settings.routes !== null && this.used >= settings.routes
    return full || (this.bucket !== null && this.bucket.available(now) < 1) ? settings.onExcess : null
  }

  /** Something was too much, and this is done about it. */
  exceeded(what: Excess, now: number): void {
    this.excess++
    this.quietSince = null
    const doing = DOING[what]
    if (this.state !== doing) this.turn(doing, now)
  }

  /** A change has passed, or has happened whether it may or not. */
  spend(now: number): void {
    this.bucket?.take(now)
  }

  /** Whether one more that waits may be used. */
  hasRoom(now: number): boolean {
    return this.room(now) >= 1
  }

  /** How many of those that wait may be used: a limit that only warns keeps nobody out. */
  room(now: number): number {
    const { routes } = this.settings
    return Math.min(routes === null || !this.keepsOut ? Number.POSITIVE_INFINITY : routes - this.used, this.changesLeft(now))
  }

  /** How many changes may pass now. */
  changesLeft(now: number): number {
    return this.bucket === null || !this.keepsOut ? Number.POSITIVE_INFINITY : this.bucket.available(now)
  }

  /** Whether it can keep a route out by how many are used, or told: then that must be known first. */
  get mustCount(): boolean {
    return this.settings.routes !== null && this.keepsOut
  }

  private get keepsOut(): boolean {
    return this.settings.onExcess !== 'warn'
  }

  /** Whether more is in use than may be: it was when the limit came. */
  get overfull(): boolean {
    const { routes } = this.settings
    return routes !== null && this.used > routes
  }

  /** Whether what is not used may be kept to wait. */
  get mayWait(): boolean {
    const { routes } = this.settings
    return this.held < Math.max(LEAST_WAITING, routes === null ? 0 : routes * WAITING_PER_ROUTE)
  }

  /** Looks whether all is well again. Returns whether that has just become so. */
  recover(now: number): boolean {
    if (this.state === 'well' || !this.quiet(now)) {
      this.quietSince = null
      return false
    }
    // What waits for room is used as room comes; nothing has to be sat out for that.
    const patience = this.state === 'holding' ? 0 : QUIET_MS
    this.quietSince ??= now
    if (now - this.quietSince < patience) return false
    // What a suspension has kept out comes back at the rate that is agreed, and what is new stands behind it.
    this.turn(this.held > 0 ? 'holding' : 'well', now)
    return true
  }

  private quiet(now: number): boolean {
    const { settings, bucket, state } = this
    if (state === 'holding') return this.held === 0 && !this.overfull
    const offered = this.used + (state === 'suspended' ? this.held : 0)
    return (settings.routes === null || offered <= ROOM * settings.routes) && (bucket === null || bucket.calm(now))
  }

  private turn(state: BreakerState, now: number): void {
    this.state = state
    this.since = now
    this.quietSince = null
  }
}

function bucketOf({ changesPerSecond, burst }: LimitSettings, now: number): TokenBucket | null {
  return changesPerSecond === null ? null : new TokenBucket(changesPerSecond, burst, now)
}
