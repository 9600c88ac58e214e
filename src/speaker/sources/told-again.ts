/**
 * Peers that tell all they have again, between the begin and the end of a route refresh (BoRR, EoRR, RFC 7313 §4.2): what was not among it they have no more, and it
 * goes at a pace that nobody notices. A peer that never says the end keeps what it has told.
 */
import type { Rib } from '../../rib/rib.ts'
import { sameFamily } from '../../wire/negotiated.ts'
import { RefreshSubtype, type RouteRefresh } from '../../wire/route-refresh.ts'
import type { World } from '../world.ts'
import type { Attachment } from './attachment.ts'
import { GO_MS, LOOKS_AT_ONCE, ROUTES_AT_ONCE } from './leaving-pace.ts'
import type { Sources } from './sources.ts'

interface Round {
  ended: boolean
}

export class ToldAgain {
  private readonly rib: Rib
  private readonly sources: Sources
  private readonly world: World
  private readonly took: () => void
  private readonly rounds = new WeakMap<Attachment, Round>()

  /** `took` is called when routes may have gone. */
  constructor(rib: Rib, sources: Sources, world: World, took: () => void) {
    this.rib = rib
    this.sources = sources
    this.world = world
    this.took = took
  }

  /** Takes a ROUTE-REFRESH; what is neither begin nor end is none of its business. */
  hear(from: Attachment, refresh: RouteRefresh): void {
    // Before it has told all for the first time, it could not tell it again.
    if (!from.agreed.enhancedRouteRefresh || !from.told || !sameFamily(refresh, this.rib.family)) return
    if (refresh.subtype === RefreshSubtype.begin) {
      // One that begins anew takes what is still to go with it.
      this.rounds.set(from, { ended: false })
      this.rib.markUnheard(from.inbound.peer)
      return
    }
    const round = this.rounds.get(from)
    if (refresh.subtype !== RefreshSubtype.end || round === undefined || round.ended) return
    round.ended = true
    this.drop(from, round, 0)
  }

  private drop(from: Attachment, round: Round, position: number): void {
    const id = from.inbound.peer
    if (this.rounds.get(from) !== round || this.sources.attachments[id] !== from) return
    const next = this.rib.dropUnheard(id, position, LOOKS_AT_ONCE, ROUTES_AT_ONCE)
    this.took()
    if (next < 0) this.rounds.delete(from)
    else this.world.after(GO_MS, () => this.drop(from, round, next))
  }
}
