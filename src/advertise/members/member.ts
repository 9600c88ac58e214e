import type { Bitmap } from '../../bytes/bitmap.ts'
import type { Piece } from '../packing/update-writer.ts'

/** How fast a member may be told. */
export interface Pace {
  /** Routes that may be told now; less than 1: none. Without a limit infinite. */
  readonly left: number
  /** So many routes, announced or withdrawn, are told: more than are left, when they come in one batch. */
  take(routes: number): void
  /** As many more may be told all the same. */
  exceed(routes: number): void
  /** Routes that were told all the same. */
  readonly exceeded: number
}

/** Where a member's octets go. */
export interface MemberLink {
  /** Takes octets for sending, `messages` whole messages; they never change afterwards. */
  write(octets: Uint8Array, messages: number): void
  /** Octets taken and not yet handed to the operating system. */
  readonly pending: number
  /** null: as fast as it takes it. */
  readonly pace: Pace | null
}

/** What is said when a full walk for a member is done. */
export type WalkEnd = 'end-of-rib' | 'end-of-refresh' | 'nothing'

/** A walk over the whole RIB for one member, in company of others: from `start` round to `start` again. */
export interface Walk {
  readonly start: number
  wrapped: boolean
  readonly end: WalkEnd
}

/**
 * One peer of an update group. It is *live* (gets every batch as it is written), or *behind* (its link is full: it gets nothing, and the
 * destinations it misses are marked; when the link has drained it gets their state of that moment, not their history). One that is told at a pace is behind, too, while
 * more changes than that.
 */
export class Member {
  readonly peer: number
  readonly link: MemberLink
  /** Walks under way: the first advertisement, answers to ROUTE-REFRESH. */
  walks: Walk[] = []
  /** Destinations to tell again, when behind; else null. */
  missed: Bitmap | null = null
  /** Of these it cannot have heard, because it fell behind while being told of the table for the first time; null: of any it may have. */
  unheard: Bitmap | null = null
  /** It is behind because it comes from another group, and it is not clear yet what to tell it. */
  held = false
  /** Ends owed when a member that was walking has fallen behind. */
  owed: WalkEnd[] = []
  /** Times it has fallen behind. */
  lapses = 0

  constructor(peer: number, link: MemberLink) {
    this.peer = peer
    this.link = link
  }

  /** Hands over a piece, without the segments that came from this peer. */
  send({ octets, sources, ends, messages }: Piece): void {
    let from = 0
    let runFrom = 0
    let count = 0
    for (let i = 0; i < ends.length; i++) {
      if (sources[i] === this.peer) {
        if (from > runFrom) this.link.write(octets.subarray(runFrom, from), count)
        runFrom = ends[i]!
        count = 0
      } else count += messages[i]!
      from = ends[i]!
    }
    if (runFrom === 0) this.link.write(octets, count)
    else if (from > runFrom) this.link.write(octets.subarray(runFrom, from), count)
  }
}
