/**
 * Routes of domains that are lost: all their sessions are down, and what they said stands for a while, because tunnels between NVEs do not need the NVAs. When a
 * session comes back with the same NVA it takes its routes up again; what is said anew just stops being stale. What is still stale when the domain has told all it
 * has (End-of-RIB), or when its time is over, goes at a pace that nobody notices.
 */
import type { Rib } from '../../rib/rib.ts'
import type { Alarm, World } from '../world.ts'
import { GO_MS, LOOKS_AT_ONCE, ROUTES_AT_ONCE } from './leaving-pace.ts'

export interface StaleFrom {
  readonly domain: string
  /** Name of the peer. */
  readonly peer: string
  /** Peer id of the routes. */
  readonly id: number
  /** When their time is over, in ms. */
  readonly deadline: number
}

interface Kept extends StaleFrom {
  alarm: Alarm | null
  /** A session has taken the routes up again. */
  back: boolean
  /** Next destination to look at; -1: nothing goes yet. */
  position: number
}

export class StaleRoutes {
  private readonly rib: Rib
  private readonly world: World
  private readonly took: () => void
  private readonly retire: (id: number) => void
  private kept: Kept[] = []

  /** `took` is called when routes have gone, `retire` when a peer id that no session has taken up again has none any more. */
  constructor(rib: Rib, world: World, took: () => void, retire: (id: number) => void) {
    this.rib = rib
    this.world = world
    this.took = took
    this.retire = retire
  }

  /** Of whom routes are stale. */
  get all(): readonly StaleFrom[] {
    return this.kept
  }

  /** From now on the routes of a peer id are stale, for `ms` at most. Who comes and goes without telling all does not get more time by that. */
  keep(domain: string, peer: string, id: number, ms: number): void {
    this.rib.markStale(id)
    const before = this.kept.find((one) => one.id === id && one.position < 0)
    if (before !== undefined) {
      before.back = false
      return
    }
    this.kept = this.kept.filter((one) => one.id !== id)
    const kept: Kept = { domain, peer, id, deadline: this.world.now() + ms, alarm: null, back: false, position: -1 }
    kept.alarm = this.world.after(ms, () => this.end(kept))
    this.kept.push(kept)
  }

  /** The peer id of the routes that a peer left behind, for the session that takes them up; null: it left none, or they are going. */
  takeUp(peer: string): number | null {
    const kept = this.kept.find((one) => one.peer === peer && !one.back && one.position < 0)
    if (kept === undefined) return null
    kept.back = true
    return kept.id
  }

  /** A domain has told all it has: what is still stale goes. */
  told(domain: string): void {
    for (const kept of this.kept) if (kept.domain === domain) this.end(kept)
  }

  /** Nothing of a domain stays. */
  drop(domain: string): void {
    for (const kept of this.kept) {
      if (kept.domain !== domain) continue
      kept.alarm?.cancel()
      kept.position = Number.POSITIVE_INFINITY
      if (!kept.back) this.retire(kept.id)
    }
    this.kept = this.kept.filter((one) => one.domain !== domain)
  }

  private end(kept: Kept): void {
    if (kept.position >= 0) return
    kept.alarm?.cancel()
    kept.position = 0
    this.goOn(kept)
  }

  private goOn(kept: Kept): void {
    if (!this.kept.includes(kept)) return
    kept.position = this.rib.dropStale(kept.id, kept.position, LOOKS_AT_ONCE, ROUTES_AT_ONCE)
    this.took()
    if (kept.position >= 0) {
      this.world.after(GO_MS, () => this.goOn(kept))
      return
    }
    this.kept = this.kept.filter((one) => one !== kept)
    if (!kept.back) this.retire(kept.id)
  }
}
