/** Who is in an update group: members that come, go, or move to another group, that walk over the whole table, and that fall behind. */
import type { Laggards } from './laggards.ts'
import { Member, type MemberLink, type WalkEnd } from './member.ts'
import type { SharedWalk } from './shared-walk.ts'

/** Members that are leaving for another group (`move.ts`). */
export interface Departure {
  /** A destination changes. `source`: the peer whose route the group had told of it; -1: it had told none. */
  changed(dest: number, source: number): void
}

export class Roster {
  readonly all: Member[] = []
  readonly departures: Departure[] = []
  readonly walking: SharedWalk
  readonly laggards: Laggards
  private readonly byPeer: (Member | undefined)[] = []

  constructor(walking: SharedWalk, laggards: Laggards) {
    this.walking = walking
    this.laggards = laggards
  }

  /** The member with this peer id, if the peer is one. */
  of(peer: number): Member | undefined {
    return this.byPeer[peer]
  }

  /** Whether nobody is in the group, or on the way out of it. */
  get empty(): boolean {
    return this.all.length === 0 && this.departures.length === 0
  }

  /** Whether members walk or are behind. */
  get busy(): boolean {
    return this.walking.busy || this.laggards.any
  }

  /** Whether one of those has room to be told more. */
  get ready(): boolean {
    return this.walking.ready(this.all) || this.laggards.ready
  }

  /** A peer joins and is told the whole table, then `end`. */
  join(peer: number, link: MemberLink, end: WalkEnd): Member {
    const member = new Member(peer, link)
    this.add(member)
    this.walk(member, end)
    return member
  }

  leave(member: Member): void {
    this.remove(member)
    member.walks = []
    this.laggards.drop(member)
    this.walking.left(this.all)
  }

  /** Hands a member over to another group, together with what it has still to be told. */
  surrender(member: Member): void {
    this.remove(member)
    this.laggards.surrender(member)
    this.walking.left(this.all)
  }

  /** Takes in a member that another group has surrendered. It is told nothing while it is `held`, and then what has been marked. */
  receive(member: Member): void {
    member.held = true
    this.add(member)
    this.laggards.receive(member)
  }

  /** Tells a member the whole table (again), then `end`. */
  walk(member: Member, end: WalkEnd): void {
    // A member with a pace does not share the walk of the others.
    if (member.missed === null && Number.isFinite(member.link.pace?.left ?? Number.POSITIVE_INFINITY)) this.laggards.fallBehind(member)
    if (member.missed === null) this.walking.join(member, end)
    else this.laggards.walk(member, end)
  }

  /** Goes on with the shared walk, up to `limit` destinations, if its members have room. Everything must be settled. */
  advanceWalk(limit: number): void {
    if (!this.walking.ready(this.all)) return
    this.walking.advance(this.all, limit)
    this.dropBehind()
  }

  /** Before a batch of so many changes: members whose pace does not allow all of them fall behind, and are told when it does. */
  keepPace(changes: number): void {
    let any = false
    for (const member of this.all) {
      const { missed, link } = member
      if (link.pace === null || missed !== null || link.pace.left >= changes) continue
      this.laggards.fallBehind(member)
      any = true
    }
    if (any) this.walking.left(this.all)
  }

  /** After writing: members whose links have become full fall behind. */
  dropBehind(): void {
    let any = false
    for (const member of this.all) if (this.laggards.takeIfFull(member)) any = true
    if (any) this.walking.left(this.all)
  }

  private add(member: Member): void {
    this.all.push(member)
    this.byPeer[member.peer] = member
  }

  private remove(member: Member): void {
    this.all.splice(this.all.indexOf(member), 1)
    this.byPeer[member.peer] = undefined
  }
}
