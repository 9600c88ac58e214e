import type { Bitmap } from '../../bytes/bitmap.ts'
import type { Piece } from '../packing/update-writer.ts'

/** How fast a member may be told. */
export interface Pace {
  /** Routes that may be told now; less than 1: none. Without a limit infinite. */
  readonly left: number
  /** Uses up so many routes, announced or withdrawn; more than are left, where they come in one batch. */
  take(routes: number): void
  /** Allows so many more than the pace does. */
  exceed(routes: number): void
  /** Routes that were allowed although the pace did not. */
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
 * One peer of an update group. It is *live* and gets every batch as it is written, or it is *behind*, because its link is full or its pace exceeded: then it gets
 * nothing, the destinations it misses are marked, and when it has room again it is told their state of that moment, not their history.
 */
export class Member {
  readonly peer: number
  readonly link: MemberLink
  /** Walks under way: the first advertisement, answers to ROUTE-REFRESH. */
  walks: Walk[] = []
  /** Destinations the member has still to be told, while it is behind; null: it is live. */
  missed: Bitmap | null = null
  /** Destinations the member cannot have been told, because it fell behind during its first walk; null: it may have been told any. */
  unheard: Bitmap | null = null
  /** The member comes from another group, and it is not known yet what it has to be told. */
  held = false
  /** What ends the walks that the member was on when it fell behind. */
  owed: WalkEnd[] = []
  /** Times the member has fallen behind because its link was full. */
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
